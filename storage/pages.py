"""A digest of every page of an archive's file, kept beside it: SQLite does not see a byte rot in a value.

The file ``archive.db.pages`` is a row of records that only grows: page, digest, and up to which frame of
which write-ahead log it tells. The last record of a page counts. Pages reach the archive's file by a
checkpoint only (automatic ones are off), and before each the records of all its frames are on the disk; so a
page that no frame of the log holds must be as its record says, whatever was killed when. Where records cannot
be kept the file goes and is made anew: what it is made of counts as whole.

Whoever writes to the archive with another program leaves pages that no record tells of: ``onrecord verify``
names these as well. The digests hold against a disk, not against who can write both files.
"""

import contextlib
import hashlib
import os
import sqlite3
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from storage.errors import StorageError
from storage.wal import Log

_BEGINS: Final = b"On Record pages1"
_SIZE: Final = 4  # bytes that tell the size of a page
_RECORD: Final = struct.Struct(">I8s8sII")
_DIGEST: Final = 8  # bytes; one rotten page in 10^19 has its old digest
_NONE: Final = bytes(_DIGEST)
_MANY: Final = 4  # times as many records as pages, before the file is written anew
_USUAL: Final = 4_096  # bytes of a page
_HELD: Final = 64 * 2**20  # bytes of a file that is taken into memory
_SPARE: Final = 1_024  # pages; a small archive's is not written anew all the time
_PIECE: Final = 4_096  # records that are read at once
_SCRATCH: Final = ".new"


@dataclass(frozen=True, kw_only=True)
class Digests:
    """What the records say: the pages' digests in a row.

    ``size``: bytes of a page; ``bad``: records that cannot be read.
    """

    size: int
    held: bytearray
    salts: bytes
    frame: int
    bad: int

    def of(self, page: int) -> bytes:
        """The digest of a page; eight zeros where none is known."""
        return bytes(self.held[(page - 1) * _DIGEST : page * _DIGEST]) or _NONE

    @property
    def count(self) -> int:
        """The highest page that a record tells of."""
        return len(self.held) // _DIGEST


