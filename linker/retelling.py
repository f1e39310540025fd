"""Sentences of an article that retell sentences of a report in other words.

Shared words count by how few of the reports have them, and only beyond what unrelated reports share with the
same sentence: what any report says alike weighs nothing, learned from the corpus and not from a list. Words
with a capital are left out, so no name of a person, a place or a firm is ever compared.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, Self
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from linker.quotations import QuotationIndex
from linker.shingles import Numbers, code, words_and_gaps

Floats = npt.NDArray[np.float64]

LEAST_REPORTS = 60
"""Reports below which nobody can tell what is common in them."""
_SAMPLED = 150
"""Reports, spread over all, by which a word's rarity and the usual likeness are known."""
_COMMON = 2.0
"""Bits up to which a word is too common to tell anything."""
_SHORT = 4  # letters; shorter words are of grammar
_HELD = 256  # reports whose words stay in memory
_STOP = re.compile(r"[.!?;]\s|\n")
_WIDE = 1 << 20  # more stretches than a report has


class Said(NamedTuple):
    """The telling words of some sentences: their codes, the sentence of each, their bits."""

    codes: Numbers
    sentences: Numbers
    bits: Floats
    whole: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """For each (sentence, report) the bits of the words that its likest stretch shares, and how many."""

    bits: Floats
    words: Floats


class Stretches:
    """The words of some reports by the stretch between two stops in which they stand."""

    def __init__(self, codes: Numbers, stretches: Numbers, reports: int) -> None:
        order = np.argsort(codes, kind="stable")
        self.codes, self.stretches, self.reports = codes[order], stretches[order], reports

    @classmethod
    def of(cls, held: Sequence[Numbers]) -> Self:
        """Of reports as ``words_of`` gives them."""
        packed = [one + ((number * _WIDE) << 32) for number, one in enumerate(held)]
        together = np.concatenate(packed) if packed else np.empty(0, np.int64)
        return cls(together & 0xFFFFFFFF, together >> 32, len(held))

    def like(self, said: Said) -> Likeness:
        """How much the sentences have in common with each report."""
        bits, words = np.zeros((2, said.whole, self.reports))
        low, high = self.codes.searchsorted(said.codes), self.codes.searchsorted(said.codes, "right")
        counts = high - low
        pairs = int(counts.sum())
        if not pairs:
            return Likeness(bits, words)
        begins = np.cumsum(counts) - counts
        places = np.arange(pairs) - np.repeat(begins - low, counts)
        keys = np.repeat(said.sentences, counts) * (self.reports * _WIDE) + self.stretches[places]
        order = np.argsort(keys, kind="stable")
        keys, weights = keys[order], np.repeat(said.bits, counts)[order]
        firsts = np.flatnonzero(np.concatenate([[True], np.diff(keys) > 0]))
        sums, shared = np.add.reduceat(weights, firsts), np.diff(np.concatenate([firsts, [pairs]]))
        sentence, report = np.divmod(keys[firsts] // _WIDE, self.reports)
        np.maximum.at(bits, (sentence, report), sums)
        best = sums >= bits[sentence, report]
        words[sentence[best], report[best]] = shared[best]
        return Likeness(bits, words)


class Retellings:
    """The reports of one index, compared with sentences."""

    def __init__(self, index: QuotationIndex) -> None:
        self._index = index
        self._held: OrderedDict[str, Numbers] = OrderedDict()
        self.sampled = tuple(index.spread(_SAMPLED)) if len(index) >= LEAST_REPORTS else ()
        words = [words_of(index.text(one)) for one in self.sampled]
        self._sample = Stretches.of(words)
        told = [np.unique(one & 0xFFFFFFFF) for one in words]
        self._vocabulary, self._holders = np.unique(
            np.concatenate(told) if told else np.empty(0, np.int64), return_counts=True
        )

    def rarity(self, codes: Numbers) -> Floats:
        """Bits of each word: how few of the sampled reports have it."""
        if not len(self._vocabulary):
            return np.zeros(len(codes))
        at = np.minimum(self._vocabulary.searchsorted(codes), len(self._vocabulary) - 1)
        holders = np.where(self._vocabulary[at] == codes, self._holders[at], 0)
        return np.asarray(np.log2((len(self.sampled) + 1) / (holders + 1)))

    def said(self, sentences: Iterable[Numbers]) -> Said:
        """The words of sentences that are rare enough to tell something."""
        held = [np.unique(one) for one in sentences]
        codes = np.concatenate(held) if held else np.empty(0, np.int64)
        numbers = np.repeat(np.arange(len(held)), [len(one) for one in held])
        bits = self.rarity(codes)
        telling = bits > _COMMON
        return Said(codes[telling], numbers[telling], bits[telling], len(held))

    def like(
        self, said: Said, reports: Sequence[str], without: Mapping[str, Sequence[tuple[int, int]]]
    ) -> Likeness:
        """How much the sentences have in common with these, but for sentences with these characters."""
        return Stretches.of([self._words(one, without.get(one, ())) for one in reports]).like(said)

    def usual(self, said: Said, without: Iterable[str]) -> Floats:
        """For each sentence the most that a sampled report has in common with it, leaving some out."""
        bits = self._sample.like(said).bits
        left_out = set(without)
        others = [number for number, one in enumerate(self.sampled) if one not in left_out]
        return np.asarray(bits[:, others].max(axis=1, initial=0.0))

    def _words(self, report: str, without: Sequence[tuple[int, int]]) -> Numbers:
        if without:
            return words_of(_blotted(self._index.text(report), without))
        if report not in self._held:
            self._held[report] = words_of(self._index.text(report))
            if len(self._held) > _HELD:
                self._held.popitem(last=False)
        return self._held[report]


_KNOWN: WeakKeyDictionary[QuotationIndex, Retellings] = WeakKeyDictionary()


def retellings_of(index: QuotationIndex) -> Retellings:
    """The same for the same index; its sample is read once."""
    if index not in _KNOWN:
        _KNOWN[index] = Retellings(index)
    return _KNOWN[index]


def words_of(text: str) -> Numbers:
    """Each longer word's code below the number of its stretch, every word of a stretch once."""
    words, gaps = words_and_gaps(text)
    count = len(words)
    if not count:
        return np.empty(0, np.int64)
    stretches = np.fromiter(accumulate(map(_stops, gaps), initial=0), np.int64, count)
    lengths = np.fromiter(map(len, words), np.int64, count)
    packed = (stretches << 32) | np.fromiter(map(code, words), np.int64, count)
    return np.unique(packed[lengths >= _SHORT])


@lru_cache(maxsize=1 << 12)
def _stops(gap: str) -> bool:
    """Whether a stretch ends in what stands between two words: the same few gaps fill every report."""
    return bool(_STOP.search(gap))


def _blotted(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without the sentences in which the spans lie."""
    for first, last in spans:
        start, end = text.rfind(".", 0, first) + 1, text.find(".", last)
        end = end if end >= 0 else len(text)
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def telling_words(sentence: str) -> Numbers:
    """The codes of a sentence's longer words without capitals and digits."""
    words, _ = words_and_gaps(sentence)
    return np.asarray([number for number in map(_telling, words) if number is not None], np.int64)


@lru_cache(maxsize=1 << 16)
def _telling(word: str) -> int | None:
    plain = len(word) >= _SHORT and word[0].islower() and word.replace("'", "").isalpha()
    return code(word) if plain else None
