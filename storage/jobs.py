"""What is to be done again and again: when each job is due, and that one scheduler does it at a time.

A scheduler takes a job by a lease: its row says who has it, until when, and a number that grows with each
taking, the fence. Whatever is written of the job afterwards names that number in the transaction that writes
it, so a scheduler that was halted, and whose job another took over meanwhile, wakes and writes nothing.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from storage.errors import NotFound
from storage.schema.crawl import sources
from storage.schema.jobs import jobs

Outcome = Literal["done", "failed", "stopped"]

LEASE: Final = dt.timedelta(seconds=90)
"""How long a job is its scheduler's after it was last heard of."""
_AGAIN: Final = dt.timedelta(minutes=5)  # after a first failure; then twice as long each time
_SOON: Final = dt.timedelta(seconds=15)  # the same where it was the server's
_SLACK: Final = dt.timedelta(minutes=1)  # two machines' clocks differ by less


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A job that is to be done every so often."""

    kind: str
    what: str | None = None
    every: dt.timedelta
    first: dt.timedelta = dt.timedelta(0)
    """After how long it is due for the first time."""

    @property
    def id(self) -> str:
        """What tells it from all others."""
        return f"{self.kind} {self.what}" if self.what else self.kind


@dataclass(frozen=True, kw_only=True)
class Held:
    """A job that this scheduler has taken; ``fence`` proves it."""

    id: str
    kind: str
    what: str | None
    fence: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job as a person is shown it."""

    id: str
    kind: str
    what: str | None
    interval_seconds: int
    due: dt.datetime
    held_by: str | None
    held_until: dt.datetime | None
    started: dt.datetime | None
    ended: dt.datetime | None
    outcome: str | None
    reason: str | None
    runs: int
    failures: int

    def is_running(self, at: dt.datetime) -> bool:
        """Whether a scheduler has it."""
        return self.held_until is not None and self.held_until >= at


def plan(connection: sa.Connection, planned: Iterable[Planned], *, at: dt.datetime) -> None:
    """Have exactly these jobs done from now on; one that is left out keeps its past."""
    rows = connection.execute(sa.select(jobs.c.id, jobs.c.interval_seconds))
    known = {row.id: row.interval_seconds for row in rows}
    wanted = {one.id: one for one in planned}
    connection.execute(sa.update(jobs).values(planned=jobs.c.id.in_(list(wanted))))
    for id_, one in wanted.items():
        seconds = int(one.every.total_seconds())
        if id_ not in known:
            row = {"id": id_, "kind": one.kind, "what": one.what, "interval_seconds": seconds}
            connection.execute(sa.insert(jobs).values(**row, due=at + one.first))
        elif known[id_] != seconds:
            connection.execute(sa.update(jobs).where(jobs.c.id == id_).values(interval_seconds=seconds))
    _as_its_source_says(connection)


def mend(connection: sa.Connection, *, at: dt.datetime) -> None:
    """Bring back what a clock that was wrong put out of reach.

    Nothing is due later than its interval from now, was begun in the future, or is held beyond a lease:
    what is, is due now, once.
    """
    for row in connection.execute(sa.select(jobs)).all():
        latest = at + dt.timedelta(seconds=row.interval_seconds) + _SLACK
        values: dict[str, Any] = {}
        if row.due > latest or (row.started is not None and row.started > at + _SLACK):
            values |= {"due": at, "started": None}
        if row.held_until is not None and row.held_until > at + LEASE + _SLACK:
            values["held_until"] = at + LEASE
        if values:
            connection.execute(sa.update(jobs).where(jobs.c.id == row.id).values(**values))


def set_back(connection: sa.Connection, by: dt.timedelta, *, at: dt.datetime) -> None:
    """The clock went back by so much: all that was told by it did too, and nothing is due before now."""
    for row in connection.execute(sa.select(jobs)).all():
        moments = {"due": row.due, "started": row.started, "ended": row.ended}
        ahead = {name: moment - by for name, moment in moments.items() if moment is not None and moment > at}
        if "due" in ahead:
            ahead["due"] = max(ahead["due"], at)
        if ahead:
            connection.execute(sa.update(jobs).where(jobs.c.id == row.id).values(**ahead))


def next_due(connection: sa.Connection) -> dt.datetime | None:
    """When a job is due next that nobody has; None where there is none."""
    free = sa.select(sa.func.min(jobs.c.due)).where(jobs.c.planned, jobs.c.held_by.is_(None))
    held = sa.select(sa.func.min(jobs.c.held_until)).where(jobs.c.planned, jobs.c.held_by.is_not(None))
    moments = [moment for query in (free, held) if (moment := connection.scalar(query)) is not None]
    return min(moments, default=None)


