"""How the sources fare: the last run beside what they usually give, alarms, and what waits to be fetched."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import sqlalchemy as sa

from storage import alarms
from storage.schema.crawl import frontier, runs, sources

_USUAL: Final = dt.timedelta(days=14)
_FINE: Final = frozenset({"done", "unchanged"})
_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """A run with its counts; ``blocked_by``: outcomes that gave nothing, and how many pages met each."""

    id: str
    kind: str
    source_id: str | None
    started: dt.datetime
    ended: dt.datetime | None
    outcome: str | None
    fetched: int
    stored: int
    duplicate: int
    refused: int
    failed: int
    detail: Mapping[str, Any]

    @property
    def adds_up(self) -> bool:
        """Whether what was fetched is what became of it."""
        return self.fetched == self.stored + self.duplicate + self.refused + self.failed

    @property
    def blocked_by(self) -> dict[str, int]:
        """What kept pages from being kept."""
        outcomes = self.detail.get("outcomes") or {}
        return {name.replace("_", " "): number for name, number in outcomes.items() if name not in _FINE}


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    """A source; ``usual``: the median of what its runs of the last two weeks fetched and stored."""

    id: str
    title: str
    kind: str
    enabled: bool
    next_due: dt.datetime | None
    waiting: int
    last: RunLine | None
    usual: tuple[float, float] | None
    alarms: tuple[_Row, ...]


def source_lines(connection: sa.Connection, *, at: dt.datetime) -> list[SourceLine]:
    """Every source: those with alarms first, then by when they are due."""
    recent = _recent(connection, at - _USUAL)
    ringing = defaultdict(list)
    for alarm in alarms.raised(connection):
        ringing[alarm.source_id].append(alarm)
    due = (frontier.c.source_id == sources.c.id) & (frontier.c.state == "waiting") & (frontier.c.due <= at)
    waiting = sa.select(sa.func.count()).where(due).scalar_subquery().label("waiting")
    columns = (sources.c.id, sources.c.title, sources.c.kind, sources.c.enabled, sources.c.next_due, waiting)
    lines = [
        SourceLine(
            **row._mapping,
            last=recent[row.id][0] if row.id in recent else _last(connection, row.id),
            usual=_usual(recent.get(row.id, [])),
            alarms=tuple(ringing.get(row.id, ())),
        )
        for row in connection.execute(sa.select(*columns))
    ]
    never = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(lines, key=lambda one: (not one.alarms, not one.enabled, one.next_due or never, one.id))


def run_lines(
    connection: sa.Connection,
    *,
    source: str | None = None,
    before: dt.datetime | None = None,
    limit: int = 50,
) -> list[RunLine]:
    """Runs, the newest first; ``before`` for the next page."""
    query = _runs().order_by(runs.c.started.desc(), runs.c.id).limit(limit)
    if source is not None:
        query = query.where(runs.c.source_id == source)
    if before is not None:
        query = query.where(runs.c.started < before)
    return [_line(row) for row in connection.execute(query)]


def _recent(connection: sa.Connection, since: dt.datetime) -> dict[str, list[RunLine]]:
    query = _runs().where(runs.c.started >= since, runs.c.kind == "crawl", runs.c.source_id.is_not(None))
    found: dict[str, list[RunLine]] = defaultdict(list)
    for row in connection.execute(query.order_by(runs.c.started.desc(), runs.c.id)):
        found[row.source_id].append(_line(row))
    return dict(found)


def _last(connection: sa.Connection, source: str) -> RunLine | None:
    crawled = (runs.c.source_id == source) & (runs.c.kind == "crawl")
    row = connection.execute(_runs().where(crawled).order_by(runs.c.started.desc()).limit(1)).first()
    return _line(row) if row else None


def _usual(lines: list[RunLine]) -> tuple[float, float] | None:
    ended = [line for line in lines if line.ended]
    if not ended:
        return None
    return median(line.fetched for line in ended), median(line.stored for line in ended)


def _runs() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*(runs.c[name] for name in RunLine.__dataclass_fields__))


def _line(row: _Row) -> RunLine:
    return RunLine(**{**row._mapping, "detail": row.detail or {}})
