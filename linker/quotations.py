"""Which report a quotation comes from.

    index = QuotationIndex.build([(report id, text, sentence spans), ...])
    index.find("staff “did not know where the children were”")     # best first

Runs of three words that quotation and report share propose passages, rarest runs first; the best few are
aligned word by word. A stock sentence weighs nothing because the corpus shows how many reports hold it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from linker.passages import Passage, Quoted, align
from linker.shingles import NOWHERE, Keys, Numbers, Segment, Words
from linker.spool import Spool

_GAP = 5_000  # characters between two reports, more than any passage spans
_WAITING = 3_000_000  # words taken in before they are sorted; they cost twice the memory until then
_SEGMENT = 8_000_000  # words in a segment: to sort more at once would cost more memory than the index
_PROPOSED = 4_096  # places looked at for one quotation
_ALIGNED = 6  # passages aligned for one quotation
_STOCK = 12  # passages that share as much: then it is a stock sentence, and two will show it
_SHARED = 8  # of a quotation's runs one in so many must stand together for three fifths to agree
_SAMPLE = 128  # places of a run from which its other holders are estimated
_SHORT = 8  # words: below, a quotation must stand in the report nearly word for word
_RARE = 3  # reports that may hold a short quotation


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationHit:
    """A passage of a report that a quotation repeats.

    ``start`` and ``end`` are code points of the report's text; ``score`` (0-1) is the share of characters
    that agree; ``holders`` is about how many reports hold nearly these words, this one included.
    """

    report: str
    start: int
    end: int
    score: float
    holders: int


@dataclass(slots=True, kw_only=True)
class Held:
    """What an index consists of: ``begins`` and ``end`` are characters of all the texts in a row."""

    reports: list[str | None] = field(default_factory=list)  # None: dropped, or replaced by a later text
    texts: Spool = field(default_factory=Spool)
    begins: list[int] = field(default_factory=list)
    end: int = 0
    segments: list[Segment] = field(default_factory=list)


class QuotationIndex:
    """The words of many reports, by where they stand. Grows with ``add``; pickles."""

    def __init__(self, held: Held | None = None) -> None:
        held = held or Held()
        self._reports, self._texts, self._begins = held.reports, held.texts, held.begins
        self._end, self._segments = held.end, held.segments
        self._numbers = {one: number for number, one in enumerate(self._reports) if one is not None}

    @classmethod
    def build(cls, reports: Iterable[tuple[str, str, Sequence[tuple[int, int]]]]) -> Self:
        """An index of (report id, text, spans of its sentences); no spans, and the whole text is indexed."""
        index = cls()
        index.add(reports)
        return index

    def __contains__(self, report: object) -> bool:
        return report in self._numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def text(self, report: str) -> str:
        """The text of a report; KeyError for one that is not here."""
        return self._texts.stretch(self._numbers[report], 0, _GAP * 1_000)

    def spread(self, count: int) -> list[str]:
        """At most so many reports, spread evenly over all."""
        reports = list(self._numbers)
        return reports[:: -(-len(reports) // count)] if reports else []

    @property
    def held(self) -> Held:
        """What it consists of, to be kept."""
        return Held(
            reports=self._reports,
            texts=self._texts,
            begins=self._begins,
            end=self._end,
            segments=self._segments,
        )

    def drop(self, reports: Iterable[str]) -> None:
        """Let no quotation find these reports any more; their words stay until the index is built anew."""
        for report in reports:
            self._reports[self._numbers.pop(report)] = None

    def add(self, reports: Iterable[tuple[str, str, Sequence[tuple[int, int]]]]) -> None:
        """Take in more reports; one that is known already is replaced."""
        keys: list[Keys] = []
        places: list[Numbers] = []
        waiting = 0
        for report, text, spans in reports:
            keys_here, places_here = self._take(report, text, spans)
            if len(keys_here):
                keys.append(keys_here)
                places.append(places_here)
                waiting += len(keys_here)
            if waiting >= _WAITING:
                self._settle(keys, places)
                keys, places, waiting = [], [], 0
        self._settle(keys, places)

    def find(self, quotation: str, *, limit: int = 5) -> list[QuotationHit]:
        """The passages that ``quotation`` repeats, best first, one a report.

        Fewer than eight words must be rare to be found; fewer than three are never found.
        """
        quoted = Quoted.of(quotation)
        runs = self._runs(quoted)
        best: dict[int, Passage] = {}
        for number, first, last in self._proposed(quoted, runs):
            begin = max(0, first - quoted.margin)
            passage = align(quoted, self._texts.stretch(number, begin, last + quoted.margin), begin)
            if passage and (number not in best or passage.score > best[number].score):
                best[number] = passage
        ranked = sorted(best.items(), key=lambda item: -item[1].score)[:limit]
        holders: dict[tuple[int, ...], int] = {}
        hits = []
        for number, passage in ranked:
            if passage.runs not in holders:
                holders[passage.runs] = self._holders(quoted, runs, passage.runs)
            hits.append(self._hit(number, passage, holders[passage.runs]))
        return [hit for hit in hits if len(quoted) >= _SHORT or hit.holders <= _RARE]

    def _take(self, report: str, text: str, spans: Sequence[tuple[int, int]]) -> tuple[Keys, Numbers]:
        if report in self._numbers:
            self._reports[self._numbers[report]] = None
        self._numbers[report] = len(self._reports)
        self._reports.append(report)
        self._texts.put(text)
        self._begins.append(self._end)
        words = Words.of(text)
        keys = words.keys()
        places = np.asarray(words.starts[: len(keys)], np.int64)
        if spans:
            within = np.searchsorted(np.asarray([start for start, _ in spans]), places, "right") - 1
            ends = np.asarray([end for _, end in spans])
            inside = (within >= 0) & (places < ends[within])
            keys, places = keys[inside], places[inside]
        places += self._end
        self._end += len(text) + _GAP
        return keys, places

    def _settle(self, keys: list[Keys], places: list[Numbers]) -> None:
        """Make a segment of what waits; join small neighbours, so that there are always few."""
        if not keys:
            return
        self._segments.append(Segment.of(keys, places))
        while len(self._segments) > 1 and self._joinable(*map(len, self._segments[-2:])):
            last = [self._segments.pop(), self._segments.pop()]
            self._segments.append(Segment.joined(last[::-1]))

    @staticmethod
    def _joinable(one: int, other: int) -> bool:
        return one <= 2 * other and one + other <= _SEGMENT

    def _runs(self, quoted: Quoted) -> list[Numbers]:
        """The places of each run of the quotation."""
        stretches = [segment.places(quoted.keys) for segment in self._segments]
        return [
            _together([stretch for stretch in run if len(stretch)]) for run in zip(*stretches, strict=True)
        ]

    def _proposed(self, quoted: Quoted, runs: Sequence[Numbers]) -> Iterator[tuple[int, int, int]]:
        """(report's number, first and last character of shared runs in it) of the likeliest passages."""
        places, weights = self._gathered(runs)
        if not len(places):
            return
        order = places.argsort(kind="stable")
        places, weights = places[order], weights[order]
        breaks = np.flatnonzero(np.diff(places) > quoted.reach) + 1
        begins = np.concatenate([[0], breaks])
        ends = np.concatenate([breaks, [len(places)]]) - 1
        totals = np.add.reduceat(weights, begins)
        for cluster in self._worth_aligning(totals, ends - begins + 1, quoted, runs):
            first, last = int(places[begins[cluster]]), int(places[ends[cluster]])
            number = bisect_right(self._begins, first) - 1
            if self._reports[number] is not None:
                yield number, first - self._begins[number], last - self._begins[number]

    @staticmethod
    def _worth_aligning(
        totals: npt.NDArray[np.float64], sizes: Numbers, quoted: Quoted, runs: Sequence[Numbers]
    ) -> list[int]:
        """The passages that share enough runs to be the quotation; of what many reports hold alike, two."""
        unseen = sum(1 for run in runs if len(run) > _PROPOSED)
        enough = totals >= totals.max() / 3
        enough &= sizes + unseen > len(quoted.keys) // _SHARED
        alike = int((totals >= 0.9 * totals.max()).sum())
        ranked = (-totals).argsort(kind="stable")[: 2 if alike > _STOCK else _ALIGNED]
        return [cluster for cluster in ranked.tolist() if enough[cluster]]

    def _gathered(self, runs: Sequence[Numbers]) -> tuple[Numbers, npt.NDArray[np.float64]]:
        """Places of the rarest runs, as many as may be looked at, each with its run's weight."""
        room = _PROPOSED
        places: list[Numbers] = []
        weights: list[npt.NDArray[np.float64]] = []
        for run in sorted((run for run in runs if len(run)), key=len):
            taken = run if len(run) <= room else run[:: -(-len(run) // max(room, 1))]
            if places and len(run) > room:
                break
            places.append(taken)
            weights.append(np.full(len(taken), np.log2(1 + len(self) / len(run))))
            room -= len(taken)
        if not places:
            return np.empty(0, np.int64), np.empty(0)
        return np.concatenate(places), np.concatenate(weights)

    def _holders(self, quoted: Quoted, runs: Sequence[Numbers], shared: Sequence[int]) -> int:
        """How many reports hold most of the shared runs together, estimated from three of them."""
        shared = [place for place in shared if len(runs[place])]
        rarest = sorted(shared, key=lambda place: len(runs[place]))
        anchors = {rarest[0], rarest[len(rarest) // 4], rarest[len(rarest) // 2]} if rarest else ()
        checked = shared[:: -(-len(shared) // 8)] if shared else ()
        most = 1
        for anchor in anchors:
            run = runs[anchor]
            if len(run) <= most:
                continue
            sample = run[:: -(-len(run) // _SAMPLE)]
            together = sum(
                _stands_near(runs[other], sample + (quoted.starts[other] - quoted.starts[anchor]))
                for other in checked
            )
            share = float(np.mean(together >= 0.6 * len(checked)))
            most = max(most, round(share * len(run)))
        return min(most, len(self))

    def _hit(self, number: int, passage: Passage, holders: int) -> QuotationHit:
        report = self._reports[number]
        assert report is not None
        return QuotationHit(
            report=report, start=passage.start, end=passage.end, score=passage.score, holders=holders
        )


def _together(stretches: Sequence[Numbers]) -> Numbers:
    return np.concatenate(stretches) if len(stretches) > 1 else stretches[0] if stretches else NOWHERE


def _stands_near(run: Numbers, expected: Numbers) -> npt.NDArray[np.int64]:
    """1 where a place of ``run`` lies within 60 characters of the expected one, as edits move it; else 0."""
    before = run.searchsorted(expected - 60)
    found = before < len(run)
    near = found & (run[np.minimum(before, len(run) - 1)] <= expected + 60)
    return near.astype(np.int64)
