"""The reports' texts outside memory: a file that no other process sees, read a stretch at a time.

Twenty thousand reports are a third of a gigabyte of text, of which an article needs some hundred lines.
A spool may stand on a kept file, whose texts it has without copying them.
"""

import os
import tempfile
import weakref
from array import array
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import IO, Any, Self

_BLOCK = 1_024
"""Characters of a text between two marks of where its bytes stand."""
_COPIED = 1 << 20


class Spool:
    """Texts by number, in the order in which they were put in; pickles with all it holds."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the spool is held
        weakref.finalize(self, self._file.close)
        self._kept: IO[bytes] = self._file
        self._kept_end = 0  # how much of the kept file it has
        self._begins = array("Q")  # of each block, first those of the kept file
        self._first = array("Q", [0])  # each text's first block, and the end of the last
        self._end, self._lock = 0, Lock()

    @classmethod
    def over(cls, path: Path, end: int, begins: Sequence[int], first: Sequence[int]) -> Self:
        """The texts in the first ``end`` bytes of a file that ``write`` made; OSError where it is shorter."""
        spool = cls()
        spool._kept = path.open("rb")
        weakref.finalize(spool, spool._kept.close)
        if os.fstat(spool._kept.fileno()).st_size < end:
            raise OSError(f"{path} is cut short")
        spool._kept_end = spool._end = end
        spool._begins, spool._first = array("Q", begins), array("Q", first)
        return spool

    @property
    def path(self) -> Path | None:
        """The kept file that it stands on."""
        return None if self._kept is self._file else Path(self._kept.name)

    @property
    def end(self) -> int:
        """The bytes of all texts."""
        return self._end

    @property
    def blocks(self) -> tuple[Sequence[int], Sequence[int]]:
        """Where each block begins, and each text's first block."""
        return self._begins, self._first

    def put(self, text: str) -> None:
        """Keep one more text."""
        blocks = [_bytes(text[at : at + _BLOCK]) for at in range(0, len(text), _BLOCK)]
        with self._lock:
            self._file.seek(self._end - self._kept_end)
            self._file.write(b"".join(blocks))
            for block in blocks:
                self._begins.append(self._end)
                self._end += len(block)
            self._first.append(len(self._begins))

    def stretch(self, number: int, begin: int, end: int) -> str:
        """The characters of a text from ``begin`` to ``end``, or to its end."""
        first, behind = self._first[number], self._first[number + 1]
        low, high = first + begin // _BLOCK, min(first + end // _BLOCK + 1, behind)
        if low >= high:
            return ""
        start = self._begins[low]
        stop = self._begins[high] if high < len(self._begins) else self._end
        with self._lock:
            held = self._read(start, stop)
        text = held.decode("utf-8", "surrogatepass")
        skipped = (begin // _BLOCK) * _BLOCK
        return text[begin - skipped : end - skipped]

    def write(self, path: Path) -> None:
        """Write all texts to ``path``; of the file the spool stands on, only what came since is added."""
        same = path == self.path
        with self._lock, path.open("r+b" if same else "wb") as file:
            if same:
                file.seek(self._kept_end)
            elif self.path:
                _copy(self._kept, file, self._kept_end)
            _copy(self._file, file, self._end - self._kept_end)
            file.flush()
            os.fsync(file.fileno())

    def _read(self, start: int, stop: int) -> bytes:
        """The bytes from one place to another, which are both in one of the files."""
        file, begin = (self._kept, 0) if start < self._kept_end else (self._file, self._kept_end)
        file.seek(start - begin)
        return file.read(stop - start)

    def __getstate__(self) -> dict[str, Any]:
        with self._lock:
            held = self._read(0, self._kept_end) + self._read(self._kept_end, self._end)
            return {"held": held, "begins": self._begins, "first": self._first}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__()  # type: ignore[misc]
        self._file.write(state["held"])
        self._begins, self._first, self._end = state["begins"], state["first"], len(state["held"])


def _copy(source: IO[bytes], target: IO[bytes], length: int) -> None:
    """The first ``length`` bytes of a file behind what another holds."""
    source.seek(0)
    for at in range(0, length, _COPIED):
        target.write(source.read(min(_COPIED, length - at)))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
