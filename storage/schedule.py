"""When each source is due: often where each look finds something new, daily at last where none does."""

import datetime as dt
from typing import Final

import sqlalchemy as sa

from storage.schema.crawl import sources

_FIRST, _SHORTEST, _LONGEST = dt.timedelta(hours=1), dt.timedelta(minutes=15), dt.timedelta(days=1)
_SOONER: Final = 0.7  # of the interval, after a look that found something new
_LATER: Final = 1.4  # after one that did not


def looked(connection: sa.Connection, name: str, *, found_new: bool, at: dt.datetime) -> dt.datetime:
    """Note a look at a source; when to look at it next."""
    seconds = connection.execute(sa.select(sources.c.interval_seconds).where(sources.c.id == name)).scalar()
    before = dt.timedelta(seconds=seconds) if seconds else _FIRST
    interval = min(max(before * (_SOONER if found_new else _LATER), _SHORTEST), _LONGEST)
    next_due = at + interval
    values = {"interval_seconds": int(interval.total_seconds()), "next_due": next_due}
    connection.execute(sa.update(sources).where(sources.c.id == name).values(**values))
    return next_due


def due(connection: sa.Connection, *, at: dt.datetime) -> set[str]:
    """The names of the enabled sources to look at now; one that was never looked at is not among them."""
    now = sources.c.enabled & (sources.c.next_due <= at)
    return set(connection.execute(sa.select(sources.c.id).where(now)).scalars())
