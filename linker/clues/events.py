"""Days told by what falls on them: bank holidays, half-term, results days, elections, Easter, the clocks."""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator

from dateutil.easter import easter

from storage.dates import DaySpan

QUICK = (
    r"christmas|new year|easter|hallowe'?en|bonfire|guy fawkes|clocks|bank holiday|half[- ]term|results"
    r"|election|jubilee|coronation|valentine|start of term|holidays"
)
"""What stands in every expression that is found here."""

_ELECTIONS = tuple(
    dt.date.fromisoformat(day)
    for day in ("2010-05-06", "2015-05-07", "2017-06-08", "2019-12-12", "2024-07-04")
)
_JUBILEES = (dt.date(2012, 6, 3), dt.date(2022, 6, 3))
_CORONATION = (dt.date(2023, 5, 6),)
_AROUND = dt.timedelta(days=10)
"""How far before or after an event the days before or after it reach."""

_SIDE = (
    r"(?:(?:(?:in |during )?(?:the )?(?:weeks?|days|fortnight|month|weekend|run-up)|just|shortly|soon|a week"
    r"|days|weeks|ahead|around) ?(?:(?P<before>before|ahead of|of|leading up to|to|prior to)"
    r"|(?P<after>after|following))? ?|over |during |at |on )?(?:the |last )?"
)


def find(low: str, published: DaySpan | None) -> Iterator[tuple[int, int, DaySpan]]:
    """Events in small-lettered text as (start, end, days), each the last time before the article."""
    if published is None:
        return
    for found in _EVENT.finditer(low):
        name = next(name for name, value in found.groupdict().items() if value and name in _DAYS)
        span = _latest(_DAYS[name], published.last)
        if span is not None:
            yield found.start(), found.end(), _beside(span, found)


def _beside(span: DaySpan, found: re.Match[str]) -> DaySpan:
    middle = span.first + (span.last - span.first) / 2
    if found["after"]:
        return DaySpan(middle, span.last + _AROUND)
    if found["before"] and found["before"] != "of":
        return DaySpan(span.first - _AROUND, middle)
    return span


def _latest(days: Callable[[int], DaySpan | None], last: dt.date) -> DaySpan | None:
    """The event's days in the newest year in which it began before the article; within three years."""
    for year in range(last.year, last.year - 3, -1):
        span = days(year)
        if span is not None and span.first <= last:
            return span
    return None


def _fixed(first: tuple[int, int], last: tuple[int, int]) -> Callable[[int], DaySpan]:
    """From one day to another of each year, or into the next year."""
    return lambda year: DaySpan(dt.date(year, *first), dt.date(year + (last < first), *last))


def _around(day: Callable[[int], dt.date], by: int) -> Callable[[int], DaySpan]:
    return lambda year: DaySpan(day(year), day(year)).widened(by)


def _one_of(days: tuple[dt.date, ...], by: int) -> Callable[[int], DaySpan | None]:
    def of(year: int) -> DaySpan | None:
        return next((DaySpan(day, day).widened(by) for day in days if day.year == year), None)

    return of


def _weekday(month: int, weekday: int, number: int) -> Callable[[int], dt.date]:
    """The first (0), second … or last (-1) such weekday of a month."""

    def of(year: int) -> dt.date:
        weeks = calendar.monthcalendar(year, month)
        held = [week[weekday] for week in weeks if week[weekday]]
        return dt.date(year, month, held[number])

    return of


_EVENTS: tuple[tuple[str, str, Callable[[int], DaySpan | None]], ...] = (
    ("christmas", r"christmas(?: (?:period|break|holidays?))?", _fixed((12, 15), (1, 3))),
    ("new_year", r"new year(?:'s (?:day|eve))?(?! honours)", _fixed((12, 29), (1, 10))),
    ("easter", r"easter(?: (?:weekend|holidays?|break|sunday|monday))?", _around(easter, 9)),
    ("halloween", r"hallowe'?en", _fixed((10, 25), (11, 3))),
    ("bonfire", r"(?:bonfire|guy fawkes) night", _fixed((11, 1), (11, 9))),
    ("valentine", r"valentine's day", _fixed((2, 9), (2, 19))),
    ("back", r"clocks (?:went|go|going|were put|had gone) back", _around(_weekday(10, 6, -1), 6)),
    ("forward", r"clocks (?:went|go|going|were put|had gone) forward", _around(_weekday(3, 6, -1), 6)),
    ("early_may", r"(?:early may|may day) bank holiday", _around(_weekday(5, 0, 0), 6)),
    ("late_may", r"(?:spring|late may|whitsun) bank holiday", _around(_weekday(5, 0, -1), 6)),
    ("august", r"(?:august|summer) bank holiday", _around(_weekday(8, 0, -1), 6)),
    ("autumn_term", r"(?:october|autumn) half[- ]term", _fixed((10, 18), (11, 5))),
    ("february_term", r"(?:february|winter) half[- ]term", _fixed((2, 9), (2, 26))),
    ("may_term", r"(?:may|summer|whitsun) half[- ]term", _fixed((5, 23), (6, 7))),
    ("a_level", r"a-levels? results(?: day)?", _fixed((8, 10), (8, 21))),
    ("gcse", r"gcse results(?: day)?", _fixed((8, 17), (8, 28))),
    ("results", r"(?:exam )?results day", _fixed((8, 10), (8, 28))),
    ("general", r"general election", _one_of(_ELECTIONS, 8)),
    ("local", r"(?:local|council) elections", _around(_weekday(5, 3, 0), 8)),
    ("jubilee", r"(?:(?:platinum|diamond|queen's) )+jubilee", _one_of(_JUBILEES, 6)),
    ("coronation", r"(?:king's )?coronation", _one_of(_CORONATION, 6)),
    ("term", r"start of (?:the )?(?:autumn |school )?term", _fixed((8, 30), (9, 14))),
    ("holidays", r"(?:school )?summer holidays", _fixed((7, 18), (9, 6))),
)
_DAYS = {name: days for name, _, days in _EVENTS}
_EVENT = re.compile(rf"\b{_SIDE}(?:{'|'.join(f'(?P<{name}>{words})' for name, words, _ in _EVENTS)})\b")
