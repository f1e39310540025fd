"""Time: how soon after a report the press writes, when inspectors came, when the report was published.

Each is a likelihood over days; u is its mean over the register's own days, so a busy month counts less.
"""

import datetime as dt
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from linker.clues.days import Days
from linker.register import UNKNOWN_DAY, Inspection, Register, Setting
from linker.weighing.comparison import Case, Weighed
from storage.dates import DaySpan
from storage.records import Clue

Floats = npt.NDArray[np.float64]
Days64 = npt.NDArray[np.int64]

_BEFORE, _AFTER = 400, 1500
"""Days before and after a record's day over which the delay to the article is told apart."""
_SLACK = 2
"""A visit's day in a table is its last until June 2018 and its first since."""


def _density(pieces: Iterable[tuple[int, int, float]]) -> Floats:
    """Probability a day for delays from -_BEFORE to _AFTER, from (first day, last day, mass) pieces."""
    days = np.full(_BEFORE + _AFTER + 1, 2e-6)
    for first, last, mass in pieces:
        days[first + _BEFORE : last + _BEFORE + 1] += mass / (last - first + 1)
    return np.asarray(days / days.sum(), np.float64)


SINCE_PUBLICATION = _density(
    (
        (-3, -1, 0.006),
        (0, 3, 0.22),
        (4, 10, 0.38),
        (11, 17, 0.18),
        (18, 30, 0.13),
        (31, 60, 0.06),
        (61, 365, 0.02),
    )
)
SINCE_VISIT = _density(
    (
        (0, 14, 0.015),
        (15, 30, 0.10),
        (31, 60, 0.48),
        (61, 90, 0.27),
        (91, 130, 0.08),
        (131, 365, 0.04),
        (366, 1500, 0.01),
    )
)


@lru_cache(maxsize=8)
def _cumulated(kind: str) -> Floats:
    density = SINCE_PUBLICATION if kind == "published" else SINCE_VISIT
    return np.concatenate([[0.0], np.cumsum(density)])


class Timeline:
    """The likelihood of an article's date for each possible day of a report or a visit."""

    def __init__(self, register: Register, published: DaySpan | None, latest: dt.date) -> None:
        counted = _counted(register)
        self.first = counted.first or latest.toordinal() - 1
        length = max(counted.last, latest.toordinal()) + 401 - self.first
        self.days = np.arange(self.first, self.first + length)
        self.visits, self.reports = _padded(counted.visits, length), _padded(counted.reports, length)
        self.published, self.latest = published, latest
        self.by_report = self._likelihood("published")
        self.by_visit = self._likelihood("visit")

    def rough(self, reports: Days64, visits: Days64) -> Floats:
        """The weight of recency for many records at once, by the report's day or else the visit's."""
        days = np.where(reports > UNKNOWN_DAY, reports, visits)
        places = np.clip(days - self.first, 0, len(self.days) - 1)
        likely = np.where(reports > UNKNOWN_DAY, self.by_report[places], self.by_visit[places])
        return np.asarray(np.log2(likely + 1e-7), np.float64)

    def index(self, day: dt.date | None) -> int | None:
        """Where a day stands on the line."""
        if day is None or not 0 <= day.toordinal() - self.first < len(self.days):
            return None
        return day.toordinal() - self.first

    def mean(self, likelihood: Floats, histogram: Floats) -> float:
        """The mean of a likelihood over the register's days."""
        total = histogram.sum()
        return float(likelihood @ histogram / total) if total else 1.0

    def _likelihood(self, kind: str) -> Floats:
        if self.published is None:
            return np.where(self.days <= self.latest.toordinal(), 1.0, 1e-4)
        cumulated = _cumulated(kind)
        first, last = self.published.first.toordinal(), self.published.last.toordinal()
        low = cumulated.take(first - self.days + _BEFORE, mode="clip")
        high = cumulated.take(last - self.days + _BEFORE + 1, mode="clip")
        return np.asarray((high - low) / (last - first + 1) + 1e-8)


class Recency:
    """The article follows the report by days or weeks, hardly ever by years, and never comes before it."""

    kind = "recency"

    def __init__(self, case: Case, line: Timeline) -> None:
        self.line = line
        floor = 1e-7
        self._report = np.log2((line.by_report + floor) / (line.mean(line.by_report, line.reports) + floor))
        self._visit = np.log2((line.by_visit + floor) / (line.mean(line.by_visit, line.visits) + floor))

    @property
    def silent(self) -> bool:
        return False

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return inspection and (inspection.published, inspection.first)

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if inspection is None:
            return None
        day = inspection.published or inspection.first or inspection.last
        place = self.line.index(day)
        if place is None or day is None:
            return None
        weight = float((self._report if inspection.published else self._visit)[place])
        what = "report published" if inspection.published else "visit"
        return Weighed(
            kind=self.kind,
            level=self._level(day),
            weight=weight,
            told=f"{what} {day}{self._gap(day)}",
            clue=None,
        )

    def _gap(self, day: dt.date) -> str:
        if self.line.published is None:
            return ", the article is not dated"
        days = (self.line.published.first - day).days
        return f", {days} days before the article" if days >= 0 else f", {-days} days after the article"

    def _level(self, day: dt.date) -> str:
        if self.line.published and day > self.line.published.last:
            return "contrary"
        return "compatible"


