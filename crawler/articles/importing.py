"""Bring articles in from files: all of a file or nothing, and the same file again changes nothing."""

import datetime as dt
import errno
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa

from crawler.articles import files, warcs
from crawler.articles.files import Kind
from crawler.articles.outlets import Outlets
from crawler.articles.warcs import Intake, Wanted
from crawler.extract.html import Page, read_page
from crawler.extract.pool import Pool
from storage import articles, barred, captures, imports
from storage.errors import OnRecordError, RefusedFile
from storage.evidence import EvidenceFolder
from storage.ids import digest_of
from storage.imports import Import
from storage.records import Article
from storage.store import Store
from storage.warc import Exchange
from storage.warc_writing import Batch

_OF_THE_ARCHIVE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE})
"""No file that is read gives these: where nothing can be written, the next one fares no better."""
_HEAD = 1 << 16  # bytes that tell what kind of file it is
_UTF8 = b"\xef\xbb\xbf"  # before markup from JSON, whose own word on its charset no longer holds


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of one file: articles by outcome, or why the file was refused."""

    file: str
    new: int = 0
    new_versions: int = 0
    unchanged: int = 0
    left: int = 0  # pages of a WARC that hold no article
    others: int = 0  # answers in it that are no pages: pictures, documents, errors
    elsewhere: int = 0  # pages in it of hosts that were not asked for
    refused: str | None = None


@dataclass(frozen=True, kw_only=True)
class _File:
    """A file that was looked through once; ``pages`` by line (0: the whole file), with their markup."""

    path: Path
    kind: Kind
    rows: int
    pages: Mapping[int, tuple[bytes, Page]] = field(default_factory=dict)


def import_articles(
    store: Store, paths: Iterable[Path], *, at: dt.datetime, pool: Pool, wanted: Wanted | None = None
) -> Iterator[Taken]:
    """Import files and folders of articles, one transaction a file; a refused file stops no other.

    ``wanted``: which pages of WARCs are taken, and whose they are.
    """
    with EvidenceFolder.of(store.place).writer(at=at) as writer:
        intake = Intake(
            store=store, pool=pool, writer=writer, wanted=wanted or Wanted(outlets=Outlets()), at=at
        )
        for path in files.walk(paths):
            try:
                yield _take(intake, path)
            except OSError as error:
                if error.errno in _OF_THE_ARCHIVE:
                    raise
                yield Taken(file=str(path), refused=f"{path.name}: {error.strerror or error}")
            except RefusedFile as refusal:
                yield Taken(file=str(path), refused=str(refusal))


def _take(intake: Intake, path: Path) -> Taken:
    store, at, hosts = intake.store, intake.at, intake.wanted.hosts
    with path.open("rb") as opened:
        kind = files.kind_of(path, opened.read(_HEAD))
        opened.seek(0)
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    if kind == "warc" and hosts:  # other hosts of the same file are another import
        digest = digest_of(" ".join([digest, *sorted(hosts)]).encode())
    made = Import(
        kind="articles", file_name=path.name, digest=digest, learned_at=at, rows_read=0, rows_kept=0
    )
    with store.reading() as connection:
        before = imports.rows_kept(connection, made.id)
        if before is not None and (
            kind in {"jsonl", "warc"} or articles.imported_as(connection, made.id, path.stem)
        ):
            return Taken(file=str(path), unchanged=before)
    if kind == "warc":
        count = warcs.take(intake, path, made)
        return _taken(path, count)
    file = _look_through(path, kind, intake.pool)  # the slow part, outside the transaction
    with intake.writer.batch() as batch, store.writing() as connection:
        if before is None:
            imports.save(connection, replace(made, rows_read=file.rows, rows_kept=file.rows))
        count = Counter(str(_save(connection, found, made, batch)) for found in _articles(file))
        batch.sync()
    return _taken(path, count)


def _taken(path: Path, count: Counter[str]) -> Taken:
    return Taken(
        file=str(path),
        new=count["new"],
        new_versions=count["new version"],
        unchanged=count["unchanged"],
        left=count["left"],
        others=count["others"],
        elsewhere=count["elsewhere"],
    )


def _look_through(path: Path, kind: Kind, pool: Pool) -> _File:
    """Read the whole file once, so that a fault anywhere in it refuses all of it."""
    if kind == "text":
        return _File(path=path, kind=kind, rows=1)
    rows = 0

    def markup() -> Iterator[tuple[tuple[int, bytes], bytes]]:
        nonlocal rows
        if kind == "html":
            rows, content = 1, path.read_bytes()
            yield (0, content), content
            return
        for line in files.read_lines(path):
            rows += 1
            if line.html:
                content = _UTF8 + line.html.encode()
                yield (line.number, content), content

    pages = {}
    for (number, content), page in pool.each(read_page, markup()):
        if isinstance(page, OnRecordError):
            where = f"line {number}: " if number else ""
            raise RefusedFile(path.name, f"{where}{page}; nothing was imported") from None
        pages[number] = (content, page)
    return _File(path=path, kind=kind, rows=rows, pages=pages)


def _articles(file: _File) -> Iterator[tuple[Article, bytes | None]]:
    """The file's articles, each with the markup it was read from, which is kept as evidence."""
    if file.kind == "text":
        yield files.read_text(file.path, file.path.read_bytes()), None
    elif file.kind == "html":
        content, page = file.pages[0]
        url = page.canonical or f"file:{file.path.name}"
        yield replace(page.article, url=url, external_id=file.path.stem), content
    else:
        for line in files.read_lines(file.path):
            if line.number in file.pages:
                content, page = file.pages[line.number]
                yield files.merged(line, page.article), content
            else:
                yield line.article, None


def _save(
    connection: sa.Connection, found: tuple[Article, bytes | None], made: Import, batch: Batch
) -> articles.Outcome:
    article, content = found
    if barred.among(connection, [article.url]):
        return "barred"
    capture_id = None
    if content is not None:
        exchange = Exchange(
            url=article.url, fetched_at=made.learned_at, body=content, content_type="text/html"
        )
        same = captures.holding(connection, exchange.digest, exchange.url)
        capture = same or batch.keep(exchange)
        if same is None:
            captures.save(connection, [capture])
        capture_id = capture.id
    return articles.save(
        connection, article, at=made.learned_at, capture_id=capture_id, import_id=made.id
    ).outcome
