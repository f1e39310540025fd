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

Numbers = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float32]

_WIDEST = 8  # words of a name that are compared
_PROPOSED = 500  # names looked at for one mention
_LEFT_OUT = 0.2  # cost of a name's word that the mention leaves out, by its weight; the rarest costs all
_MISSPELT = 1.4  # cost of the weight that a misspelt word loses
_ADDED = 1.0  # cost of a mention's word that the name lacks
_UNKNOWN = 0.5  # weight of a word that no name holds, by the heaviest
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Names that a mention may mean, by number, how near each comes, and which share of all such they are."""

    names: Numbers
    scores: Scores
    share: float
    meanings: Sequence[Sequence[Meaning]]


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
        heaviest = self._weights[self._held].argmax(axis=1)
        self._chief = self._held[np.arange(len(split)), heaviest]
        self._holders, self._begins = _inverted(self._held, nothing)
        self._unknown = _UNKNOWN * float(np.log(len(split) + 1))
        self._agreeing = np.zeros(nothing + 1, np.float32)
        self._misspelt = np.zeros(nothing + 1, np.float32)
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
        found = self._found(self._read(key.split()))
        hits: dict[str, NameHit] = {}
        for score, number, by_words in self._ranked(key, found, max(_RANKED, 2 * limit)):
            provider, name = self._names[number]
            if provider not in hits and len(hits) < limit:
                chance = self._chance(found, number, by_words)
                hits[provider] = NameHit(provider=provider, name=name, score=score, chance=chance)
        return list(hits.values())

    def _read(self, words: Sequence[str]) -> list[list[Meaning]]:
        """What each word may mean; two words run together are read apart, and one written as two together."""
        read: list[list[Meaning]] = []
        initials = ""
        for place, word in enumerate(words):
            if len(initials) > 1 and word == initials:
                continue
            initials += word[0]
            following = words[place + 1] if place + 1 < len(words) else ""
            read.extend(self._words.readings(word, following))
        return read[:_WIDEST]

    def _found(self, meanings: Sequence[Sequence[Meaning]]) -> _Found:
        """The names that hold the rarest of the meant words; a sample where even these are many."""
        rarest = sorted(
            {meaning.word for word in meanings for meaning in word},
            key=lambda word: self._words.holders[word],
        )
        parts: list[Numbers] = []
        room, share = _PROPOSED, 1.0
        for word in rarest:
            holders = self._holders[self._begins[word] : self._begins[word + 1]]
            if parts and len(holders) > room:
                break
            step = -(-len(holders) // room)
            parts.append(holders[::step])
            share = min(share, 1 / step)
            room -= len(parts[-1])
        names = np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int32)
        return _Found(names=names, scores=self._scores(names, meanings), share=share, meanings=meanings)

    def _scores(self, names: Numbers, meanings: Sequence[Sequence[Meaning]]) -> Scores:
        """How near the mention comes to each name: the weight that agrees, by that and all that does not."""
        lacking = self._mark(meanings)
        held = self._held[names]
        agreeing = self._agreeing[held].sum(axis=1)
        misspelt = self._misspelt[held].sum(axis=1)
        chief = self._chief[names]
        met = np.bitwise_or.reduce(self._meant_by[held], axis=1)
        left_out = _LEFT_OUT * (self._totals[names] - agreeing - misspelt)
        left_out += (1 - _LEFT_OUT) * self._weights[chief] * (self._meant_by[chief] == 0)
        self._unmark(meanings)
        against = _MISSPELT * misspelt + left_out + _ADDED * lacking[met]
        scores: Scores = agreeing / (agreeing + against + 1e-9)
        return scores

    def _mark(self, meanings: Sequence[Sequence[Meaning]]) -> Scores:
        """Note on each word of the register how well the mention means it.

        Gives what the mention's unmet words weigh, by the set of those that a name meets (a bit a word).
        """
        lacking = np.zeros(1 << len(meanings), np.float32)
        sets = np.arange(len(lacking))
        for place, word in enumerate(meanings):
            weight = self._weights[word[0].word] if word else self._unknown
            lacking[(sets >> place) & 1 == 0] += weight
            for number, likeness in word:
                self._meant_by[number] |= 1 << place
                agreeing = likeness * self._weights[number]
                if agreeing > self._agreeing[number]:
                    self._agreeing[number] = agreeing
                    self._misspelt[number] = self._weights[number] - agreeing
        return lacking

    def _unmark(self, meanings: Sequence[Sequence[Meaning]]) -> None:
        for word in meanings:
            for number, _ in word:
                self._meant_by[number] = self._agreeing[number] = self._misspelt[number] = 0

    def _ranked(self, key: str, found: _Found, count: int) -> list[tuple[float, int, float]]:
        """(score with the whole spelling in it, name, score by words) of the best names, best first."""
        best = found.scores.argsort()[::-1][:count]
        ranked = []
        for number, score in zip(found.names[best].tolist(), found.scores[best].tolist(), strict=True):
            spelled = Indel.normalized_similarity(key, self._keys[number])
            ranked.append(((1 - _SPELLING) * score + _SPELLING * spelled, number, score))
        return sorted(ranked, key=lambda item: -item[0])

    def _chance(self, found: _Found, number: int, score: float) -> float:
        """The share of names at least as near: those counted, or those that its words let expect."""
        others = (int((found.scores >= score).sum()) - 1) / found.share
        expected = float(len(self))
        held = set(self._held[number].tolist())
        for meanings in found.meanings:
            if likeness := max((like for word, like in meanings if word in held), default=0.0):
                expected *= self._words.frequency(meanings, likeness)
        return min(1.0, max(others, expected) / len(self))


def _inverted(held: Numbers, nothing: int) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """The names that hold each word, one after the other, and where each word's begin."""
    flat = held.ravel()
    order = flat.argsort(kind="stable")
    counts = np.bincount(flat, minlength=nothing + 1)[:nothing]
    begins = np.concatenate([[0], np.cumsum(counts)])
    return (order[: begins[-1]] // held.shape[1]).astype(np.int32), begins
