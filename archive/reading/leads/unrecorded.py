"""Stories without a record: read, and nothing in the registers asserted of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa

from archive.reading.kept import Kept
from archive.reading.leads.shape import EVERY, Asked, Cell, Choice, Found, Lead, Options, Row
from archive.telling import answer, published
from storage.batches import select_where_in
from storage.schema.links import links
from storage.schema.press import article_versions, articles

_WHY: Final[Options] = (
    ("not_in_register", "not in the registers held here"),
    ("several_fit", "several records fit"),
    ("too_little", "says too little"),
)
_WITHIN: Final[Options] = (
    ("all", "any time"),
    ("3", "the last three months"),
    ("12", "the last year"),
    ("36", "the last three years"),
)


def outlets(connection: sa.Connection) -> Options:
    """The outlets that have stories here."""
    column = articles.c.outlet
    query = sa.select(column).where(column.is_not(None), articles.c.restriction.is_(None))
    return [(name, name) for name in connection.scalars(query.distinct().order_by(column))]


def find(connection: sa.Connection, asked: Asked, kept: Kept) -> Found:
    """Newest story first; one line a mention that has no record."""
    name = ("unrecorded", *sorted(asked.chosen.items()), asked.since())
    ids = kept.of(connection, name, lambda held: _listed(held, asked))
    shown = ids[asked.lines]
    rows = {row["link_id"]: row for row in select_where_in(connection, _query(), links.c.id, shown)}
    return Found(total=len(ids), rows=[_row(rows[id_]) for id_ in shown if id_ in rows])


def _listed(connection: sa.Connection, asked: Asked) -> Sequence[str]:
    """The links of all lines, in order."""
    query = (
        sa.select(links.c.id)
        .join(articles, articles.c.id == links.c.article_id)
        .where(_where(asked))
        .order_by(articles.c.published.desc().nulls_last(), articles.c.id, links.c.mention)
    )
    return connection.scalars(query).all()


def _query() -> sa.Select[Any]:
    latest = (article_versions.c.article_id == articles.c.id) & (
        article_versions.c.number == articles.c.latest_version
    )
    columns = (articles.c.id, articles.c.outlet, articles.c.published, article_versions.c.title)
    return (
        sa.select(links.c.id.label("link_id"), *columns, links.c.answer)
        .join(articles, articles.c.id == links.c.article_id)
        .join(article_versions, latest)
        .where(articles.c.restriction.is_(None))
    )


def _where(asked: Asked) -> sa.ColumnElement[bool]:
    where = (
        (links.c.answer == asked.chosen["why"])
        & (links.c.status == "none")
        & links.c.rank.is_(None)
        & articles.c.restriction.is_(None)
    )
    if outlet := asked.chosen["outlet"]:
        where &= articles.c.outlet == outlet
    if since := asked.since():
        where &= articles.c.published >= since.isoformat()
    return where


def _row(row: Mapping[str, Any]) -> Row:
    outlet = row["outlet"] and f"/outlets/{quote(row['outlet'], safe='')}"
    return (
        Cell(text=row["title"] or "Untitled", link=f"/articles/{quote(row['id'], safe='')}"),
        Cell(text=row["outlet"] or "Unknown outlet", link=outlet),
        Cell(text=published(row["published"]), day=True),
        Cell(text=answer(row["answer"])),
    )


LEAD: Final = Lead(
    name="unrecorded",
    title="Stories without a record",
    told="Stories that describe a setting which no record held here was certain enough to be: a"
    " register may be missing, a home may be unregistered, or the story says too little.",
    columns=("Story", "Outlet", "Published", "Why"),
    choices=(
        Choice(name="why", title="Because", options=_WHY),
        Choice(name="within", title="Published in", options=_WITHIN),
        Choice(name="outlet", title="Outlet", options=EVERY, offered=outlets),
    ),
    find=find,
)
