"""Alarms: what is wrong with a source, raised when two runs in a row say so, settled by one that does not."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from storage.ids import random_id
from storage.schema.crawl import alarms, runs

RAISED_AFTER: Final = 2
"""Runs in a row: one may be an accident of the day."""


@dataclass(frozen=True, kw_only=True)
class Concern:
    """What one run found wrong. ``what``: the start's address, the field's name, or nothing further."""

    kind: str  # run, start, pages, field, text, same, silent
    what: str
    reason: str


def note(
    connection: sa.Connection,
    source_id: str,
    concerns: Iterable[Concern],
    *,
    judged: Collection[tuple[str, str]],
    at: dt.datetime,
) -> list[Concern]:
    """Keep what a run found, and settle what it judged to be right again; the concerns raised by this run."""
    found = {(one.kind, one.what): one for one in concerns}
    known = {(row.kind, row.what): row for row in _lasting(connection, source_id)}
    raised = []
    for which, concern in found.items():
        before = known.get(which)
        times = before.times + 1 if before else 1
        values: dict[str, Any] = {"reason": concern.reason, "times": times, "last_at": at}
        if times == RAISED_AFTER:
            raised.append(concern)
            values["raised_at"] = at
        if before:
            connection.execute(sa.update(alarms).where(alarms.c.id == before.id).values(**values))
        else:
            who = {
                "id": random_id("alarm"),
                "source_id": source_id,
                "kind": concern.kind,
                "what": concern.what,
            }
            connection.execute(sa.insert(alarms).values(**who, **values, first_at=at))
    over = [row for which, row in known.items() if which in judged and which not in found]
    for row in over:
        _settle(connection, row, at)
    return raised


def raised(connection: sa.Connection) -> list[sa.Row[Any]]:
    """The alarms that last, newest first: ``source_id, kind, what, reason, times, first_at, raised_at``."""
    on = alarms.c.raised_at.is_not(None) & alarms.c.settled_at.is_(None)
    query = sa.select(alarms).where(on).order_by(alarms.c.raised_at.desc(), alarms.c.id)
    return list(connection.execute(query))


def history(connection: sa.Connection, source_id: str, *, most: int = 60) -> list[dict[str, Any]]:
    """What the source's last ended crawls saw, newest first: each with ``concerns``."""
    query = (
        sa.select(runs.c.detail)
        .where(runs.c.source_id == source_id, runs.c.kind == "crawl", runs.c.ended.is_not(None))
        .order_by(runs.c.started.desc(), runs.c.id)
        .limit(most)
    )
    rows = connection.execute(query)
    return [
        {**row.detail["seen"], "concerns": row.detail.get("concerns")}
        for row in rows
        if "seen" in (row.detail or {})
    ]


def lasting(connection: sa.Connection, source_id: str) -> set[tuple[str, str]]:
    """Kind and subject of whatever the source's last run found wrong."""
    return {(row.kind, row.what) for row in _lasting(connection, source_id)}


def _lasting(connection: sa.Connection, source_id: str) -> list[sa.Row[Any]]:
    query = sa.select(alarms).where(alarms.c.source_id == source_id, alarms.c.settled_at.is_(None))
    return list(connection.execute(query))


def _settle(connection: sa.Connection, row: sa.Row[Any], at: dt.datetime) -> None:
    """What was raised stays as history; what was seen once is forgotten."""
    this = alarms.c.id == row.id
    if row.raised_at is None:
        connection.execute(sa.delete(alarms).where(this))
    else:
        connection.execute(sa.update(alarms).where(this).values(settled_at=at))
