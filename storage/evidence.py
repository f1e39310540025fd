"""The evidence: bytes as they were fetched, in WARC files, one gzip member a record.

A record counts once its row stands in ``captures``; the order is always write, sync, row:

    with folder.writer() as writer, writer.batch() as batch:
        capture = batch.keep(exchange)      # written
        batch.sync()                        # on the disk
        with store.writing() as connection:
            captures.save(connection, [capture])

A batch that ends by an exception is cut off its file again. After a kill the file's lock is free and its
tail is unknown to the index: ``recover`` moves that tail into the folder ``quarantine``, so that every file
holds exactly the indexed records. One writer a file: the name says when, which process, and which of its
files.
"""

import contextlib
import datetime as dt
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from filelock import FileLock, Timeout

from storage import warc
from storage.errors import StorageError, Unsettled
from storage.ids import digest_of, random_id
from storage.records import Capture
from storage.warc import Exchange

_ROTATE_ABOVE = 512 * 2**20  # bytes; then the next file
QUARANTINE = "quarantine"


class DamagedEvidence(StorageError):
    """A record is not what was written; the message names file and record."""


@dataclass(frozen=True, kw_only=True)
class Damage:
    """One finding of ``verify``."""

    capture: Capture
    reason: str


class EvidenceFolder:
    """The folder of WARC files beside an archive."""

    def __init__(self, path: Path, *, rotate_above: int = _ROTATE_ABOVE) -> None:
        self.path, self.rotate_above = path, rotate_above

    def writer(self, *, at: dt.datetime) -> "Writer":
        """A writer with files of its own, beginning when the first record is kept."""
        return Writer(self, at)

    def read(self, capture: Capture) -> bytes:
        """The body, exactly as it was fetched; DamagedEvidence if one bit is not as written.

        A revisit has none: ask ``captures.with_body`` for the capture that holds it.
        """
        record = self.record(capture)
        body = warc.body_of(record)
        if digest_of(body) != capture.digest:
            raise DamagedEvidence(f"{_name(capture)}: the body is not the one that was kept")
        return body

    def content(self, capture: Capture) -> bytes:
        """The body with its Content-Encoding taken off, from the verified record."""
        if capture.is_sealed:
            raise DamagedEvidence(f"{_name(capture)}: its bytes were erased, on request or by their age")
        return warc.content_of(self.record(capture))

    def record(self, capture: Capture) -> bytes:
        """The compressed record, verified against the index."""
        try:
            with (self.path / capture.warc_file).open("rb") as file:
                file.seek(capture.offset)
                record = file.read(capture.length)
        except OSError as error:
            raise DamagedEvidence(f"{_name(capture)}: {error.strerror or error}") from None
        if len(record) < capture.length:
            raise DamagedEvidence(
                f"{_name(capture)}: the file ends {capture.length - len(record)} bytes early"
            )
        if digest_of(record) != capture.record_digest:
            raise DamagedEvidence(f"{_name(capture)}: the record was altered since it was kept")
        return record

    def verify(self, indexed: Iterator[Capture]) -> Iterator[Damage]:
        """Every indexed record that cannot be given back, to the bit."""
        for capture in indexed:
            try:
                self.record(capture)
            except DamagedEvidence as error:
                yield Damage(capture=capture, reason=str(error))

    def recover(self, ends: Mapping[str, int]) -> list[Path]:
        """Move what killed writers left behind the index into quarantine; the files made there.

        ``ends``: how far each file is indexed. Files whose writer lives are left alone.
        """
        moved = []
        for lock_file in sorted(self.path.glob("*.warc.gz.lock")):
            lock = FileLock(lock_file)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            with lock:
                warc_file = lock_file.with_suffix("")
                if warc_file.exists():
                    moved += self._quarantine_tail(warc_file, ends.get(warc_file.name, 0))
                lock_file.unlink(missing_ok=True)
            lock.release(force=True)
        return moved

    def _quarantine_tail(self, warc_file: Path, end: int) -> list[Path]:
        moved = []
        with warc_file.open("r+b") as file:
            file.seek(end)
            if tail := file.read():
                target = self.path / QUARANTINE / f"{warc_file.name}.{end}.tail"
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(tail)
                moved.append(target)
                _cut(file, end)
        if end == 0:
            warc_file.unlink()
        return moved


