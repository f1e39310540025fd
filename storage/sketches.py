"""Which articles look alike: bands of their sketches, by which copies meet, and the pairs found alike."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storage.batches import select_where_in
from storage.schema.people import changes
from storage.schema.press import article_versions, articles
from storage.schema.stories import story_bands, story_pairs, story_sketches

_UNCOMPARED = articles.c.restriction.is_(None) & sa.or_(
    story_sketches.c.article_id.is_(None), story_sketches.c.version != articles.c.latest_version
)


@dataclass(frozen=True, kw_only=True)
class Text:
    """The newest version of an article, as it is compared."""

    article_id: str
    version: int
    text: str
    outlet: str | None


def stale(connection: sa.Connection) -> list[str]:
    """Articles whose newest version was not compared with the others yet; restricted ones never are."""
    query = (
        sa.select(articles.c.id)
        .outerjoin(story_sketches, story_sketches.c.article_id == articles.c.id)
        .where(_UNCOMPARED)
        .order_by(articles.c.id)
    )
    return list(connection.execute(query).scalars())


def first_stale(connection: sa.Connection, *, after: int, since: dt.datetime) -> int | None:
    """The first change of such an article after ``after`` in the sequence, not longer ago than ``since``."""
    query = (
        sa.select(sa.func.min(changes.c.seq))
        .select_from(changes)
        .join(articles, articles.c.id == changes.c.id)
        .outerjoin(story_sketches, story_sketches.c.article_id == articles.c.id)
        .where(changes.c.what == "article", changes.c.seq > after, changes.c.at >= since, _UNCOMPARED)
    )
    return connection.execute(query).scalar()


def texts(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Text]:
    """The newest text of each article."""
    query = (
        sa.select(articles.c.id, article_versions.c.number, article_versions.c.text, articles.c.outlet)
        .join(article_versions, article_versions.c.article_id == articles.c.id)
        .where(article_versions.c.number == articles.c.latest_version)
    )
    return {
        row["id"]: Text(article_id=row["id"], version=row["number"], text=row["text"], outlet=row["outlet"])
        for row in select_where_in(connection, query, articles.c.id, ids)
    }


def keep(connection: sa.Connection, sketched: Mapping[str, tuple[int, Sequence[int]]]) -> None:
    """Put each article's version and bands in the place of its earlier ones; its pairs are found anew."""
    ids = list(sketched)
    for table in (story_sketches, story_bands, story_pairs):
        connection.execute(sa.delete(table).where(table.c.article_id.in_(ids)))
    connection.execute(sa.delete(story_pairs).where(story_pairs.c.other_id.in_(ids)))
    rows = [{"article_id": id_, "version": version} for id_, (version, _) in sketched.items()]
    bands = [
        {"article_id": id_, "band": band}
        for id_, (_, bands) in sketched.items()
        for band in sorted(set(bands))
    ]
    if rows:
        connection.execute(sa.insert(story_sketches), rows)
    if bands:
        connection.execute(sa.insert(story_bands), bands)


def meeting(connection: sa.Connection, ids: Iterable[str]) -> set[tuple[str, str]]:
    """Pairs of an article of these and any other with which it shares a band, the lesser id first."""
    other = story_bands.alias()
    query = sa.select(story_bands.c.article_id, other.c.article_id.label("other")).join(
        other, sa.and_(other.c.band == story_bands.c.band, other.c.article_id != story_bands.c.article_id)
    )
    found = select_where_in(connection, query.distinct(), story_bands.c.article_id, ids)
    return {(min(row["article_id"], row["other"]), max(row["article_id"], row["other"])) for row in found}


def keep_pairs(connection: sa.Connection, pairs: Mapping[tuple[str, str], float]) -> None:
    """Remember pairs found alike, with their likeness (0 to 1)."""
    rows = [
        {"article_id": one, "other_id": other, "likeness": likeness}
        for (one, other), likeness in sorted(pairs.items())
    ]
    if rows:
        connection.execute(sa.insert(story_pairs), rows)


def pairs_of(connection: sa.Connection, ids: Iterable[str]) -> dict[tuple[str, str], float]:
    """The pairs that hold one of these articles."""
    wanted = list(ids)
    found: dict[tuple[str, str], float] = {}
    for column in (story_pairs.c.article_id, story_pairs.c.other_id):
        for row in select_where_in(connection, sa.select(story_pairs), column, wanted):
            found[row["article_id"], row["other_id"]] = row["likeness"]
    return found
