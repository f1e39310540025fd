"""What the archive asserted, when, and when it took it back: one append-only log that all outlets read.

Feeds, exports since a cursor, the API's lists of changes and alerts follow it by ``seq``. ``follow`` is
called last in every transaction that may have changed what is asserted: it compares what stands of an
article with the newest word of the log, and appends what is different. So a relink that says the same
leaves no row, and a row is kept or lost together with what it tells of.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

import sqlalchemy as sa

from storage.batches import batches, select_where_in
from storage.schema.assertions import assertions
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import settings
from storage.schema.work import corrections

Event = Literal[
    "asserted",
    "changed",  # to another record, level or owner; or a person's word was taken back, and it still stands
    "confirmed",  # by a person, as it stood
    "suppressed",  # from public view only, since somebody reported a mistake
    "released",  # to public view again
    "regrouped",  # by people: it stands as before, as a copy of another story or of none (storage.retold)
    "withdrawn",
    "restricted",  # the article is, by an order
    "restored",  # the order was lifted
    "erased",  # the article was taken down: its rows keep ids, moments and which outlets told of it
]
ENDED: Final = frozenset({"withdrawn", "restricted", "erased"})
"""Events after which nothing is asserted of the mention."""
_TARGET: Final = ("level", "inspection_id", "setting_id", "provider_id")
_ERASED: Final[dict[str, None]] = dict.fromkeys(("level", "probability"))

OWNER_ID: Final = sa.func.coalesce(inspections.c.provider_id, links.c.provider_id, settings.c.provider_id)
"""The owner an assertion reaches, in a query that joins its inspection and setting: that of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One row of the log: the event, and what was asserted once it had happened.

    After an end (``ENDED``) it is what had been asserted. The ids may name what is there no longer.
    ``suppressed`` bears on the public alone. After ``erased`` there is no level and no probability; the
    authority and the flags stay, by which it is known where the end has to be told.
    """

    seq: int
    at: dt.datetime
    article_id: str
    mention: int
    story: str | None
    event: Event
    level: str | None
    inspection_id: str | None
    setting_id: str | None
    provider_id: str | None
    authority: str | None
    probability: float | None
    confirmed: bool | None
    suppressed: bool | None
    link_id: str | None
    model_id: str | None

    @property
    def stands(self) -> bool:
        """Whether the mention is linked to something after it."""
        return self.event not in ENDED


COLUMNS: Final = [assertions.c[field.name] for field in fields(Assertion)]


def follow(connection: sa.Connection, article_ids: Iterable[str], at: dt.datetime) -> int:
    """Append how what these articles' mentions are linked to differs from the log; how many rows."""
    written = 0
    for ids in batches(dict.fromkeys(article_ids)):
        restriction = _restrictions(connection, ids)
        erased = [id_ for id_, why in restriction.items() if why == "taken down"]
        if erased:
            of_these = assertions.c.article_id.in_(erased)
            connection.execute(sa.update(assertions).where(of_these).values(_ERASED))
        before, now = _last(connection, ids), _standing(connection, ids)
        rows = [
            told | {"at": at}
            for key in sorted({*before, *now})
            if (told := _told(before.get(key), now.get(key), restriction.get(key[0])))
        ]
        if rows:
            connection.execute(sa.insert(assertions), rows)
        written += len(rows)
    return written


def follow_owners(connection: sa.Connection, provider_ids: Iterable[str], at: dt.datetime) -> int:
    """As ``follow``, for everything that was asserted of these providers' settings."""
    of_these = assertions.c.provider_id.in_(list(provider_ids))
    touched = sa.select(assertions.c.article_id).where(of_these).distinct()
    return follow(connection, connection.scalars(touched).all(), at)


def since(connection: sa.Connection, seq: int, *, limit: int | None = None) -> list[Assertion]:
    """What came after ``seq``, oldest first, at most ``limit``."""
    query = sa.select(*COLUMNS).where(assertions.c.seq > seq).order_by(assertions.c.seq)
    return [Assertion(**row._mapping) for row in connection.execute(query.limit(limit))]


