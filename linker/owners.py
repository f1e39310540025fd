"""The registered providers' names: found in a text in one pass, and a noisy name's likeliest owners.

A name is looked up by its rare three-letter pieces first and compared word by word afterwards, so that a
lookup costs the same whether the register holds a thousand companies or a hundred thousand.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick
from rapidfuzz import fuzz

from storage.names import is_council, organisation_key

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|&")
_SPOKEN = {"4": "for", "2": "to", "&": "and"}
_RARE_PIECE = 400
"""A three-letter piece that more names hold finds nothing in particular."""
_CLOSE = 82.0
"""How alike two words must be (rapidfuzz ratio) to be one word misspelled."""
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
    return [(_stem(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]


class Owners:
    """The names of all providers over time."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names``: pairs of provider id and name as spelled."""
        self.names: list[Name] = list(self._read(names))
        self._counts = Counter(word for name in self.names for word in set(name.words))
        self._by_words: dict[tuple[str, ...], list[str]] = defaultdict(list)
        self._pieces: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self.names):
            if name.provider not in self._by_words[name.words]:
                self._by_words[name.words].append(name.provider)
            for piece in _pieces(name.words):
                self._pieces[piece].append(number)
        self._automaton = self._scanner()

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
        words = tuple(_stem(word) for word in _WORD.findall(organisation_key(phrase)))
        if not words:
            return []
        if words in self._by_words:
            return [Likeness(one, "exact", 1.0) for one in self._by_words[words]]
        best: dict[str, Likeness] = {}
        for number in self._near(words):
            name = self.names[number]
            level, score = self._compare(words, name.words)
            if level and (name.provider not in best or best[name.provider].score < score):
                best[name.provider] = Likeness(name.provider, level, score)
        return sorted(best.values(), key=lambda one: -one.score)[:limit]

    def is_distinctive(self, words: Sequence[str]) -> bool:
        """Whether a name has two words, one of them rare, or three: such a name is no accident in a text."""
        rare = [word for word in words if self._counts[word] <= _GENERIC_AFTER and len(word) > 2]
        return len(words) >= 3 or (len(words) == 2 and bool(rare))

    def is_of_the_trade(self, phrase: str) -> bool:
        """Whether a name has a word that many registered names have: Care, Homes, Children's …"""
        return any(self._counts[word] > _GENERIC_AFTER for word, _, _ in words_of(phrase.lower()))

    def rarity(self, word: str) -> float:
        """Bits that a word tells of which name it is."""
        return math.log2((len(self.names) + 2) / (self._counts[word] + 1))

    def _read(self, names: Iterable[tuple[str, str]]) -> Iterator[Name]:
        seen = set()
        for provider, spelled in names:
            words = tuple(_stem(word) for word in _WORD.findall(organisation_key(spelled)))
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

    def _near(self, words: tuple[str, ...]) -> list[int]:
        """Names that share the most and the rarest pieces with the words."""
        scores: dict[int, float] = defaultdict(float)
        for piece in _pieces(words):
            holders = self._pieces.get(piece, ())
            if 0 < len(holders) <= _RARE_PIECE:
                weight = math.log2(len(self.names) / len(holders) + 1)
                for number in holders:
                    scores[number] += weight
        return sorted(scores, key=lambda one: -scores[one])[:30]

    def _compare(self, said: tuple[str, ...], registered: tuple[str, ...]) -> tuple[str | None, float]:
        """How much of each name the other covers, rare words counting most, misspellings for less."""
        kinship = [max((_alike(word, other) for other in registered), default=0.0) for word in said]
        back = [max((_alike(word, other) for other in said), default=0.0) for word in registered]
        weights = [self.rarity(word) for word in said]
        weights_back = [self.rarity(word) for word in registered]
        covered = sum(w * k for w, k in zip(weights, kinship, strict=True)) / sum(weights)
        covers = sum(w * k for w, k in zip(weights_back, back, strict=True)) / sum(weights_back)
        own = [k for word, k in zip(registered, back, strict=True) if self._counts[word] <= _GENERIC_AFTER]
        head = _alike(said[0], registered[0])
        if covered >= 0.97 and min(own, default=1.0) >= 0.99 and covers >= 0.4 and head:
            return ("short", 0.5 + covers / 2)
        if covered >= 0.8 and covers >= 0.72 and all(own):
            return ("close", min(covered, covers))
        return (None, 0.0)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) < 4 or one[0] != other[0]:
        return 0.0
    ratio = fuzz.ratio(one, other)
    return ratio / 100 if ratio >= _CLOSE else 0.0


def _pieces(words: Sequence[str]) -> set[str]:
    return {f"{word} "[at : at + 3] for word in words for at in range(max(len(word) - 1, 1))} | {
        f"^{word[:3]}" for word in words
    }


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
