"""Writing WARC files: one writer a file, and batches of records that stay in it whole or not at all."""

import contextlib
import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self

from filelock import FileLock

from storage import warc
from storage.errors import Unsettled
from storage.ids import digest_of, random_id
from storage.records import Capture
from storage.warc import Exchange


class Writer:
    """Writes records to files of its own; closing it cuts away what was never indexed."""

    def __init__(self, folder: Path, *, at: dt.datetime, rotate_above: int) -> None:
        self._folder, self._rotate_above = folder, rotate_above
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
        if file.tell() >= self._rotate_above:
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
            cut(file, start)
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
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{self._stem}-{self._number:05}.warc.gz"
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


def cut(file: BinaryIO, end: int) -> None:
    """Take away what lies behind ``end``, on the disk too."""
    file.truncate(end)
    file.seek(end)
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
