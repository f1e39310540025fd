"""Two texts held against each other: versions of an article, or two copies of a story."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from archive.diffs import Diff, Run, versions
from archive.telling import moment
from storage import articles as press
from storage import stories
from storage.errors import NotFound
from storage.schema.crawl import sources
from storage.schema.press import article_versions, articles

_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two texts: its title, what it is called and where it is read."""

    title: str | None
    told: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What changed from the left text to the right one."""

    kicker: str
    left: Side
    right: Side
    only: tuple[str, str]  # what words are called that only the left, or only the right one has
    title: tuple[Run, ...]
    text: Diff

    @property
    def retitled(self) -> bool:
        """Whether the titles differ."""
        return any(run.kind != "same" for run in self.title)


def versions_compared(connection: sa.Connection, reference: str, number: int, against: int) -> Compared:
    """Version ``number`` of an article against another; NotFound, also where it is restricted."""
    article = _readable(connection, press.find(connection, reference))
    left, right = (_version(connection, article, one) for one in (against, number))
    address = f"/articles/{quote(article.id, safe='')}"
    one, other = (
        Side(
            title=row.title,
            told=f"version {row.number}, {moment(row.learned_at)}",
            address=f"{address}?version={row.number}",
        )
        for row in (left, right)
    )
    kicker = f"{article.outlet or 'Unknown outlet'}: what changed"
    return _compared(kicker, (left, one), (right, other), ("gone", "new"))


def copies_compared(connection: sa.Connection, reference: str, other: str) -> Compared:
    """An article against another copy of its story; NotFound where they are not copies of one story."""
    article = _readable(connection, press.find(connection, reference))
    copy = _readable(connection, press.find(connection, other))
    if copy.id not in stories.copies(connection, [article.id]).get(article.id, []):
        raise NotFound("these two articles are not copies of one story")
    left, right = (_version(connection, one, one.latest_version) for one in (article, copy))
    one, another = (
        Side(
            title=row.title,
            told=source.outlet or "unknown outlet",
            address=f"/articles/{quote(source.id, safe='')}",
        )
        for row, source in ((left, article), (right, copy))
    )
    only = (f"only in {one.told}", f"only in {another.told}")
    return _compared("Two copies of one story", (left, one), (right, another), only)


def _compared(
    kicker: str, left: tuple[_Row, Side], right: tuple[_Row, Side], only: tuple[str, str]
) -> Compared:
    titles = versions(left[1].title or "Untitled", right[1].title or "Untitled").paragraphs
    return Compared(
        kicker=kicker,
        left=left[1],
        right=right[1],
        only=only,
        title=titles[0] if titles else (),
        text=versions(left[0].text, right[0].text),
    )


def _readable(connection: sa.Connection, article_id: str) -> _Row:
    """The article, where its text may be read; as if it were not there otherwise."""
    query = (
        sa.select(articles, sources.c.shown_to)
        .outerjoin(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.id == article_id, articles.c.restriction.is_(None))
    )
    row = connection.execute(query).first()
    if row is None or row.shown_to == "nobody":
        raise NotFound(f"there is no text of article {article_id!r} to compare")
    return row


def _version(connection: sa.Connection, article: _Row, number: int) -> _Row:
    of_it = (article_versions.c.article_id == article.id) & (article_versions.c.number == number)
    row = connection.execute(sa.select(article_versions).where(of_it)).first()
    if row is None:
        raise NotFound(f"the article has no version {number}")
    return row
