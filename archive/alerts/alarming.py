"""What the operator hears of unasked: sources that are not what they were, jobs that keep failing.

Each once while it lasts, orders that end once a week. Names and numbers only: no word of a source's pages.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from storage import alarms, jobs, orders, outbox
from storage.store import Store

_OFTEN: Final = 3  # failures in a row
_AGAIN: Final = dt.timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Concern:
    """Something to be told; ``since``: told after that, it is not told again."""

    id: str
    told: str
    since: dt.datetime


def alarm(store: Store, *, at: dt.datetime) -> bool:
    """Put what is new of it into the outbox, in one message; whether there was any."""
    with store.writing() as connection:
        fresh = [one for one in _concerns(connection, at) if not _is_told(connection, one)]
        items = [{"notice": one.told, "concern": one.id} for one in fresh]
        if items:
            outbox.put(connection, None, "notice", items, at=at, due=at)
    return bool(items)


def _concerns(connection: sa.Connection, at: dt.datetime) -> Iterator[Concern]:
    for one in alarms.raised(connection):
        told = f"The source {one.source_id} is not what it was: see /operator."
        yield Concern(id=one.source_id, told=told, since=one.raised_at)
    for job in jobs.listed(connection):
        if job.failures >= _OFTEN:
            told = f"The job {job.id} failed {job.failures} times in a row: see /operator/jobs."
            yield Concern(id=f"job {job.id}", told=told, since=at - _AGAIN)
    ending = sum(order.is_due(at.date()) for order in orders.listed(connection))
    if ending:
        told = f"Orders that end within two weeks, or have: {ending}. See /operator/orders."
        yield Concern(id="orders", told=told, since=at - _AGAIN)


def _is_told(connection: sa.Connection, concern: Concern) -> bool:
    told = outbox.notices(connection, since=concern.since)
    return any(item.get("concern") == concern.id for notice in told for item in notice.items)
