"""Articles out of WARC files: each page that holds one, with its bytes as evidence of our own."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from crawler.extract.html import Page, read_page
from crawler.extract.pool import Pool
from storage import articles, barred, captures, imports, warc_files
from storage.errors import OnRecordError
from storage.evidence import Batch, Writer
from storage.imports import Import
from storage.records import Article, Capture
from storage.store import Store
from storage.warc import Exchange, unpacked

_MARKUP = ("text/html", "application/xhtml")


@dataclass(kw_only=True)
class _Found:
    """What was read so far; ``captures`` are those that are not indexed yet."""

    pages: int = 0
    articles: list[tuple[Article, str, str]] = field(default_factory=list)  # with capture id and address
    captures: list[Capture] = field(default_factory=list)


def take(store: Store, path: Path, made: Import, pool: Pool, writer: Writer) -> Counter[str]:
    """Import the articles of a WARC file, all in one transaction; pages without an article are ``left``."""
    with writer.batch() as batch:
        found = _read(store, path, pool, batch)
        batch.sync()
        with store.writing() as connection:
            imports.save(connection, replace(made, rows_read=found.pages, rows_kept=len(found.articles)))
            captures.save(connection, found.captures)
            count: Counter[str] = Counter(left=found.pages - len(found.articles))
            for article, capture_id, url in found.articles:
                saved = articles.save(
                    connection, article, at=made.learned_at, capture_id=capture_id, import_id=made.id
                )
                if saved.outcome != "barred":
                    articles.met_under(connection, saved.article_id, [url])
                count[saved.outcome] += 1
    return count


def _read(store: Store, path: Path, pool: Pool, batch: Batch) -> _Found:
    found = _Found()
    pages = pool.each(read_page, _pages(path), telling=lambda exchange: (exchange.url, exchange.content_type))
    with store.reading() as connection:
        for exchange, page in pages:
            found.pages += 1
            if isinstance(page, OnRecordError) or barred.among(connection, [exchange.url]):
                continue
            capture = captures.holding(connection, exchange.digest, exchange.url)
            if capture is None:
                capture = batch.keep(exchange)
                found.captures.append(capture)
            found.articles.append((_article(page, exchange), capture.id, exchange.url))
    return found


def _pages(path: Path) -> Iterator[tuple[Exchange, bytes]]:
    """The pages of the web in the file, unpacked."""
    for exchange in warc_files.exchanges(path):
        is_page = (exchange.content_type or "").lower().startswith(_MARKUP)
        on_the_web = exchange.url.startswith(("http://", "https://"))
        if is_page and on_the_web and exchange.status in {200, None} and exchange.body:
            yield exchange, unpacked(exchange)


def _article(page: Page, exchange: Exchange) -> Article:
    return page.article if page.article.url else replace(page.article, url=exchange.url)
