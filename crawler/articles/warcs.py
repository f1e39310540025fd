"""Articles out of WARC files: each page that holds one, with its bytes as evidence of our own.

A file is read once, as a stream: what was found waits on the disk (``storage.staging``), since a damaged
end refuses all of it, and then goes into the archive in one transaction. Memory is that of a few pages.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from crawler.articles.outlets import Outlets
from crawler.extract.html import read_page
from crawler.extract.pool import Pool
from storage import articles, barred, captures, imports, sources, warc_files
from storage.addresses import is_on
from storage.errors import OnRecordError
from storage.imports import Import
from storage.records import Article, Capture, Source
from storage.staging import Staged
from storage.store import Store
from storage.warc import Exchange, unpacked
from storage.warc_writing import Batch, Writer

_MARKUP = ("text/html", "application/xhtml")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """``hosts``: whose pages are taken, all where empty; ``outlets``: whose they are."""

    outlets: Outlets
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What an import works with; ``at``: its moment."""

    store: Store
    pool: Pool
    writer: Writer
    wanted: Wanted
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class _Found:
    """An article on a page; ``capture``: where its bytes are kept, ``new`` if by this very file."""

    article: Article
    url: str
    capture: Capture
    new: bool
    source: Source | None


def take(intake: Intake, path: Path, made: Import) -> Counter[str]:
    """Import the articles of a WARC file, all in one transaction.

    Counted besides what became of the articles: ``left``, pages without one; ``elsewhere``, pages of other
    hosts; ``others``, what is no page.
    """
    with Staged[_Found]() as staged, intake.writer.batch() as batch:
        count = _read(intake, path, batch, staged)
        batch.sync()
        with intake.store.writing() as connection:
            rows = len(staged) + count["left"]
            imports.save(connection, replace(made, rows_read=rows, rows_kept=len(staged)))
            for found in staged:
                count[_save(connection, found, made)] += 1
    return count


def _read(intake: Intake, path: Path, batch: Batch, staged: Staged[_Found]) -> Counter[str]:
    """Stage what the file holds; the count of what else is in it."""
    count: Counter[str] = Counter()
    outlets = intake.wanted.outlets
    pages = intake.pool.each(
        read_page,
        _pages(path, intake.wanted.hosts, count),
        telling=lambda one: (one.url, one.content_type, outlets.of(one.url).template),
    )
    with intake.store.reading() as connection:
        for exchange, page in pages:
            if isinstance(page, OnRecordError) or barred.among(connection, [exchange.url]):
                count["left"] += 1
                continue
            known = captures.holding(connection, exchange.digest, exchange.url)
            found = _Found(
                article=outlets.article(page, exchange.url),
                url=exchange.url,
                capture=known or batch.keep(exchange),
                new=known is None,
                source=outlets.of(exchange.url).source,
            )
            staged.add(found)
    return count


def _pages(path: Path, hosts: tuple[str, ...], count: Counter[str]) -> Iterator[tuple[Exchange, bytes]]:
    """The pages of the web in the file (on those hosts, if any are named), unpacked."""
    for exchange in warc_files.exchanges(path):
        is_page = (exchange.content_type or "").lower().startswith(_MARKUP)
        on_the_web = exchange.url.startswith(("http://", "https://"))
        if not (is_page and on_the_web and exchange.status in {200, None} and exchange.body):
            count["others"] += 1
        elif hosts and not is_on(exchange.url, hosts):
            count["elsewhere"] += 1
        else:
            yield exchange, unpacked(exchange)


def _save(connection: sa.Connection, found: _Found, made: Import) -> str:
    if found.new:
        captures.save(connection, [found.capture])
    if found.source:
        sources.save(connection, found.source)
    saved = articles.save(
        connection,
        found.article,
        at=made.learned_at,
        capture_id=found.capture.id,
        import_id=made.id,
        source_id=found.source.name if found.source else None,
    )
    if saved.outcome != "barred":
        articles.met_under(connection, saved.article_id, [found.url])
    return saved.outcome
