"""The registered providers' names: found in a text in one pass, and a noisy name's likeliest owners."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from linker.names import NameIndex
from storage.names import is_council, organisation_key

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|&")
_SPOKEN = {"4": "for", "2": "to", "&": "and"}
_SAME, _SHORT, _MEANT = 0.99, 0.8, 0.7
"""Scores from which a name is the same, is shortened, is meant at all; unrelated names stay below 0.6."""
_AS_GOOD = 0.1
"""Names that score so much less than the best may be meant as well."""
_LIKED = 4096
"""Printed names remembered with their owners: a story repeats its operator, and papers the same ones."""
_GENERIC_AFTER = 12
"""A word in more registered names than this is a word of the trade and tells little."""


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of a provider's name."""

    provider: str
    spelled: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A provider that a name may stand for; ``level`` is exact, short or close, ``score`` 0 to 1."""

    provider: str
    level: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """A registered name in a text: its characters and the providers that bear it."""

    start: int
    end: int
    providers: tuple[str, ...]
    words: tuple[str, ...]


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    word = word.removesuffix("'s").replace("'", "")
    if len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return _SPOKEN.get(word, word)


def words_of(text: str) -> list[tuple[str, int, int]]:
    """The words of a small-lettered text as compared, with their characters."""
    words: list[tuple[str, int, int]] = []
    spelled = False  # whether the word before is one letter, or letters so far
    for found in _WORD.finditer(text):
        start, end = found.span()
        letter = end == start + 1 and text[start].isalpha()
        if letter and spelled and start - words[-1][2] <= 2 and not text[words[-1][2] : start].strip(". "):
            words[-1] = (words[-1][0] + text[start], words[-1][1], end)
        else:
            words.append((_stem(text[start:end]), start, end))
        spelled = letter
    return words


def _name_words(name: str) -> tuple[str, ...]:
    """The words of an organisation's name; letters written apart are one word: *G B A* is *GBA*."""
    return tuple(word for word, _, _ in words_of(organisation_key(name)))


class Owners:
    """The names of all providers over time."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names``: pairs of provider id and name as spelled."""
        self.names: list[Name] = list(self._read(names))
        self._counts = Counter(word for name in self.names for word in set(name.words))
        self._by_words: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name in self.names:
            if name.provider not in self._by_words[name.words]:
                self._by_words[name.words].append(name.provider)
        self._index = NameIndex.build((name.provider, name.spelled) for name in self.names)
        self._automaton = self._scanner()
        self._liked = lru_cache(maxsize=_LIKED)(self._like)

    def find(self, words: Sequence[tuple[str, int, int]]) -> Iterator[Found]:
        """Registered names word for word in a text, the longest where they overlap."""
        if not self._by_words:
            return
        line, starts = _line(words)
        found = []
        for last, key in self._automaton.iter(line):
            first = last - len(key) + 1
            found.append((starts[first], starts[last], tuple(key.split())))
        found.sort(key=lambda one: (one[0], -one[1]))
        free = -1
        for first, last, key in found:
            if first > free:
                free = last - 1
                yield Found(words[first][1], words[last - 1][2], tuple(self._by_words[key]), key)

    def like(self, phrase: str, limit: int = 8) -> list[Likeness]:
        """The providers that a name as printed may stand for, likeliest first."""
        return list(self._liked(phrase, limit))

    def _like(self, phrase: str, limit: int) -> list[Likeness]:
        words = _name_words(phrase)
        if not words:
            return []
        if words in self._by_words:
            return [Likeness(one, "exact", 1.0) for one in self._by_words[words]]
        hits = self._index.find(phrase, limit=limit)
        if not hits or hits[0].score < _MEANT:
            return []
        best = hits[0].score
        return [
            Likeness(hit.provider, _level(hit.score, best), hit.score)
            for hit in hits
            if hit.score >= best - _AS_GOOD
        ]

    def is_distinctive(self, words: Sequence[str]) -> bool:
        """Whether a name has two words, one of them rare, or three: such a name is no accident in a text."""
        rare = [word for word in words if self._counts[word] <= _GENERIC_AFTER and len(word) > 2]
        return len(words) >= 3 or (len(words) == 2 and bool(rare))

    def commonness(self, word: str) -> int:
        """In how many registered names a word stands."""
        return self._counts[word]

    def is_of_the_trade(self, phrase: str) -> bool:
        """Whether a name has a word that many registered names have: Care, Homes, Children's …"""
        return any(self._counts[word] > _GENERIC_AFTER for word, _, _ in words_of(phrase.lower()))

    def _read(self, names: Iterable[tuple[str, str]]) -> Iterator[Name]:
        seen = set()
        for provider, spelled in names:
            words = _name_words(spelled)
            if words and (provider, words) not in seen:
                seen.add((provider, words))
                yield Name(provider, spelled, words)

    def _scanner(self) -> ahocorasick.Automaton:
        automaton = ahocorasick.Automaton()
        for words in self._by_words:
            key = f" {' '.join(words)} "
            automaton.add_word(key, key)
        if self._by_words:
            automaton.make_automaton()
        return automaton


def _level(score: float, best: float) -> str:
    if score >= _SAME:
        return "exact"
    return "short" if best >= _SHORT and score >= best - 0.03 else "close"


def _line(words: Sequence[tuple[str, int, int]]) -> tuple[str, dict[int, int]]:
    """The words in one line between spaces, and the word that begins behind each space."""
    starts, position, parts = {0: 0}, 0, []
    for number, (word, _, _) in enumerate(words):
        parts.append(word)
        position += len(word) + 1
        starts[position] = number + 1
    return f" {' '.join(parts)} ", starts


def is_of_council(words: Sequence[str]) -> bool:
    """Whether a registered name is a council's."""
    return "council" in words or is_council(" ".join(words))
