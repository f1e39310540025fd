"""What the operator hears of unasked: sources that are not what they were, failing jobs, what is unsound.

Each once while it lasts, orders that end once a week. Names and numbers only: no word of a source's pages.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from storage import alarms, jobs, orders, outbox
from storage.health import Finding
from storage.store import Store

_OFTEN: Final = 3  # failures in a row
_AGAIN: Final = dt.timedelta(days=7)
_DOCTOR: Final = "doctor "
_EVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


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


def tell(store: Store, found: Sequence[Finding], *, at: dt.datetime) -> int:
    """Put what the doctor found, and had not found before, into the outbox in one message; how much it was.

    What was wrong and is no more is told too, once; a mere note comes and goes unsaid after it was told.
    """
    bad = {_concern_of(one): one for one in found if one.todo and not one.alarmed}
    with store.writing() as connection:
        before = _diagnosed(connection)
        items: list[dict[str, str]] = [
            {"notice": f"The doctor says of {one.check}: {one.todo}.", "concern": name, "state": one.state}
            for name, one in bad.items()
            if before.get(name, "over") == "over"
        ]
        for name in before.keys() - bad.keys():
            if before[name] == "wrong":
                check = name.removeprefix(_DOCTOR).partition(":")[0]
                told = f"The doctor finds no more of what was wrong with {check}."
                items.append({"notice": told, "concern": name, "state": "over"})
        if items:
            outbox.put(connection, None, "notice", items, at=at, due=at)
    return len(items)


def _concern_of(finding: Finding) -> str:
    """By what is to be done: unlike what is told, it holds no figure that moves from day to day."""
    return f"{_DOCTOR}{finding.check}: {finding.todo}"


def _diagnosed(connection: sa.Connection) -> dict[str, str]:
    """What the operator heard last of each finding: ``wrong``, ``note`` or ``over``."""
    told = outbox.notices(connection, since=_EVER)
    items = (item for notice in sorted(told, key=lambda one: one.seq) for item in notice.items)
    return {item["concern"]: item["state"] for item in items if item.get("concern", "").startswith(_DOCTOR)}


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
