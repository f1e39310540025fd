"""Sources that went quiet: news sources that gave nothing new for far longer than they are used to."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive.reading.kept import Kept
from archive.reading.leads.shape import Asked, Cell, Found, Lead, Row, part
from archive.telling import day, london_day
from storage import alarms
from storage.schema.crawl import sources
from storage.schema.press import articles

_LOOKED_BACK: Final = dt.timedelta(days=120)
_TIMES: Final = 5
"""Silent for so many times its usual pause; a weekly paper is then silent for five weeks."""
_LEAST: Final = 7  # days: no paper is quiet before


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """A source, its last new story, its usual pause and its silence in days, and what a run found wrong."""

    source: str
    title: str
    last: dt.date | None
    usual: float | None
    silent: int | None
    reason: str | None


def quiet(connection: sa.Connection, today: dt.date) -> list[Quiet]:
    """Enabled news sources silent for too long, or found so by a run; the longest silence first."""
    alarmed = {row.source_id: row.reason for row in alarms.raised(connection) if row.kind == "silent"}
    query = sa.select(sources.c.id, sources.c.title).where(sources.c.kind == "news", sources.c.enabled)
    held = [_source(connection, row, today, alarmed.get(row.id)) for row in connection.execute(query).all()]
    kept = [one for one in held if one.reason or _too_long(one)]
    return sorted(kept, key=lambda one: (-(one.silent or 0), one.title))


def find(connection: sa.Connection, asked: Asked, kept: Kept) -> Found:
    """The longest silence first."""
    rows = kept.of(connection, ("quiet", asked.today), lambda held: list(_rows(held, asked.today)))
    return part(rows, asked)


def _source(
    connection: sa.Connection, source: sa.Row[*tuple[Any, ...]], today: dt.date, reason: str | None
) -> Quiet:
    its = articles.c.source_id == source.id
    last = connection.execute(sa.select(sa.func.max(articles.c.first_seen)).where(its)).scalar()
    if last is None:
        return Quiet(source=source.id, title=source.title, last=None, usual=None, silent=None, reason=reason)
    begun = last - _LOOKED_BACK
    counted = sa.select(sa.func.count(), sa.func.min(articles.c.first_seen)).where(
        its, articles.c.first_seen >= begun
    )
    count, first = connection.execute(counted).one()
    usual = (last - first).total_seconds() / 86_400 / (count - 1) if count > 1 else None
    newest = london_day(last)
    return Quiet(
        source=source.id,
        title=source.title,
        last=newest,
        usual=usual,
        silent=(today - newest).days,
        reason=reason,
    )


def _too_long(one: Quiet) -> bool:
    return one.silent is not None and one.usual is not None and one.silent > max(_LEAST, _TIMES * one.usual)


def _rows(connection: sa.Connection, today: dt.date) -> Iterator[Row]:
    for one in quiet(connection, today):
        yield (
            Cell(text=one.title),
            Cell(text=day(one.last)),
            Cell(text="–" if one.silent is None else str(one.silent), number=True),
            Cell(text="–" if one.usual is None else f"{one.usual:.1f}", number=True),
            Cell(text=one.reason or ""),
        )


LEAD: Final = Lead(
    name="quiet",
    title="Sources that went quiet",
    told=f"Enabled news sources that gave no new story for more than {_TIMES} times their usual pause"
    f" (of their last {_LOOKED_BACK.days} days) and more than {_LEAST} days, or of which two crawls"
    " in a row said so. A paper may have closed, or its spider may be broken.",
    columns=("Source", "Last new story", "Days silent", "Usual pause, days", "What the crawl found"),
    find=find,
)
