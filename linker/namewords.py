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
_ALIKE = 0.7  # share of letters that two spellings of one word must agree in
_MISTYPED = 0.8  # likeness from which a word is taken for mistyped and not for two run together
_SHORTENED = 0.8  # likeness of an abbreviation
_JOINED = 0.95  # likeness of words written as one, or one written as two
_SHORTEST_PAIR = 7  # letters of two words run together
_SHORTEST_PART = 4  # letters of the one of them that must be known
_LIKELIEST = 12  # words that one misspelling may stand for


class Meaning(NamedTuple):
    """A word of the register that a word of the mention may be, and how like they are (0-1)."""

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
        self._common = {word for word, count in held.items() if self._is_common(count)}
        self._kin = {word: self._forms(word) for word in self._common}
        self._shortened = _by_shortened(self.spellings, self.numbers)

    def _is_common(self, holders: int) -> bool:
        return holders > max(5, _COMMON * self.names)

    def readings(self, word: str, following: str) -> list[list[Meaning]]:
        """What ``word`` may mean, as one word or, where two are run together, as two."""
        meanings = self.meanings(word)
        if following and (together := self.numbers.get(word + following)) is not None:
            meanings.append(Meaning(together, _JOINED))
        if len(word) < _SHORTEST_PAIR or (meanings and meanings[0].likeness >= _MISTYPED):
            return [meanings]
        apart = self._apart(word)
        return [[*meanings, *apart[0]], *apart[1:]] if apart else [meanings]

    def meanings(self, word: str) -> list[Meaning]:
        """The register's words that ``word`` may be, likeliest first; a common word is no misspelling."""
        known = self.numbers.get(word)
        if known is not None and self._is_common(self.holders[known]):
            return [Meaning(known, 1.0), *self._kin.get(word, ())]
        near = {*self._mistyped(word)}
        if known is None:
            near |= {*self._abbreviated(word)}
        best: dict[int, float] = {} if known is None else {known: 1.0}
        for number, likeness in near:
            best[number] = max(likeness, best.get(number, 0.0))
        ranked = sorted(best.items(), key=lambda item: -item[1])[:_LIKELIEST]
        return [Meaning(number, likeness) for number, likeness in ranked]

    def frequency(self, meanings: Sequence[Meaning], likeness: float) -> float:
        """The share of names that hold a word at least so like, by the register's own counts."""
        return min(
            1.0, sum(self.holders[number] for number, like in meanings if like >= likeness) / self.names
        )

    def _apart(self, word: str) -> list[list[Meaning]]:
        """What the two words mean that ``word`` runs together, by the longest part that is known."""
        splits = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        known = [max((len(part) for part in split if part in self.numbers), default=0) for split in splits]
        if max(known) < _SHORTEST_PART:
            return []
        split = splits[known.index(max(known))]
        return [
            [Meaning(number, likeness * _JOINED) for number, likeness in self.meanings(part)]
            for part in split
        ]

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

    def _forms(self, word: str) -> list[Meaning]:
        """Other common words that are this one with an ending: ``home`` and ``homes``."""
        return [
            Meaning(self.numbers[other], _SHORTENED)
            for other in self._common
            if other != word
            and min(len(word), len(other)) > 3
            and (other.startswith(word) or word.startswith(other))
        ]

    def _abbreviated(self, word: str) -> Iterator[tuple[int, float]]:
        """Common words that ``word`` cuts short, or squeezes between their first and last letter."""
        for common in self._common:
            squeezed = word[0] == common[0] and word[-1] == common[-1] and _within(word, common)
            if 2 < len(word) < len(common) and (squeezed or common.startswith(word)):
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
