"""An article's links while it is restricted: out of the tables that everybody reads, kept to be put back."""

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from storage import links as linking
from storage.schema.inspections import inspections
from storage.schema.links import link_evidence, links, models
from storage.schema.press import articles
from storage.schema.registers import providers, settings
from storage.schema.stories import (
    link_origins,
    story_bands,
    story_facts,
    story_pairs,
    story_sketches,
)

_REFERS: Final[dict[str, sa.Table]] = {
    "inspection_id": inspections,
    "setting_id": settings,
    "provider_id": providers,
    "model_id": models,
}
_MOMENTS: Final = ("decided_at", "withdrawn_at")


def article(connection: sa.Connection, article_id: str) -> dict[str, Any] | None:
    """Take the article out of links, evidence and its story; what was there, as JSON, None for nothing."""
    own = links.c.article_id == article_id
    rows = [dict(row) for row in connection.execute(sa.select(links).where(own)).mappings()]
    ids = [row["id"] for row in rows]
    evidence = _rows(connection, link_evidence, link_evidence.c.link_id.in_(ids))
    origins = _rows(
        connection,
        link_origins,
        link_origins.c.link_id.in_(ids) | (link_origins.c.article_id == article_id),
    )
    for row in rows:
        row |= {name: row[name] and row[name].isoformat() for name in _MOMENTS}
    connection.execute(
        sa.delete(link_origins).where(
            link_origins.c.link_id.in_(ids) | (link_origins.c.article_id == article_id)
        )
    )
    connection.execute(sa.delete(link_evidence).where(link_evidence.c.link_id.in_(ids)))
    connection.execute(sa.delete(links).where(own))
    _leave_the_story(connection, article_id)
    return {"links": rows, "evidence": evidence, "origins": origins} if rows or origins else None


def put_back(connection: sa.Connection, article_id: str, held: dict[str, Any]) -> None:
    """Give the article its links again, but for those whose record has gone; it is linked anew then."""
    kept: set[str] = set()
    for row in held.get("links", ()):
        if all(_is_there(connection, table, row[name]) for name, table in _REFERS.items()):
            values = row | {name: row[name] and dt.datetime.fromisoformat(row[name]) for name in _MOMENTS}
            connection.execute(sa.insert(links).values(**values))
            kept.add(row["id"])
    evidence = [row for row in held.get("evidence", ()) if row["link_id"] in kept]
    if evidence:
        connection.execute(sa.insert(link_evidence), evidence)
    for row in held.get("origins", ()):
        if _is_there(connection, links, row["link_id"]) and _is_there(
            connection, articles, row["article_id"]
        ):
            connection.execute(sa.insert(link_origins).values(**row))
    linking.unsettle(connection, [article_id])


def _leave_the_story(connection: sa.Connection, article_id: str) -> None:
    """Its likeness to others goes too: it is compared anew when the order is lifted."""
    for table in (story_sketches, story_bands, story_pairs, story_facts):
        connection.execute(sa.delete(table).where(table.c.article_id == article_id))
    connection.execute(sa.delete(story_pairs).where(story_pairs.c.other_id == article_id))
    this = articles.c.id == article_id
    story = connection.execute(sa.select(articles.c.story_id).where(this)).scalar()
    connection.execute(sa.update(articles).where(this).values(story_id=None))
    if story is not None:
        left = connection.scalars(sa.select(articles.c.id).where(articles.c.story_id == story)).all()
        if len(left) == 1:  # one article is no story, and must not show that there was another
            alone = articles.c.id == left[0]
            connection.execute(sa.update(articles).where(alone).values(story_id=None))
            connection.execute(sa.delete(story_facts).where(story_facts.c.article_id == left[0]))
    linking.unsettle(connection, [article_id])


def _rows(connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(sa.select(table).where(where)).mappings()]


def _is_there(connection: sa.Connection, table: sa.Table, id_: str | None) -> bool:
    return (
        id_ is None or connection.execute(sa.select(table.c.id).where(table.c.id == id_)).first() is not None
    )
