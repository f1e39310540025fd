"""The words that names are made of: how rare each is, and which of them a misspelled word may be.

A word that no name holds may be one of theirs mistyped (found by leaving out one letter of both), cut
short or squeezed ("resi", "svcs"), or two run together.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

_COMMON = 0.002  # share of names from which a word is common: looked for behind abbreviations, never mistyped
_ALIKE = 0.6  # share of letters that two spellings of one word must agree in
_SHORTENED = 0.8  # likeness of an abbreviation
_JOINED = 0.95  # likeness of words written as one, or one written as two
_LIKELIEST = 12  # words that one misspelling may stand for


class Meaning(NamedTuple):
    """A word of the register that a mention's words ``first`` to ``last`` may be, and how like they are (0-1)."""

    word: int
    likeness: float


class NameWords:
    """Every word of the register's names, numbered, with its weight in nats: rare words weigh more."""

    def __init__(self, names: Sequence[Sequence[str]]) -> None:
        """``names`` are lists of words; a word counts once a name."""
        held: dict[str, int] = defaultdict(int)
        for words in names:
            for word in set(words):
                held[word] += 1
        self.numbers = {word: number for number, word in enumerate(held)}
        self.spellings = list(held)
        self.holders = list(held.values())
        self.names = max(1, len(names))
        self.weights = [math.log((self.names + 1) / count) for count in self.holders]
        self._common = [word for word, count in held.items() if self._is_common(count)]
        self._shortened = _by_shortened(self.spellings, self.numbers)

    def _is_common(self, holders: int) -> bool:
        return holders > max(5, _COMMON * self.names)

    def meanings(self, word: str) -> list[Meaning]:
        """The register's words that ``word`` may be, likeliest first; a common word is only itself."""
        known = self.numbers.get(word)
        if known is not None and self._is_common(self.holders[known]):
            return [Meaning(known, 1.0)]
        near = {*self._mistyped(word)}
        if known is None:
            near |= {*self._abbreviated(word)}
        best: dict[int, float] = {} if known is None else {known: 1.0}
        for number, likeness in near:
            best[number] = max(likeness, best.get(number, 0.0))
        ranked = sorted(best.items(), key=lambda item: -item[1])[:_LIKELIEST]
        return [Meaning(number, likeness) for number, likeness in ranked]

    def apart(self, word: str) -> tuple[str, str] | None:
        """The two words of the register that ``word`` runs together, the rarest such pair's."""
        pairs = [
            (word[:at], word[at:])
            for at in range(3, len(word) - 2)
            if word[:at] in self.numbers and word[at:] in self.numbers
        ]
        return max(pairs, key=lambda pair: min(map(len, pair)), default=None)

    def _mistyped(self, word: str) -> Iterator[tuple[int, float]]:
        if len(word) < 3:
            return
        seen = set()
        for shortened in _shortenings(word):
            for number in self._shortened.get(shortened, ()):
                if number not in seen:
                    seen.add(number)
                    likeness = OSA.normalized_similarity(word, self.spellings[number], score_cutoff=_ALIKE)
                    if likeness:
                        yield number, likeness

    def _abbreviated(self, word: str) -> Iterator[tuple[int, float]]:
        """Common words that begin alike and hold the letters of ``word`` in order, or the other way round."""
        for common in self._common:
            if common[0] == word[0] and len(word) > 1 and (_within(word, common) or _within(common, word)):
                yield self.numbers[common], _SHORTENED


def _by_shortened(words: Iterable[str], numbers: dict[str, int]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for word in words:
        if len(word) >= 3:
            for shortened in _shortenings(word):
                found[shortened] = (*found.get(shortened, ()), numbers[word])
    return found


def _shortenings(word: str) -> set[str]:
    """The word, and the word without each of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _within(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)