class Pages:
    """The digests of one archive. The writer's lock must be held, and a connection open, but for ``read``."""

    def __init__(self, archive: Path) -> None:
        self.archive, self.path = archive, Path(f"{archive}.pages")

    def begin(self, connection: sqlite3.Connection) -> None:
        """Make the digests where there are none, or follow."""
        with self._or_none():
            if not self._is_ours():
                self._make(connection)
            self.follow()

    def follow(self) -> None:
        """Record what was committed since; nothing where there are no digests."""
        if not self.path.exists():
            return
        with self._or_none(), self.path.open("r+b") as file:
            log, (salts, frame) = Log.of(self.archive), _last(file)
            if log is None:
                return
            done = frame if salts == log.salts else 0
            if done > log.frames:  # of what was committed the log has lost some: from here it goes on
                file.write(_record(0, _NONE, log.salts, log.frames))
            for number, page, content in log.each(done):
                file.write(_record(page, digest(content), log.salts, number))

    def sync(self) -> None:
        """Put the records on the disk; written anew where they are far more than the pages."""
        with self._or_none():
            if not self.path.exists():
                return
            pages = self.archive.stat().st_size // _USUAL
            if self.path.stat().st_size > _RECORD.size * _MANY * (pages + _SPARE):
                self._shorten()
            with self.path.open("r+b") as file:
                os.fsync(file.fileno())

    def drop(self) -> None:
        """Forget them: another file takes the archive's place."""
        self.path.unlink(missing_ok=True)

    def read(self) -> Digests | None:
        """What the records say; None where there are none."""
        held, bad, salts, frame = bytearray(), 0, bytes(8), 0
        try:
            with self.path.open("rb") as file:
                if file.read(len(_BEGINS)) != _BEGINS:
                    return Digests(size=_USUAL, held=held, salts=salts, frame=0, bad=1)
                size = int.from_bytes(file.read(_SIZE))
                for one in _records(file):
                    if one is None:
                        bad += 1
                        continue
                    page, told, salts, frame = one
                    end = page * _DIGEST
                    if end > len(held):
                        held.extend(bytes(end - len(held)))
                    if page:
                        held[end - _DIGEST : end] = told
        except FileNotFoundError:
            return None
        return Digests(size=size, held=held, salts=salts, frame=frame, bad=bad)

    def _is_ours(self) -> bool:
        if not self.path.exists():
            return False
        with self.path.open("rb") as file:
            return file.read(len(_BEGINS)) == _BEGINS

    def _make(self, connection: sqlite3.Connection) -> None:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        if self.archive.stat().st_size > _HELD:
            another_process("storage.pages", self.archive, size)
            return
        whole = connection.serialize()
        with self._anew(size) as made:
            for number in range(1, len(whole) // size + 1):
                page = whole[(number - 1) * size : number * size]
                made.write(_record(number, digest(page), bytes(8), 0))

    def make_of_file(self, size: int) -> None:
        """The same of a large file, in a process that has no connection; ``size``: bytes of a page."""
        number = 0
        with self._anew(size) as made, self.archive.open("rb") as file:
            while page := file.read(size):
                number += 1
                made.write(_record(number, digest(page), bytes(8), 0))

    def _shorten(self) -> None:
        known = self.read()
        if known is None:
            return
        with self._anew(known.size) as made:
            for page in range(1, known.count + 1):
                if (told := known.of(page)) != _NONE:
                    made.write(_record(page, told, known.salts, known.frame))

    @contextlib.contextmanager
    def _anew(self, size: int) -> Iterator[BinaryIO]:
        scratch = Path(f"{self.path}{_SCRATCH}")
        with scratch.open("wb") as file:
            file.write(_BEGINS + size.to_bytes(_SIZE))
            yield file
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(self.path)

    @contextlib.contextmanager
    def _or_none(self) -> Iterator[None]:
        """Where the disk takes no record none stays: one of an older page would call a whole one rotten."""
        try:
            yield
        except OSError:
            with contextlib.suppress(OSError):
                Path(f"{self.path}{_SCRATCH}").unlink(missing_ok=True)
                self.drop()


def another_process(module: str, archive: Path, *more: object) -> str:
    """What a module of ours says of an archive's file, that only a process without a connection may open."""
    words = [sys.executable, "-m", module, str(archive), *map(str, more)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or ["it did not say why"]
        raise StorageError(f"{archive} cannot be read: {said[0]}")
    return done.stdout


def digest(page: bytes) -> bytes:
    """The digest of a page's bytes."""
    return hashlib.blake2b(page, digest_size=_DIGEST).digest()


def _record(page: int, told: bytes, salts: bytes, frame: int) -> bytes:
    record = _RECORD.pack(page, told, salts, frame, 0)
    return record[:-4] + zlib.crc32(record[:-4]).to_bytes(4)


def _records(file: BinaryIO) -> Iterator[tuple[int, bytes, bytes, int] | None]:
    """Page, digest, salts and frame of each record; None for one that is not as it was written."""
    while piece := file.read(_RECORD.size * _PIECE):
        for start in range(0, len(piece) - _RECORD.size + 1, _RECORD.size):
            record = piece[start : start + _RECORD.size]
            *told, crc = _RECORD.unpack(record)
            yield (told[0], told[1], told[2], told[3]) if crc == zlib.crc32(record[:-4]) else None


def _last(file: BinaryIO) -> tuple[bytes, int]:
    """Salts and frame of the last whole record; the file is left where the next one goes."""
    size = file.seek(0, os.SEEK_END)
    begin = len(_BEGINS) + _SIZE
    end = size - (size - begin) % _RECORD.size
    file.truncate(end)  # of a record that a kill has cut
    if end < begin + _RECORD.size:
        return bytes(8), 0
    file.seek(end - _RECORD.size)
    one = next(_records(file))
    file.seek(end)
    return (one[2], one[3]) if one else (bytes(8), 0)


if __name__ == "__main__":
    Pages(Path(sys.argv[1])).make_of_file(int(sys.argv[2]))