class Writer:
    """Writes records to files of its own; closing it cuts away what was never indexed."""

    def __init__(self, folder: EvidenceFolder, at: dt.datetime) -> None:
        self._folder = folder
        self._stem = f"onrecord-{at:%Y%m%dT%H%M%SZ}-{random_id('w').removeprefix('w-')[:8]}-{os.getpid()}"
        self._number = 0
        self._file: BinaryIO | None = None
        self._lock: FileLock | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def batch(self) -> Iterator["Batch"]:
        """Records that are indexed together: all of them stay in the file, or none.

        Where nobody knows whether they were indexed they stay: ``recover`` asks the index, once it answers.
        """
        file = self._open()
        start = file.tell()
        try:
            yield Batch(Path(file.name).name, file)
        except Unsettled:
            self._leave(file)
            raise
        except BaseException:
            self._abandon(file, start)
            raise
        if file.tell() >= self._folder.rotate_above:
            self.close()

    def close(self) -> None:
        """Finish the file; the next batch begins another."""
        if self._file is None or self._lock is None:
            return
        path = Path(self._file.name)
        with contextlib.suppress(OSError):
            self._file.close()
        if path.stat().st_size == 0:
            path.unlink()
        self._lock.release()
        Path(self._lock.lock_file).unlink(missing_ok=True)
        self._file = self._lock = None

    def _abandon(self, file: BinaryIO, start: int) -> None:
        """Cut a failed batch off and finish the file: what the system still buffers is nobody's to guess.

        A disk that refuses even to cut leaves a tail; its lock file stays, by which ``recover`` finds it.
        """
        try:
            _cut(file, start)
        except OSError:
            self._leave(file)
        else:
            self.close()

    def _leave(self, file: BinaryIO) -> None:
        with contextlib.suppress(OSError):
            file.close()
        if self._lock:
            self._lock.release()
        self._file = self._lock = None

    def _open(self) -> BinaryIO:
        if self._file is None:
            self._folder.path.mkdir(parents=True, exist_ok=True)
            path = self._folder.path / f"{self._stem}-{self._number:05}.warc.gz"
            self._number += 1
            self._lock = FileLock(f"{path}.lock")
            self._lock.acquire(timeout=0)
            self._file = path.open("xb", buffering=0)
            try:
                _sync_folder(path.parent)
            except OSError:  # nobody knows whether the file's name is on the disk: the next one is another
                self.close()
                raise
        return self._file


class Batch:
    """The records of one transaction."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self._name, self._file = name, file

    def keep(
        self, exchange: Exchange, *, same_as: Capture | None = None, made_of: Capture | None = None
    ) -> Capture:
        """Write one record; ``same_as``: an earlier capture with the same body, which is not repeated.

        ``made_of``: the capture of which a browser made this body.
        """
        capture_id = random_id("capture")
        record = warc.record_of(exchange, same_as, capture_id=capture_id, made_of=made_of)
        kind = "conversion" if made_of else "response" if exchange.status else "resource"
        offset = self._file.tell()
        _write(self._file, record)
        return Capture(
            id=capture_id,
            url=exchange.url,
            fetched_at=exchange.fetched_at,
            status=exchange.status,
            content_type=exchange.content_type,
            digest=same_as.digest if same_as else exchange.digest,
            warc_file=self._name,
            offset=offset,
            length=len(record),
            record_digest=digest_of(record),
            record_type="revisit" if same_as else kind,
            source_id=exchange.source_id,
            run_id=exchange.run_id,
            truncated=exchange.truncated,
            tls_verified=exchange.tls_verified,
        )

    def sync(self) -> None:
        """Put everything written on the disk."""
        os.fsync(self._file.fileno())


def _write(file: BinaryIO, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[file.write(view) :]


def _cut(file: BinaryIO, end: int) -> None:
    file.truncate(end)
    file.seek(end)
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name(capture: Capture) -> str:
    return f"{capture.warc_file}, record at byte {capture.offset} ({capture.url})"