class OnDays:
    """Days the article gives, of the visit or the publication, against those of the record."""

    def __init__(self, case: Case, line: Timeline, kind: str) -> None:
        self.kind, self.line, self.model = kind, line, case.model
        self.clue = _now(case.mention.of(kind))
        recent = line.by_visit * line.visits if kind == "visit" else line.by_report * line.reports
        if self.clue:
            days: Days = self.clue.value
            slack = _SLACK if kind == "visit" else 3
            self.inside = _mask(line, days.spans, slack)
            self.near = _mask(line, days.spans, 31) if kind == "visit" else self.inside
            self._inside, self._near = self.inside.tobytes(), self.near.tobytes()
            self.u = float((recent * self.inside).sum() / max(recent.sum(), 1e-12))
            self.u_near = float((recent * (self.near & ~self.inside)).sum() / max(recent.sum(), 1e-12))
            self._said, self._weights = str(days), self._weighed_levels(self.clue)

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return inspection and (inspection.first, inspection.last, inspection.published)

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if self.clue is None or inspection is None:
            return None
        days = [inspection.published] if self.kind == "published" else [inspection.first, inspection.last]
        places = [place for place in map(self.line.index, days) if place is not None]
        if not places:
            return None
        level = self._level(places)
        day = next(day for day in days if day)
        what = "published" if self.kind == "published" else "visited"
        return Weighed(
            kind=self.kind,
            level=level,
            weight=self._weights[level],
            told=f"{what} {day}; the article: {self._said}",
            clue=self.clue,
        )

    def rough(self, days: Days64) -> Floats:
        """About the weight for many visits at once."""
        if self.clue is None:
            return np.zeros(len(days))
        places = np.clip(days - self.line.first, 0, len(self.line.days) - 1)
        return np.where(self.inside[places], 3.0, 0.0)

    def _weighed_levels(self, clue: Clue) -> dict[str, float]:
        """The weight of each level: it is the same for all records."""
        shares = {"exact": self.u, "contrary": 1 - self.u - self.u_near}
        if self.kind == "visit":
            shares["close"] = self.u_near
        return {
            level: self.model.weight(self.kind, level, max(u, 0.002), clue.confidence)
            for level, u in shares.items()
        }

    def _level(self, places: list[int]) -> str:
        if any(self._inside[place] for place in places):
            return "exact"
        if self.kind == "visit" and any(self._near[place] for place in places):
            return "close"
        return "contrary"


def _now(clues: Iterable[Clue]) -> Clue | None:
    """Of several visits the article tells of, the latest is the one it is about; an exact day goes first."""
    held = list(clues)
    if not held:
        return None
    latest = max(clue.value.spans[-1].last for clue in held)
    newest = [clue for clue in held if (latest - clue.value.spans[-1].last).days <= 31]
    return min(
        newest,
        key=lambda clue: (
            not clue.value.exact,
            clue.value.spans[-1].last.toordinal() - clue.value.spans[-1].first.toordinal(),
        ),
    )


def _mask(line: Timeline, spans: Iterable[DaySpan], slack: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(len(line.days), bool)
    for span in spans:
        low = max(span.first.toordinal() - slack - line.first, 0)
        high = max(span.last.toordinal() + slack - line.first + 1, 0)
        mask[low:high] = True
    return mask


class _Counted(NamedTuple):
    """How many visits and reports each day of a register has, from ``first`` on; 0 where it has none."""

    first: int
    last: int
    visits: Floats
    reports: Floats


_COUNTED: WeakKeyDictionary[Register, _Counted] = WeakKeyDictionary()


def _counted(register: Register) -> _Counted:
    if register not in _COUNTED:
        known = register.visit_days[register.visit_days > UNKNOWN_DAY]
        first, last = (int(known.min()) - 40, int(known.max())) if len(known) else (0, 0)
        length = last + 401 - first
        _COUNTED[register] = _Counted(
            first,
            last,
            _histogram(register.visit_days, first, length),
            _histogram(register.published_days, first, length),
        )
    return _COUNTED[register]


def _padded(counts: Floats, length: int) -> Floats:
    if len(counts) >= length:
        return counts[:length]
    return np.concatenate([counts, np.zeros(length - len(counts))])


def _histogram(days: npt.NDArray[np.int64], first: int, length: int) -> Floats:
    places = days[days > UNKNOWN_DAY] - first
    return np.bincount(places[(places >= 0) & (places < length)], minlength=length).astype(np.float64)
