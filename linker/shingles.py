"""Runs of three words as numbers, and where in a corpus of texts each run stands: six bytes a word.

A word's number forgives what a newspaper changes without changing the words: capitals, accents, curly
apostrophes, ligatures of a PDF, plural and possessive endings.
"""

import mmap
import os
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint32]
NOWHERE: Numbers = np.empty(0, np.int64)
WIDTH = 3  # words: with four, two edits leave nothing of an eight-word quotation

_BETWEEN = re.compile(r"([^\w'’ʼ]+)")
_EDGES = "'’ʼ_"  # taken for part of a word while splitting, which is twice as quick; trimmed from its ends
_MIXERS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)  # odd numbers that spread over 32 bits
_LOW = 0xFFFF


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: the number, first character and the character behind each."""

    text: str
    codes: list[int]
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> Self:
        """The words of ``text``, offsets in code points."""
        parts, first, end = _split(text)
        bounds = list(accumulate(map(len, parts), initial=0))
        words = slice(2 * first, 2 * end, 2)
        return cls(
            text=text,
            codes=list(map(code, parts[words])),
            starts=bounds[words],
            ends=bounds[2 * first + 1 : 2 * end : 2],
        )

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The characters from the first word to the last, without quotation marks around."""
        stretch = self.text[self.starts[first] : self.ends[last]]
        end = self.starts[first] + len(stretch.rstrip(_EDGES))
        return end - len(stretch.strip(_EDGES)), end

    def keys(self) -> Keys:
        """The number of each run of ``WIDTH`` words; empty for a shorter text."""
        codes = np.fromiter(self.codes, np.uint64, len(self.codes))
        if len(codes) < WIDTH:
            return np.empty(0, np.uint32)
        mixed = np.zeros(len(codes) - WIDTH + 1, np.uint64)
        for place, mixer in enumerate(_MIXERS):
            mixed = mixed * np.uint64(31) + codes[place : place + len(mixed)] * np.uint64(mixer)
        mixed ^= mixed >> np.uint64(29)
        return ((mixed * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(32)).astype(np.uint32)


class Segment:
    """The places of every run in one stretch of the corpus; never changed once made."""

    def __init__(self, packed: npt.NDArray[np.uint64], first: int) -> None:
        """``packed`` holds a run's key above its place, counted from character ``first``; used up."""
        self.first = first
        self.path: Path | None = None  # where it is kept
        packed.sort()
        self._places = packed.astype(np.uint32)
        packed >>= np.uint64(32)
        self._lows = packed.astype(np.uint16)
        packed >>= np.uint64(16)
        self._begins = packed.searchsorted(np.arange(_LOW + 2, dtype=np.uint64))

    @classmethod
    def of(cls, keys: Sequence[Keys], places: Sequence[Numbers]) -> Self:
        """A segment of keys and their places in the corpus, which lie within 4 billion characters."""
        first = int(places[0][0])
        packed = np.concatenate(keys).astype(np.uint64)
        packed <<= np.uint64(32)
        begin = 0
        for stretch in places:
            packed[begin : begin + len(stretch)] |= (stretch - first).astype(np.uint64)
            begin += len(stretch)
        return cls(packed, first)

    @classmethod
    def joined(cls, segments: Sequence[Self]) -> Self:
        """One segment in the place of neighbours."""
        first = segments[0].first
        packed = np.empty(sum(map(len, segments)), np.uint64)
        begin = 0
        for segment in segments:
            stretch = packed[begin : begin + len(segment)]
            stretch[:] = np.repeat(np.arange(_LOW + 1, dtype=np.uint64), np.diff(segment._begins))
            stretch <<= np.uint64(16)
            stretch |= segment._lows
            stretch <<= np.uint64(32)
            stretch += segment._places
            stretch += np.uint64(segment.first - first)
            begin += len(segment)
        return cls(packed, first)

    @classmethod
    def mapped(cls, path: Path, first: int, count: int) -> Self:
        """A segment of ``count`` places that ``write`` made, left in its file until it is asked.

        OSError or ValueError where the file is not of that size.
        """
        with path.open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        behind = (_LOW + 2) * 8
        if len(held) != behind + 6 * count:
            raise ValueError(f"{path} is not of {count} places")
        segment = cls.__new__(cls)
        segment.first, segment.path = first, path
        segment._begins = np.frombuffer(held, np.int64, _LOW + 2)
        segment._places = np.frombuffer(held, np.uint32, count, behind)
        segment._lows = np.frombuffer(held, np.uint16, count, behind + 4 * count)
        return segment

    def write(self, path: Path) -> None:
        """Write it as ``mapped`` reads it, in this machine's order of bytes."""
        with path.open("wb") as file:
            for part in (self._begins.astype(np.int64), self._places, self._lows):
                file.write(part.data)
            file.flush()
            os.fsync(file.fileno())

    def __len__(self) -> int:
        return len(self._places)

    def places(self, keys: Keys) -> list[Numbers]:
        """Where each of the runs stands, as characters of the corpus, rising."""
        highs = keys >> np.uint32(16)
        begins, ends = self._begins[highs].tolist(), self._begins[highs + np.uint32(1)].tolist()
        found = []
        for begin, end, low in zip(begins, ends, keys.astype(np.uint16), strict=True):
            lows = self._lows[begin:end]
            left = int(lows.searchsorted(low))
            if begin + left == end or lows[left] != low:
                found.append(NOWHERE)
                continue
            right = int(lows.searchsorted(low, "right"))
            found.append(self._places[begin + left : begin + right].astype(np.int64) + self.first)
        return found


def words_and_gaps(text: str) -> tuple[list[str], list[str]]:
    """The words of a text, and what stands between each and the next."""
    parts, first, end = _split(text)
    return parts[2 * first : 2 * end : 2], parts[2 * first + 1 : 2 * end - 1 : 2]


def _split(text: str) -> tuple[list[str], int, int]:
    """Word, gap, word …, three times as quick as a match a word; the first word, and that behind the last."""
    parts = _BETWEEN.split(text)
    return parts, int(not parts[0]), len(parts) // 2 + int(bool(parts[-1]))


@lru_cache(maxsize=1 << 18)
def code(word: str) -> int:
    """The number of a word: of its plain stem, and the same in every process."""
    plain = word.casefold()
    if not plain.isascii():
        folded = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return zlib.crc32(_stem(re.sub("['’ʼ_]", "", plain)).encode())


def _stem(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]
