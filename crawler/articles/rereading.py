"""Read articles again from the bytes that were kept, without the network: for a better extractor."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa

from crawler.extract.html import EXTRACTOR, Page, Template, read_page
from storage import articles, captures
from storage.batches import batches
from storage.dates import PartialDate
from storage.errors import OnRecordError
from storage.evidence import EvidenceFolder
from storage.records import SEALED, Article
from storage.schema.crawl import captures as captured
from storage.schema.press import article_versions
from storage.schema.press import articles as table
from storage.store import Store

K = TypeVar("K")
T = TypeVar("T")
_AT_ONCE = 100  # articles a transaction


class Readers(Protocol):
    """Who reads documents under limits: ``crawler.extract.pool.Pool``, or several machines that have one."""

    def each(
        self,
        function: Callable[..., T],
        documents: Iterable[tuple[K, bytes]],
        *,
        telling: Callable[[K], tuple[Any, ...]],
    ) -> Iterator[tuple[K, T | OnRecordError]]:
        """The result or the failure of each (key, bytes)."""
        ...


@dataclass(frozen=True, kw_only=True)
class Held:
    """The latest version of an article that was read from a capture."""

    article_id: str
    version_id: str
    capture_id: str
    url: str
    source_id: str | None
    content_type: str | None
    before: Article


def reread(
    store: Store,
    held: list[Held],
    *,
    readers: Readers,
    templates: Mapping[str, Template | None],
    at: dt.datetime,
) -> Counter[str]:
    """Read each again; other words become a new version of the same capture. Counts by outcome."""
    count: Counter[str] = Counter()
    pages = readers.each(
        read_page,
        _contents(store, held, count),
        telling=lambda one: (one.url, one.content_type, templates.get(one.source_id or "")),
    )
    for some in batches(pages, _AT_ONCE):
        with store.writing() as connection:
            count.update(_keep(connection, one, page, at) for one, page in some)
    return count


def to_reread(store: Store, *, everything: bool = False, article_id: str | None = None) -> list[Held]:
    """The articles that another extractor read, or that one, or all that have their bytes."""
    query = (
        sa.select(article_versions, table.c.url, table.c.source_id, table.c.outlet, table.c.external_id)
        .join(table, table.c.id == article_versions.c.article_id)
        .join(captured, captured.c.id == article_versions.c.capture_id)
        .where(article_versions.c.number == table.c.latest_version, captured.c.record_type != SEALED)
        .order_by(article_versions.c.capture_id)
    )
    if article_id:
        query = query.where(table.c.id == article_id)
    elif not everything:
        query = query.where(article_versions.c.extractor.is_distinct_from(EXTRACTOR))
    with store.reading() as connection:
        return [_held(connection, row) for row in connection.execute(query)]


def _held(connection: sa.Connection, row: sa.Row[tuple[object, ...]]) -> Held:
    told = row._mapping
    capture = captures.get(connection, told["capture_id"])
    before = Article(
        url=told["url"],
        text=told["text"],
        title=told["title"],
        outlet=told["outlet"],
        published=PartialDate.parse(told["published"]) if told["published"] else None,
        published_from=told["published_from"] or "none",
    )
    return Held(
        article_id=told["article_id"],
        version_id=told["id"],
        capture_id=capture.id,
        url=capture.url,
        source_id=told["source_id"],
        content_type=capture.content_type,
        before=before,
    )


def _contents(store: Store, held: list[Held], count: Counter[str]) -> Iterator[tuple[Held, bytes]]:
    folder = EvidenceFolder.of(store.place)
    for one in held:
        try:
            with store.reading() as connection:
                capture = captures.with_body(connection, captures.get(connection, one.capture_id))
            yield one, folder.content(capture)
        except OnRecordError:
            count["damaged"] += 1


def _keep(connection: sa.Connection, held: Held, page: Page | OnRecordError, at: dt.datetime) -> str:
    """What cannot be read any more stays as it was read before."""
    if isinstance(page, OnRecordError):
        return "unreadable"
    before = held.before
    article = replace(page.article, url=before.url, outlet=before.outlet or page.article.outlet)
    if article.published is None or before.published_from == "feed":
        article = replace(article, published=before.published, published_from=before.published_from)
    if articles.digest(article) == articles.digest(before):
        articles.read_by(connection, held.version_id, EXTRACTOR)
        return "unchanged"
    return articles.save(connection, article, at=at, capture_id=held.capture_id).outcome
