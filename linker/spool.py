"""The reports' texts outside memory: a file that no other process sees, read a stretch at a time.

Twenty thousand reports are a third of a gigabyte of text, of which an article needs some hundred lines.
"""

import tempfile
import weakref
from array import array
from threading import Lock
from typing import Any

_BLOCK = 1_024
"""Characters of a text between two marks of where its bytes stand."""


class Spool:
    """Texts by number, in the order in which they were put in; pickles with all it holds."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the spool is held
        weakref.finalize(self, self._file.close)
        self._begins = array("Q")  # of each block in the file, and the end of the last
        self._first = array("Q", [0])  # each text's first block, and the end of the last
        self._end, self._lock = 0, Lock()

    def put(self, text: str) -> None:
        """Keep one more text."""
        blocks = [_bytes(text[at : at + _BLOCK]) for at in range(0, len(text), _BLOCK)]
        with self._lock:
            self._file.seek(self._end)
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
            self._file.seek(start)
            held = self._file.read(stop - start)
        text = held.decode("utf-8", "surrogatepass")
        skipped = (begin // _BLOCK) * _BLOCK
        return text[begin - skipped : end - skipped]

    def __getstate__(self) -> dict[str, Any]:
        with self._lock:
            self._file.seek(0)
            return {"held": self._file.read(self._end), "begins": self._begins, "first": self._first}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__()  # type: ignore[misc]
        self._file.write(state["held"])
        self._begins, self._first, self._end = state["begins"], state["first"], len(state["held"])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
