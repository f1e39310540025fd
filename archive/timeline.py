"""A record over the years as a chart: lanes of spans and marks, placed in percent of the width.

The server draws it as SVG (``templates/timelines.html``) whose places are percentages, so that it fits any
width with its letters unscaled; the table behind it says the same to those who do not see it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from archive.telling import grade

Shape = Literal["round", "square", "diamond", "drop", "bar", "dot"]
_SHAPES: Final[dict[str, Shape]] = {
    "outstanding": "round",
    "good": "square",
    "requires": "diamond",
    "inadequate": "drop",
    "neutral": "dot",
}
_LETTERS: Final = {
    "outstanding": "O",
    "good": "G",
    "requires improvement": "R",
    "adequate": "A",
    "inadequate": "I",
    "improved": "↑",
    "sustained": "→",
    "declined": "↓",
    "consistently": "1",
    "inconsistent": "2",
    "serious": "3",
}
_KINDS: Final = {"full": "f", "interim": "i", "monitoring": "m", "assurance": "a"}
_TICKS: Final = 6  # at most: more do not fit beside one another on a telephone
_MARGIN: Final = 2.5  # percent at either end, so that no mark is cut


@dataclass(frozen=True, kw_only=True)
class Span:
    """Something that lasted: from its first day to its last, or to the chart's end."""

    first: dt.date
    last: dt.date | None
    told: str
    tone: str = "owner"  # registered, owner, other
    link: str | None = None


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something of one day. ``kind`` names it in the table; letter and shape tell it apart without colour."""

    day: dt.date
    kind: str
    told: str
    shape: Shape
    letter: str = ""
    tone: str = "neutral"
    link: str | None = None


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One row of the chart."""

    title: str
    spans: Sequence[Span] = ()
    marks: Sequence[Mark] = ()
    link: str | None = None


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A span or mark with its place: ``left`` and ``width`` in percent."""

    left: float
    width: float
    of: Span | Mark


@dataclass(frozen=True, kw_only=True)
class DrawnLane:
    """A lane with everything placed; ``top`` in pixels."""

    lane: Lane
    top: int
    spans: tuple[Placed, ...]
    marks: tuple[Placed, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row of the table behind the chart."""

    first: dt.date
    last: dt.date | None
    lane: str
    kind: str
    told: str
    link: str | None


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The chart: its lanes, the years along its foot, and every entry, newest first."""

    lanes: tuple[DrawnLane, ...]
    years: tuple[tuple[int, float], ...]
    height: int
    entries: tuple[Entry, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.entries


_Placing = Callable[[dt.date], float]
LANE_HEIGHT: Final = 52
_FOOT: Final = 26


def inspected(
    kind: str, judgement: str | None, day: dt.date, *, link: str | None = None, told: str = ""
) -> Mark:
    """The mark of an inspection: its judgement by colour, shape and letter, or its kind where it has none."""
    family = grade(judgement)
    words = (judgement or "").lower()
    letter = next((sign for word, sign in _LETTERS.items() if words.startswith(word)), _KINDS.get(kind, "·"))
    said = f"{judgement or 'not graded'}{told}"
    return Mark(
        day=day,
        kind=f"{kind.capitalize()} inspection",
        told=said,
        shape=_SHAPES.get(family, "dot"),
        letter=letter,
        tone=family,
        link=link,
    )


def timeline(lanes: Iterable[Lane], *, today: dt.date) -> Timeline:
    """Place everything between the first day that is known and ``today``; empty lanes are left out."""
    kept = [lane for lane in lanes if lane.spans or lane.marks]
    days = [span.first for lane in kept for span in lane.spans]
    days += [mark.day for lane in kept for mark in lane.marks]
    first = min(days, default=today)
    last = max([today, *days])
    scale = (100 - 2 * _MARGIN) / max((last - first).days, 1)

    def place(day: dt.date) -> float:
        return round(_MARGIN + (min(max(day, first), last) - first).days * scale, 2)

    return Timeline(
        lanes=tuple(_drawn(lane, number, place, last) for number, lane in enumerate(kept)),
        years=_years(first, last, place),
        height=len(kept) * LANE_HEIGHT + _FOOT,
        entries=_entries(kept),
    )


def _drawn(lane: Lane, number: int, place: _Placing, last: dt.date) -> DrawnLane:
    spans = tuple(
        Placed(left=place(span.first), width=max(place(span.last or last) - place(span.first), 0.4), of=span)
        for span in lane.spans
    )
    marks = tuple(Placed(left=place(mark.day), width=0, of=mark) for mark in lane.marks)
    return DrawnLane(lane=lane, top=number * LANE_HEIGHT, spans=spans, marks=marks)


def _years(first: dt.date, last: dt.date, place: _Placing) -> tuple[tuple[int, float], ...]:
    """The turns of the years, every second or fifth where there are many."""
    turns = range(first.year + 1, last.year + 1)
    step = next((step for step in (1, 2, 5, 10, 20) if len(turns) <= step * _TICKS), 50)
    return tuple((year, place(dt.date(year, 1, 1))) for year in turns if year % step == 0)


def _entries(lanes: Sequence[Lane]) -> tuple[Entry, ...]:
    found = [
        Entry(first=span.first, last=span.last, lane=lane.title, kind="", told=span.told, link=span.link)
        for lane in lanes
        for span in lane.spans
    ]
    found += [
        Entry(first=mark.day, last=mark.day, lane=lane.title, kind=mark.kind, told=mark.told, link=mark.link)
        for lane in lanes
        for mark in lane.marks
    ]
    return tuple(sorted(found, key=lambda one: (one.first, one.lane, one.kind), reverse=True))