def of_article(connection: sa.Connection, article_id: str) -> list[Assertion]:
    """Everything that was asserted of the article, oldest first."""
    query = sa.select(*COLUMNS).where(assertions.c.article_id == article_id).order_by(assertions.c.seq)
    return [Assertion(**row._mapping) for row in connection.execute(query)]


def last(connection: sa.Connection) -> int:
    """The newest number, a cursor for who begins to follow; 0 where nothing was ever asserted."""
    newest: int | None = connection.execute(sa.select(sa.func.max(assertions.c.seq))).scalar_one()
    return newest or 0


def in_doubt() -> sa.ColumnElement[bool]:
    """In a query on ``links``: whether somebody's report keeps the link from public view."""
    return (
        sa.select(corrections.c.id)
        .where(
            corrections.c.article_id == links.c.article_id,
            sa.or_(corrections.c.mention.is_(None), corrections.c.mention == links.c.mention),
            corrections.c.suppressed,
            # A link decided anew after the correction was answered is another assertion.
            sa.or_(corrections.c.decided_at.is_(None), links.c.decided_at <= corrections.c.decided_at),
        )
        .exists()
    )


_Key = tuple[str, int]
_Row = Mapping[str, Any]


def _restrictions(connection: sa.Connection, ids: list[str]) -> dict[str, str | None]:
    query = sa.select(articles.c.id, articles.c.restriction).where(articles.c.id.in_(ids))
    return {row.id: row.restriction for row in connection.execute(query)}


def _last(connection: sa.Connection, ids: list[str]) -> dict[_Key, _Row]:
    """The newest row of each mention."""
    query = sa.select(assertions).order_by(assertions.c.seq)
    return {
        (row["article_id"], row["mention"]): row
        for row in select_where_in(connection, query, assertions.c.article_id, ids)
    }


def _standing(connection: sa.Connection, ids: list[str]) -> dict[_Key, _Row]:
    """What is asserted now, as rows of the log without an event."""
    query = (
        sa.select(
            *(links.c[name] for name in ("article_id", "mention", "level", "inspection_id", "setting_id")),
            *(links.c[name] for name in ("probability", "confirmed", "model_id")),
            links.c.id.label("link_id"),
            OWNER_ID.label("provider_id"),
            settings.c.local_authority.label("authority"),
            articles.c.story_id.label("story"),
            in_doubt().label("suppressed"),
        )
        .join(articles, articles.c.id == links.c.article_id)
        .outerjoin(inspections, inspections.c.id == links.c.inspection_id)
        .outerjoin(settings, settings.c.id == links.c.setting_id)
        .where(links.c.rank.is_(None), links.c.status == "linked", articles.c.restriction.is_(None))
    )
    rows = select_where_in(connection, query, links.c.article_id, ids)
    return {(row["article_id"], row["mention"]): row for row in rows}


def _told(before: _Row | None, now: _Row | None, restriction: str | None) -> dict[str, Any] | None:
    """The row to append; None where the log says so already."""
    if now is None:
        return _ended(before, restriction) if before else None
    event = _event(before, now)
    return dict(now) | {"event": event} if event else None


def _ended(before: _Row, restriction: str | None) -> dict[str, Any] | None:
    if restriction == "taken down":
        event = "erased"  # whatever it said last: who keeps it is to erase it too
    elif before["event"] in ENDED:
        return None
    else:
        event = "restricted" if restriction else "withdrawn"
    if event == before["event"]:
        return None
    kept = {name: value for name, value in before.items() if name != "seq"}
    return kept | {"event": event}


def _event(before: _Row | None, now: _Row) -> Event | None:
    if before is None or before["event"] in ("withdrawn", "erased"):
        return "asserted"
    if before["event"] == "restricted":
        return "restored"
    if any(before[name] != now[name] for name in _TARGET):
        return "changed"
    if before["confirmed"] != now["confirmed"]:
        return "confirmed" if now["confirmed"] else "changed"
    if before["suppressed"] != now["suppressed"]:
        return "suppressed" if now["suppressed"] else "released"
    return None