def take(
    connection: sa.Connection,
    holder: str,
    *,
    at: dt.datetime,
    limit: int,
    among: Collection[str],
    trusting: bool = True,
) -> list[Held]:
    """Take jobs that are due ``among`` those named, those due longest first.

    A job whose scheduler was not heard of for a lease is taken over, unless the clock is not to be trusted.
    """
    taken = []
    for row in connection.execute(_free(at, among, trusting=trusting).limit(limit)).all():
        held = Held(id=row.id, kind=row.kind, what=row.what, fence=row.fence + 1)
        values = {"fence": held.fence, "held_by": holder, "held_until": at + LEASE, "started": at}
        connection.execute(sa.update(jobs).where(jobs.c.id == row.id).values(**values))
        taken.append(held)
    return taken


def waiting(connection: sa.Connection, *, at: dt.datetime, among: Collection[str]) -> list[Job]:
    """What could be taken now ``among`` those named, those due longest first."""
    free = {row.id for row in connection.execute(_free(at, among, trusting=True))}
    return [one for one in listed(connection) if one.id in free]


def release(connection: sa.Connection, holder: str, *, at: dt.datetime) -> None:
    """End the lease of a scheduler that is known to be gone: what it has may be taken over now."""
    connection.execute(sa.update(jobs).where(jobs.c.held_by == holder).values(held_until=at - _SLACK))


def renew(connection: sa.Connection, held: Held, *, at: dt.datetime) -> bool:
    """Keep a job for another lease; False where it is another's by now."""
    return _write(connection, held, held_until=at + LEASE)


def finish(
    connection: sa.Connection,
    held: Held,
    outcome: Outcome,
    *,
    at: dt.datetime,
    reason: str | None = None,
    soon: bool = False,
) -> bool:
    """Write down how a job ended, and when it is due again; False, and nothing, where it is another's by now.

    What was missed is done once, not once an interval: the next time counts from now. ``soon``: it failed as
    the server was away, and is tried again in seconds instead of minutes.
    """
    row = connection.execute(sa.select(jobs).where(jobs.c.id == held.id)).one()
    failures = row.failures + 1 if outcome == "failed" else 0 if outcome == "done" else row.failures
    return _write(
        connection,
        held,
        held_by=None,
        held_until=None,
        ended=at,
        outcome=outcome,
        reason=reason,
        runs=jobs.c.runs + int(outcome != "stopped"),
        failures=failures,
        due=_due(connection, row, outcome, failures, at, again=_SOON if soon else _AGAIN),
    )


def hasten(connection: sa.Connection, id_: str, *, at: dt.datetime) -> None:
    """Have a job done now; NotFound. One that is being done is done again afterwards."""
    found = sa.update(jobs).where(jobs.c.id == id_, jobs.c.planned)
    if not connection.execute(found.values(due=at)).rowcount:
        raise NotFound(f"there is no job {id_[:60]!r}")


def listed(connection: sa.Connection) -> list[Job]:
    """Every job that is planned, that due first before others."""
    columns = [jobs.c[name] for name in Job.__dataclass_fields__]
    query = sa.select(*columns).where(jobs.c.planned).order_by(jobs.c.due, jobs.c.id)
    return [Job(**row._mapping) for row in connection.execute(query)]


def _free(at: dt.datetime, among: Collection[str], *, trusting: bool) -> sa.Select[Any]:
    free: sa.ColumnElement[bool] = jobs.c.held_by.is_(None)
    if trusting:
        free |= jobs.c.held_until < at
    return (
        sa.select(jobs.c.id, jobs.c.kind, jobs.c.what, jobs.c.fence)
        .where(jobs.c.planned, jobs.c.due <= at, free, jobs.c.id.in_(list(among)))
        .order_by(jobs.c.due, jobs.c.id)
    )


def _write(connection: sa.Connection, held: Held, **values: Any) -> bool:
    still = (jobs.c.id == held.id) & (jobs.c.fence == held.fence)
    return bool(connection.execute(sa.update(jobs).where(still).values(**values)).rowcount)


def _due(
    connection: sa.Connection,
    row: sa.Row[Any],
    outcome: Outcome,
    failures: int,
    at: dt.datetime,
    *,
    again: dt.timedelta,
) -> dt.datetime:
    interval = dt.timedelta(seconds=row.interval_seconds)
    if outcome == "stopped":
        return at
    if outcome == "failed":
        later: dt.timedelta = again * 2 ** min(failures - 1, 16)
        return at + min(interval, later)
    if row.started is not None and row.due > row.started:  # somebody asked for it meanwhile
        return at
    due: dt.datetime = at + interval
    if row.kind == "crawl":
        asked = sa.select(sources.c.next_due).where(sources.c.id == row.what)
        said: dt.datetime | None = connection.scalar(asked)
        if said is not None and at < said < due:
            return said
    return due


def _as_its_source_says(connection: sa.Connection) -> None:
    """An operator may have made a source due since it was last crawled."""
    sooner = (
        sa.select(jobs.c.id, sources.c.next_due)
        .join(sources, sources.c.id == jobs.c.what)
        .where(jobs.c.kind == "crawl", sources.c.next_due < jobs.c.due)
        .where(jobs.c.ended.is_(None) | (sources.c.next_due > jobs.c.ended))
    )
    for row in connection.execute(sooner).all():
        connection.execute(sa.update(jobs).where(jobs.c.id == row.id).values(due=row.next_due))
