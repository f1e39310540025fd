"""SQLite's write-ahead log, read as its format says: which frames are committed, and whether they are whole.

A frame is a page as a transaction left it. How many count is told by the file ``-shm`` while an archive is
open (https://www.sqlite.org/walformat.html): a writer may be killed when all of its frames are in the log and
no reader knows yet. SQLite itself holds a frame against its checksum only when it opens a log that nobody had
open, and drops the first one that does not fit, with all behind it.
"""

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SHARED: Final = struct.Struct("=12xBBHII8x8s")  # up to the salts; the moment is written in it twice
_BACKFILLED: Final = 96  # where it tells how many frames lie in the archive's own file already
_HEADER: Final = struct.Struct(">IIII8sII")
_FRAME: Final = struct.Struct(">II8sII")
_LITTLE: Final = 0x377F0682  # the number of a log whose checksums are made of little-endian words


@dataclass(frozen=True, kw_only=True)
class Log:
    """The committed part of an archive's log. ``pages``: how many the archive has by it.

    ``salts``: its generation; ``folded``: whether all of it lies in the archive's own file already.
    """

    path: Path
    size: int
    frames: int
    pages: int
    salts: bytes
    folded: bool

    @classmethod
    def of(cls, archive: Path) -> "Log | None":
        """The log of an archive that a connection has open; None where it has none or an empty one."""
        told = _shared(f"{archive}-shm")
        if len(told) < _BACKFILLED + 4:
            return None
        begun, _, size, frames, pages, salts = _SHARED.unpack_from(told)
        if not (begun and frames):
            return None
        (backfilled,) = struct.unpack_from("=I", told, _BACKFILLED)
        return cls(
            path=Path(f"{archive}-wal"),
            size=(size & 0xFE00) + ((size & 1) << 16),
            frames=frames,
            pages=pages,
            salts=salts,
            folded=backfilled == frames,
        )

    def each(self, after: int = 0) -> Iterator[tuple[int, int, bytes]]:
        """Every committed frame behind that number: its own, its page's, and the page."""
        with self.path.open("rb") as file:
            file.seek(_HEADER.size + after * (_FRAME.size + self.size))
            for number in range(after + 1, self.frames + 1):
                head, page = file.read(_FRAME.size), file.read(self.size)
                if len(page) < self.size:
                    return
                yield number, _FRAME.unpack(head)[0], page

    def broken(self) -> str | None:
        """What of the log is not as it was written; None where all of it is."""
        with self.path.open("rb") as file:
            head = file.read(_HEADER.size)
            if len(head) < _HEADER.size:
                return "its header is cut off"
            magic, _, _, _, salts, *said = _HEADER.unpack(head)
            sums = _summed(head[:24], [0, 0], magic)
            if salts != self.salts or sums != said:
                return "its header was altered"
            for number in range(1, self.frames + 1):
                head, page = file.read(_FRAME.size), file.read(self.size)
                if len(page) < self.size:
                    return f"it ends before frame {number} of {self.frames}"
                sums = _summed(head[:8] + page, sums, magic)
                if head[8:16] != self.salts or sums != _said(head):
                    return f"frame {number} of {self.frames} was altered"
        return None


_open: dict[tuple[int, int], int] = {}
"""A process that closes a file gives up every lock that it has on it, SQLite's as well: ``-shm`` stays open
until SQLite, which removes it with the last connection, has no lock on it any more."""


def _shared(path: str) -> bytes:
    try:
        found = os.stat(path)
        key = found.st_dev, found.st_ino
        if key not in _open:
            for old, descriptor in list(_open.items()):
                if os.fstat(descriptor).st_nlink == 0:
                    os.close(_open.pop(old))
            _open[key] = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return b""
    return os.pread(_open[key], _BACKFILLED + 4, 0)


def _said(head: bytes) -> list[int]:
    """The checksum in a frame's header: over all frames up to it."""
    return list(_FRAME.unpack(head)[3:])


def _summed(content: bytes, sums: Sequence[int], magic: int) -> list[int]:
    first, second = sums
    for one, other in struct.iter_unpack("<II" if magic == _LITTLE else ">II", content):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return [first, second]
