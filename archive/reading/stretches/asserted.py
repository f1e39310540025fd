"""The log of what was asserted as an outsider may follow it: of what is held back it tells the end alone."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Final

import sqlalchemy as sa

from storage import assertions
from storage.assertions import ENDED, Assertion
from storage.batches import select_where_in
from storage.schema.press import articles

GONE: Final = "gone"
_UNTOLD: Final = frozenset({"suppressed", "released", "regrouped"})
"""What bears on the public view or on stories alone: nothing that is asserted changes by it."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event of the log; of what is gone, whatever the cause, the article and the mention alone."""

    event: str
    at: dt.datetime
    article_id: str
    mention: int
    level: str | None = None
    inspection_id: str | None = None
    setting_id: str | None = None
    provider_id: str | None = None
    authority: str | None = None
    probability: float | None = None
    confirmed: bool | None = None
    link_id: str | None = None


_FIELDS: Final = [field.name for field in fields(Told)]


def asserted(connection: sa.Connection, after: int, *, limit: int) -> tuple[list[Told], int]:
    """What was asserted and taken back after a number of the log, oldest first; and the last number."""
    rows = assertions.since(connection, after, limit=limit)
    readable = sa.select(articles.c.id).where(articles.c.restriction.is_(None))
    here = {
        row["id"]
        for row in select_where_in(connection, readable, articles.c.id, [row.article_id for row in rows])
    }
    told = [_told(row, here=row.article_id in here) for row in rows if row.event not in _UNTOLD]
    return told, rows[-1].seq if rows else after


def _told(row: Assertion, *, here: bool) -> Told:
    if here and row.event not in ENDED:
        return Told(**{name: getattr(row, name) for name in _FIELDS})
    return Told(event=GONE, at=row.at, article_id=row.article_id, mention=row.mention)
