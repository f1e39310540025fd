"""Bring reports in from files: all of a file or nothing, and the same file again changes nothing."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from crawler.errors import NotExtracted
from crawler.extract.pool import Pool
from crawler.reports.reading import AGAIN, needs_another, read_report, read_report_again
from storage import captures, imports, reports
from storage.batches import batches
from storage.errors import OnRecordError, RefusedFile, UsageMistake
from storage.evidence import EvidenceFolder
from storage.ids import digest_of
from storage.imports import Import
from storage.records import Report
from storage.store import Store
from storage.warc import Exchange
from storage.warc_writing import Batch

_TYPES: Final = {
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".txt": "text/plain",
    ".text": "text/plain",
}
_LARGEST: Final = 32 * 2**20  # bytes; what the crawler takes of a PDF, too
_AT_ONCE: Final = 32  # reports a transaction: short for other writers, long enough to be quick


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of one file: the report's facts and where other origins disagree, or why it was refused."""

    file: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    disagreements: Sequence[Mapping[str, Any]] = ()
    new: bool = False
    refused: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A file and what the pool made of it."""

    path: Path
    content: bytes
    outcome: Report | OnRecordError


def walk(paths: Iterable[Path]) -> list[Path]:
    """The files named, and the PDF, HTML and text files in the folders named."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageMistake(f"{path}: there is no such file or folder")
        found = sorted(one for one in path.rglob("*") if _wanted(one)) if path.is_dir() else [path]
        if not found:
            raise RefusedFile(str(path), f"no reports in it ({', '.join(_TYPES)})")
        files += found
    return files


def import_reports(store: Store, files: Iterable[Path], *, at: dt.datetime, pool: Pool) -> Iterator[Taken]:
    """Read files in the pool and keep the reports, a few a transaction; a refused file stops no other."""
    with EvidenceFolder.of(store.place).writer(at=at) as writer:
        for several in batches(_read(files, pool), _AT_ONCE):
            with writer.batch() as batch, store.writing() as connection:
                taken = [_take(connection, one, at, batch) for one in several]
                batch.sync()
            yield from taken


def _wanted(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in _TYPES and not path.name.startswith(".")


def _read(files: Iterable[Path], pool: Pool) -> Iterator[_Read]:
    for (path, content, fault), outcome in pool.each(read_report, _contents(files), telling=_told):
        failed = isinstance(outcome, OnRecordError) and needs_another(content, outcome)
        read = _again(pool, path, content, outcome) if failed else outcome
        yield _Read(path=path, content=content, outcome=fault or read)


def _again(pool: Pool, path: Path, content: bytes, failure: Report | OnRecordError) -> Report | OnRecordError:
    """What another reader makes of the file; where it fails too, why the first one did."""
    try:
        return pool.run(read_report_again, content, path.name, limits=AGAIN)
    except NotExtracted:
        return failure
    except OnRecordError as other:
        return other


def _told(document: tuple[Path, bytes, RefusedFile | None]) -> tuple[str]:
    return (document[0].name,)


def _contents(files: Iterable[Path]) -> Iterator[tuple[tuple[Path, bytes, RefusedFile | None], bytes]]:
    """Each file's bytes; for one that cannot be read none, and the fault."""
    for path in files:
        fault = None
        try:
            content = path.read_bytes() if path.stat().st_size <= _LARGEST else b""
            if not content and path.stat().st_size:
                fault = RefusedFile(path.name, f"it is larger than {_LARGEST >> 20} MiB")
        except OSError as error:
            content, fault = b"", RefusedFile(path.name, error.strerror or str(error))
        yield (path, content, fault), content


def _take(connection: sa.Connection, read: _Read, at: dt.datetime, batch: Batch) -> Taken:
    file, report = str(read.path), read.outcome
    if isinstance(report, RefusedFile):
        return Taken(file=file, refused=str(report))
    if isinstance(report, OnRecordError):
        return Taken(file=file, refused=f"{read.path.name}: {report}; nothing of it was imported")
    digest = digest_of(read.content)
    report = reports.identified(connection, report, digest)
    new = not reports.known(connection, report.regulator, digest)
    id_ = reports.save(
        connection,
        report,
        digest=digest,
        file_name=read.path.name,
        capture_id=_keep(connection, read, batch, at),
        import_id=_import(connection, read.path.name, report, digest, at),
        at=at,
    )
    told = reports.disagreements(connection, id_)
    return Taken(file=file, facts=report.facts, disagreements=told, new=new)


def _keep(connection: sa.Connection, read: _Read, batch: Batch, at: dt.datetime) -> str:
    """The capture of the file's bytes, written unless these bytes of that name are kept already."""
    exchange = Exchange(
        url=f"file:{read.path.name}",
        fetched_at=at,
        body=read.content,
        content_type=_TYPES.get(read.path.suffix.lower()),
    )
    capture = captures.holding(connection, exchange.digest, exchange.url)
    if capture is None:
        capture = batch.keep(exchange)
        captures.save(connection, [capture])
    return capture.id


def _import(connection: sa.Connection, name: str, report: Report, digest: str, at: dt.datetime) -> str:
    made = Import(
        kind="reports",
        file_name=name,
        digest=digest,
        regulator=report.regulator,
        learned_at=at,
        rows_read=1,
        rows_kept=1,
    )
    if not imports.known(connection, made.id):
        imports.save(connection, made)
    return made.id
