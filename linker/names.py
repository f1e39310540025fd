"""Which registered provider a noisy name means.

    index = NameIndex.build([(provider id, name), ...])
    index.find("Chrystal Care")     # best first

A mention's words, each of which may be a misspelling, propose the names that hold the rarer of them; what
agrees is weighed by how few names hold it, so that a word every provider uses ("care", "homes") makes no
match: learned from the register. Words that the mention leaves out cost less than words the name lacks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from linker.namewords import Meaning, NameWords
from storage.names import organisation_key

_WIDEST = 8  # words of a name that are compared
_PROPOSED = 3_000  # names looked at for one mention
_LEFT_OUT = 0.3  # cost of a name's word that the mention leaves out, by its weight
_ADDED = 0.7  # cost of a mention's word that the name lacks
_UNKNOWN = 0.5  # weight of a word that no name holds, by the heaviest
_SPELLING = 0.08  # share of the score that the likeness of the whole spelling decides
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


class NameIndex:
    """A register's names by their words. Never changed once made; pickles."""

    def __init__(self, names: Sequence[tuple[str, str]]) -> None:
        self._names = [(provider, name) for provider, name in names if organisation_key(name)]
        self._keys = [organisation_key(name) for _, name in self._names]
        split = [list(dict.fromkeys(key.split()))[:_WIDEST] for key in self._keys]
        self._words = NameWords(split)
        self._weights = np.asarray([*self._words.weights, 0.0], np.float32)
        nothing = len(self._words.weights)
        self._held = np.full((len(split), _WIDEST), nothing, np.int32)
        for number, words in enumerate(split):
            self._held[number, : len(words)] = [self._words.numbers[word] for word in words]
        self._totals = self._weights[self._held].sum(axis=1)
        self._holders, self._begins = _inverted(self._held, nothing)
        self._likeness = np.zeros(nothing + 1, np.float32)
        self._meant_by = np.zeros(nothing + 1, np.int32)

    @classmethod
    def build(cls, names: Iterable[tuple[str, str]]) -> Self:
        """An index of (provider id, name); a provider may have several names."""
        return cls(list(names))

    def __len__(self) -> int:
        return len(self._names)

    def find(self, mention: str, *, limit: int = 5) -> list[NameHit]:
        """The providers that ``mention`` may name, best first, each once."""
        key = organisation_key(mention)
        meanings = self._read(key.split()[:_WIDEST])
        names, seen = self._proposed(meanings)
        if not len(names):
            return []
        scores = self._scores(names, meanings)
        return self._hits(key, names, scores, seen, limit)

    def _read(self, words: Sequence[str]) -> list[list[Meaning]]:
        """What each word may mean; two words run together are read apart, and one written as two together."""
        read: list[list[Meaning]] = []
        for place, word in enumerate(words):
            meanings = self._words.meanings(word)
            together = self._words.numbers.get(word + words[place + 1]) if place + 1 < len(words) else None
            if together is not None:
                meanings = [*meanings, Meaning(together, 0.95)]
            if word not in self._words.numbers and (apart := self._words.apart(word)):
                read.append([*meanings, Meaning(self._words.numbers[apart[0]], 0.95)])
                meanings = [Meaning(self._words.numbers[apart[1]], 0.95)]
            read.append(meanings)
        return read

    def _proposed(self, meanings: Sequence[Sequence[Meaning]]) -> tuple[npt.NDArray[np.int32], float]:
        """The names that hold the rarest meant words, and the share of those there are that was looked at."""
        words = sorted(
            {meaning.word for word in meanings for meaning in word},
            key=lambda word: self._words.holders[word],
        )
        parts: list[npt.NDArray[np.int32]] = []
        room, share = _PROPOSED, 1.0
        for word in words:
            holders = self._holders[self._begins[word] : self._begins[word + 1]]
            if len(holders) > room:
                if not parts:
                    share = room / len(holders)
                    parts.append(holders[:room])
                break
            parts.append(holders)
            room -= len(holders)
        return (np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int32)), share

    def _scores(
        self, names: npt.NDArray[np.int32], meanings: Sequence[Sequence[Meaning]]
    ) -> npt.NDArray[np.float32]:
        """How near the mention comes to each name: the weight that agrees by that and what does not."""
        mentioned = self._mark(meanings)
        held = self._held[names]
        agreeing = (self._likeness[held] * self._weights[held]).sum(axis=1)
        met = np.bitwise_or.reduce(self._meant_by[held], axis=1)
        lacking = np.zeros(1 << len(meanings), np.float32)
        for place, weight in enumerate(mentioned):
            lacking[(np.arange(len(lacking)) >> place) & 1 == 0] += weight
        self._unmark(meanings)
        left_out = self._totals[names] - agreeing
        return agreeing / (agreeing + _LEFT_OUT * left_out + _ADDED * lacking[met] + 1e-9)

    def _mark(self, meanings: Sequence[Sequence[Meaning]]) -> list[float]:
        """Note on each word of the register how well the mention means it; the weight of each of its words."""
        mentioned = []
        for place, word in enumerate(meanings):
            for meaning in word:
                self._meant_by[meaning.word] |= 1 << place
                self._likeness[meaning.word] = max(self._likeness[meaning.word], meaning.likeness)
            heaviest = _UNKNOWN * np.log(len(self) + 1)
            mentioned.append(float(self._weights[word[0].word]) if word else heaviest)
        return mentioned

    def _unmark(self, meanings: Sequence[Sequence[Meaning]]) -> None:
        for word in meanings:
            for meaning in word:
                self._meant_by[meaning.word] = 0
                self._likeness[meaning.word] = 0.0

    def _hits(
        self, key: str, names: npt.NDArray[np.int32], scores: npt.NDArray[np.float32], seen: float, limit: int
    ) -> list[NameHit]:
        best = scores.argsort()[::-1][: max(_RANKED, 2 * limit)]
        ranked = []
        for place in best:
            number = int(names[place])
            spelled = Indel.normalized_similarity(key, self._keys[number])
            ranked.append(((1 - _SPELLING) * float(scores[place]) + _SPELLING * spelled, number, place))
        ranked.sort(key=lambda item: -item[0])
        hits: dict[str, NameHit] = {}
        for score, number, place in ranked:
            provider, name = self._names[number]
            if provider not in hits and len(hits) < limit:
                nearer = int((scores >= scores[place]).sum()) / seen
                hits[provider] = NameHit(provider=provider, name=name, score=score, chance=nearer / len(self))
        return list(hits.values())


def _inverted(
    held: npt.NDArray[np.int32], nothing: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The names that hold each word, one after the other, and where each word's begin."""
    flat = held.ravel()
    order = flat.argsort(kind="stable")
    counts = np.bincount(flat, minlength=nothing + 1)[:nothing]
    begins = np.concatenate([[0], np.cumsum(counts)])
    return (order[: begins[-1]] // held.shape[1]).astype(np.int32), begins
