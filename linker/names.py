"""Which registered provider a noisy name means.

    index = NameIndex.build([(provider id, name), ...])
    index.find("Chrystal Care")     # best first

A mention's words, each of which may be a misspelling, propose the names that hold the rarer of them; what
agrees is weighed by how few names hold it, so that a word every provider uses ("care", "homes") makes no
match: learned from the register. Words that the mention leaves out cost less than words the name lacks.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from linker.namewords import Meaning, NameWords
from storage.names import organisation_key

_WIDEST = 8  # words of a name that are compared
_PROPOSED = 200  # names looked at for one mention
_LEFT_OUT = 0.2  # cost of a name's word that the mention leaves out, by its weight; the rarest costs all
_MISSPELT = 1.4  # cost of the weight that a misspelt word loses
_UNKNOWN = 0.5  # weight of a mention's word that no name holds, by the heaviest there may be
_SPELLING = 0.15  # share of the score that the likeness of the whole spelling decides
_RANKED = 8  # names compared by their whole spelling


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHit:
    """A provider that a mention may name.

    ``name`` is the registered spelling; ``score`` (0-1) how near the mention comes to it, rare words counting
    more; ``chance`` the share of the register's names that come at least as near.
    """

    provider: str
    name: str
    score: float
    chance: float


class _Met(NamedTuple):
    """A word of the register that is meant: by which of the words, how alike, and the weight of that."""

    place: int
    likeness: float
    agreeing: float
    misspelt: float


class _Mention(NamedTuple):
    """A mention read against the register: what each word may mean and weighs, and all words so meant."""

    key: str
    meanings: list[list[Meaning]]
    weights: list[float]
    met: dict[int, _Met]


class _Near(NamedTuple):
    """A name by number, with how near the mention comes to it by words alone."""

    score: float
    number: int


class NameIndex:
    """A register's names by their words. Never changed once made; pickles."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        keyed = [(provider, name, key) for provider, name in names if (key := organisation_key(name))]
        self._names = [(provider, name) for provider, name, _ in keyed]
        self._keys = [key for _, _, key in keyed]
        split = [list(dict.fromkeys(key.split()))[:_WIDEST] for key in self._keys]
        self._words = NameWords(split)
        weights, numbers = self._words.weights, self._words.numbers
        self._held = [
            tuple(sorted((numbers[word] for word in words), key=lambda number: -weights[number]))
            for words in split
        ]
        self._totals = [sum(weights[number] for number in held) for held in self._held]
        self._unknown = _UNKNOWN * float(np.log(len(keyed) + 1))
        self._holders, self._begins = _inverted(self._held, len(weights))

    @classmethod
    def build(cls, names: Iterable[tuple[str, str]]) -> Self:
        """An index of (provider id, name); a provider may have several names."""
        return cls(list(names))

    def __len__(self) -> int:
        return len(self._names)

    def find(self, mention: str, *, limit: int = 5) -> list[NameHit]:
        """The providers that ``mention`` may name, best first, each once."""
        read = self._read(mention)
        near, share = self._near(read)
        hits: dict[str, NameHit] = {}
        for score, (by_words, number) in self._ranked(read.key, near[: max(_RANKED, 2 * limit)]):
            provider, name = self._names[number]
            if provider not in hits and len(hits) < limit:
                others = bisect_right(near, -by_words, key=lambda one: -one.score) - 1
                chance = min(1.0, max(others / share, self._expected(read, number)) / len(self))
                hits[provider] = NameHit(provider=provider, name=name, score=score, chance=chance)
        return list(hits.values())

    def _read(self, mention: str) -> _Mention:
        key = organisation_key(mention)
        meanings = self._meanings(key.split())
        heavy = self._words.weights
        met: dict[int, _Met] = {}
        for place, word in enumerate(meanings):
            for number, likeness in word:
                if number not in met or met[number].likeness < likeness:
                    agreeing = likeness * heavy[number]
                    met[number] = _Met(place, likeness, agreeing, heavy[number] - agreeing)
        weights = [heavy[word[0].word] if word else self._unknown for word in meanings]
        return _Mention(key, meanings, weights, met)

    def _meanings(self, words: Sequence[str]) -> list[list[Meaning]]:
        """What each word may mean; initials of the words before say nothing."""
        read: list[list[Meaning]] = []
        initials = ""
        for place, word in enumerate(words):
            if len(initials) > 1 and word == initials:
                continue
            initials += word[0]
            following = words[place + 1] if place + 1 < len(words) else ""
            read.extend(self._words.readings(word, following))
        return read[:_WIDEST]

    def _near(self, mention: _Mention) -> tuple[list[_Near], float]:
        """Names that hold the rarest of the meant words, nearest first, and their share of all such."""
        found: set[int] = set()
        share = 1.0
        for word in sorted(mention.met, key=self._words.holders.__getitem__):
            count, room = self._words.holders[word], _PROPOSED - len(found)
            if found and count > room:
                break
            step = -(-count // room)
            found.update(self._holders[self._begins[word] : self._begins[word + 1] : step].tolist())
            share = min(share, 1 / step)
        return sorted((self._score(mention, number) for number in found), reverse=True), share

    def _score(self, mention: _Mention, number: int) -> _Near:
        """How near the mention comes to the name: the weight that agrees, by that and all that does not."""
        held = self._held[number]
        agreeing = misspelt = 0.0
        places = set()
        for word in held:
            if word in mention.met:
                met = mention.met[word]
                agreeing += met.agreeing
                misspelt += met.misspelt
                places.add(met.place)
        left_out = _LEFT_OUT * (self._totals[number] - agreeing - misspelt)
        if held[0] not in mention.met:
            left_out += (1 - _LEFT_OUT) * self._words.weights[held[0]]
        lacking = sum(weight for place, weight in enumerate(mention.weights) if place not in places)
        return _Near(agreeing / (agreeing + _MISSPELT * misspelt + left_out + lacking), number)

    def _ranked(self, key: str, near: Sequence[_Near]) -> list[tuple[float, _Near]]:
        """The names with the likeness of the whole spelling in their score, best first."""
        ranked = [
            (
                (1 - _SPELLING) * one.score
                + _SPELLING * Indel.normalized_similarity(key, self._keys[one.number]),
                one,
            )
            for one in near
        ]
        return sorted(ranked, reverse=True)

    def _expected(self, mention: _Mention, number: int) -> float:
        """How many names hold words at least so like, if words were spread by chance."""
        expected = float(len(self))
        for met in (mention.met[word] for word in self._held[number] if word in mention.met):
            expected *= self._words.frequency(mention.meanings[met.place], met.likeness)
        return expected


def _inverted(
    held: Sequence[Sequence[int]], words: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The names that hold each word, one after the other, and where each word's begin."""
    flat = np.asarray([word for name in held for word in name], np.int32)
    names = np.repeat(np.arange(len(held), dtype=np.int32), [len(name) for name in held])
    begins = np.concatenate([[0], np.cumsum(np.bincount(flat, minlength=words))])
    return names[flat.argsort(kind="stable")], begins
