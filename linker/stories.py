"""Near-copies of one story: agency copy, and what papers and aggregators take from one another.

    sketch(text)                    bands of a MinHash: texts with one in common are worth comparing
    Body(text).likeness(other)      how much of the shorter text stands in the longer; 0: two stories

A copy may be cut, its words edited, its headline new. What makes two stories is a lead that the other lacks
(a follow-up repeats the old story below its news) and stretches of the shorter that are nowhere in the
longer: stock paragraphs agree word for word and the rest not at all, a copy agrees a little everywhere.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from linker.shingles import Keys, Words

_PERMUTATIONS, _ROWS = 72, 3
"""24 bands of 3, of the whole and of the lead: copies half of whose runs agree meet in 998 of 1,000."""
_LEAD = 80  # words at the beginning, sketched by themselves since a cut copy keeps them
_LEAST = 30  # words: shorter texts say too little to be told apart
_WINDOW, _AGREES = 12, 1 / 3
"""Runs of words in a stretch, and how many of them must stand in the other text."""
_COVERED, _OWN_COVERED = 0.7, 0.85
"""The share of the shorter's stretches that a copy has in the longer; more where one paper printed both."""
_LED, _WHOLE = 0.5, 0.6
"""The share of the longer's lead that stands in the shorter, or else of all of it."""
_NAMED = 0.7
"""The share of names and numbers that a copy keeps: stories told by one template differ in these."""
_NAME = re.compile(r"(?<![.!?:\"“”] )(?<!^)(?<!\n)\b(?:[A-Z][\w'’-]+|\d[\d,.]*\d|\d)\b")


@dataclass(frozen=True)
class Body:
    """A text to compare, and the paper that printed it."""

    text: str
    outlet: str | None = None

    @cached_property
    def keys(self) -> Keys:
        """The numbers of its runs of three words."""
        return Words.of(self.text).keys()

    @cached_property
    def names(self) -> frozenset[str]:
        """Its names and numbers, but for the words that open a sentence."""
        return frozenset(found.group() for found in _NAME.finditer(self.text))

    def likeness(self, other: "Body") -> float:
        """The share of the shorter text found in the longer, the same either way; 0 for two stories."""
        shorter, longer = sorted((self, other), key=lambda one: (len(one.keys), one.text))
        if len(shorter.keys) < _LEAST:
            return 0.0
        covered = _covered(shorter.keys, longer.keys)
        own = bool(self.outlet) and self.outlet == other.outlet
        if covered < (_OWN_COVERED if own else _COVERED) or _kept(shorter.names, longer.names) < _NAMED:
            return 0.0
        led = _covered(longer.keys[:_LEAD], shorter.keys) >= _LED
        back = _covered(longer.keys, shorter.keys) >= _WHOLE
        return covered if led or (back and not own) else 0.0


def sketch(text: str) -> list[int]:
    """The bands of the whole and of the lead; none for a text too short to have copies."""
    keys = Words.of(text).keys()
    if len(keys) < _LEAST:
        return []
    return sorted({*_bands(keys, 0), *_bands(keys[:_LEAD], 1 << 40)})


def minhash(keys: Keys) -> npt.NDArray[np.uint32]:
    """The least of the keys after each permutation, as ``datasketch.MinHash`` (2.0) makes it.

    Here, because importing that package loads scipy, which took a sixth of a short run.
    """
    mixed = keys ^ (keys >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)  # MurmurHash3's last step, a bijection
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    factors, shifts = _permutations()
    least: npt.NDArray[np.uint32] = (np.multiply.outer(mixed, factors) + shifts).min(axis=0)
    return least


@cache
def _permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Factors and shifts of each permutation, modulo 2^32: bijections, as the factors are odd."""
    dice = np.random.RandomState(1)  # its numbers never change
    factors = dice.randint(0, 1 << 31, _PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, dice.randint(0, 1 << 32, _PERMUTATIONS, dtype=np.uint32)


def _bands(keys: Keys, salt: int) -> list[int]:
    """Each band of the MinHash as one number below 2^62, with its place in it."""
    rows = minhash(keys).astype(np.uint64).reshape(-1, _ROWS)
    mixed: npt.NDArray[Any] = np.zeros(len(rows), np.uint64)
    for column in rows.T:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(31)
    mixed = (mixed + np.arange(len(rows), dtype=np.uint64) + np.uint64(salt)) * np.uint64(0xBF58476D1CE4E5B9)
    return [int(band) for band in mixed >> np.uint64(2)]


def _covered(keys: Keys, others: Keys) -> float:
    """The share of a text's stretches of which a third or more of the runs stand in another."""
    if not len(keys):
        return 0.0
    held: npt.NDArray[np.bool_] = np.isin(keys, others)
    count = max(round(len(held) / _WINDOW), 1)
    stretches = np.array_split(held, count)
    return sum(float(stretch.mean()) >= _AGREES for stretch in stretches) / count


def _kept(names: frozenset[str], others: frozenset[str]) -> float:
    return len(names & others) / len(names) if names else 1.0
