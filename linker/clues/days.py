"""Days as an article writes them: exact, bare months, seasons, "last month", resolved against publication.

The year is almost never printed: a bare month is its latest before the article, or, where the article's
own date is not known, that month of any year.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from linker.clues import events
from storage.dates import DaySpan

EARLIEST = 2010
"""The first year of inspections that any register here reaches back to."""


@dataclass(frozen=True, kw_only=True)
class Days:
    """The spans of days that an expression may stand for; ``exact`` when it names the day."""

    spans: tuple[DaySpan, ...]
    exact: bool

    def __str__(self) -> str:
        first = self.spans[0]
        if len(self.spans) > 1:
            return first.first.strftime("%B") + " of any year"
        return str(first.first) if first.first == first.last else f"{first.first} to {first.last}"


_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_SHORT = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan"
    r"|Feb|Aug|Sept|Oct|Nov|Dec)"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = (
    r"(?:,? (?P<year>(?:19|20)\d\d)| (?:of |in )?(?P<rel>this year|last year|the year before"
    r"|the previous year))?"
)
_EXACT = re.compile(rf"\b{_DAY}(?:\s?(?:and|to|-|&|until)\s?{_DAY})?(?: of)? (?P<month>{_MONTH})\b{_YEAR}")
_EXACT_US = re.compile(rf"\b(?P<month>{_MONTH}) {_DAY}(?!\d)(?:\s?(?:and|to|-|&)\s?{_DAY}(?!\d))?\b{_YEAR}")
_MONTHLY = re.compile(
    rf"\b(?P<part>[Ee]arly|[Mm]id|[Ll]ate|[Tt]he (?:start|beginning|middle|end) of|[Ll]ast|[Tt]his)?[ -]?"
    rf"(?P<month>{_MONTH})\b(?: (?:and|to|or|through) (?P<second>{_MONTH})\b)?"
    r"(?:(?:,? | of | in )(?P<year>(?:19|20)\d\d)| (?:of |in )?(?P<rel>this year|last year"
    r"|the year before|the previous year))?"
)
_RELATIVE = re.compile(
    r"\b(?:(?P<lastmonth>last month)|(?P<thismonth>(?:earlier )?this month)|(?P<thisyear>earlier this year)"
    r"|(?P<lastyear>(?:late |late in )?last year)|(?P<week>(?:earlier )?this week|(?:last week"
    r"|a week ago)|in the (?:last|past) week)"
    r"|(?P<weekday>(?:last |on |this )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"|yesterday|today)"
    r"|(?:(?P<count>two|three|four|five|six|seven|eight|\d+) (?P<unit>weeks|months) ago)"
    r"|(?P<season>(?:in the |this |last )(?:spring|summer|autumn|winter)))\b"
)
QUICK = re.compile(
    r"january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|aug"
    r"|sept|oct|nov|dec|last |this |earlier|week|month|day\b|yesterday|today|spring|summer|autumn|winter"
    rf"|{events.QUICK}"
)
"""What stands, in small letters, in every expression that is found here."""
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 14)}


def find(text: str, published: DaySpan | None, latest: dt.date) -> Iterator[tuple[int, int, Days]]:
    """Every expression of a day as (start, end, what it may stand for)."""
    taken: list[tuple[int, int]] = []
    for pattern in (_EXACT, _EXACT_US):
        for found in pattern.finditer(text):
            spans = _exact(found, published, latest)
            if spans and not _overlaps(taken, found.start(), found.end()):
                taken.append(found.span())
                yield found.start(), found.end(), Days(spans=spans, exact=True)
    for start, end, span in events.find(text.lower(), published):
        if not _overlaps(taken, start, end):
            taken.append((start, end))
            yield start, end, Days(spans=(span,), exact=False)
    for found in _MONTHLY.finditer(text):
        start = found.start() + len(found.group()) - len(found.group().lstrip(" -"))
        if not _overlaps(taken, start, found.end()) and _is_month(text, found):
            taken.append((start, found.end()))
            yield start, found.end(), Days(spans=_monthly(found, published, latest), exact=False)
    for found in _RELATIVE.finditer(text.lower()):
        if published and not _overlaps(taken, found.start(), found.end()):
            spans = _relative(found, published)
            yield found.start(), found.end(), Days(spans=spans, exact=False)


def _is_month(text: str, found: re.Match[str]) -> bool:
    """``May`` and ``March`` are words too: they need something of a date before or behind them."""
    if found["month"] not in ("May", "March"):
        return True
    if found["part"] or found["second"] or found["year"] or found["rel"]:
        return True
    return bool(
        re.search(
            r"\b(?:in|of|since|until|by|during|last|and|to|between|from|from|after|a|an|the|that|for)\s$",
            text[: found.start("month")],
        )
    )


def _number(month: str) -> int:
    return _MONTHS.get(month.lower()) or _SHORT[month.lower()]


def _years(found: re.Match[str], month: int, published: DaySpan | None, latest: dt.date) -> list[int]:
    if found["year"]:
        return [int(found["year"])]
    if published is None:
        return [year for year in range(EARLIEST, latest.year + 1) if dt.date(year, month, 1) <= latest]
    year = published.last.year
    if found["rel"]:
        return [year if found["rel"] == "this year" else year - 1]
    return [year if dt.date(year, month, 1) <= published.last else year - 1]


def _exact(found: re.Match[str], published: DaySpan | None, latest: dt.date) -> tuple[DaySpan, ...]:
    days = [int(part) for part in found.groups() if part and part.isdigit() and len(part) <= 2]
    month, spans = _number(found["month"]), []
    for year in _years(found, month, published, latest):
        try:
            first, last = dt.date(year, month, days[0]), dt.date(year, month, days[-1])
        except ValueError:
            continue
        if first > last:
            first, last = last, first
        if published and not found["year"] and not found["rel"] and first > published.last:
            first, last = first.replace(year=year - 1), last.replace(year=year - 1)
        spans.append(DaySpan(first, last))
    return tuple(spans)


def _monthly(found: re.Match[str], published: DaySpan | None, latest: dt.date) -> tuple[DaySpan, ...]:
    month = _number(found["month"])
    second = _number(found["second"]) if found["second"] else month
    spans = []
    for known in _years(found, second, published, latest):
        year, first_year = known, known - 1 if month > second else known
        if (
            (found["part"] or "").lower() == "last"
            and published
            and not found["year"]
            and year == published.last.year
        ):
            first_year = year = year - (month == published.last.month)
        spans.append(
            _narrowed(DaySpan(dt.date(first_year, month, 1), _month_end(year, second)), found["part"])
        )
    return tuple(spans)


def _narrowed(span: DaySpan, part: str | None) -> DaySpan:
    """Early, mid and late halves and thirds of a month, with some days of slack."""
    word = (part or "").lower()
    if word.startswith("early") or "start" in word or "beginning" in word:
        return DaySpan(span.first, span.first + dt.timedelta(days=12))
    if word.startswith("mid"):
        return DaySpan(span.first + dt.timedelta(days=7), span.first + dt.timedelta(days=22))
    if word.startswith("late") or "end" in word:
        return DaySpan(span.first + dt.timedelta(days=17), span.last)
    return span


def _relative(found: re.Match[str], published: DaySpan) -> tuple[DaySpan, ...]:
    first, last = published.first, published.last
    kind = found.lastgroup or ""
    if kind == "unit":
        count = _COUNTS.get(found["count"]) or int(found["count"])
        back = dt.timedelta(days=count * (7 if found["unit"] == "weeks" else 30))
        return (DaySpan(first - back, last - back).widened(4 if found["unit"] == "weeks" else 16),)
    if kind == "season":
        return _season(found["season"].split()[-1], last)
    if kind == "lastmonth":
        before_first, before_last = (
            first.replace(day=1) - dt.timedelta(days=1),
            last.replace(day=1) - dt.timedelta(days=1),
        )
        return (DaySpan(before_first.replace(day=1), before_last),)
    begins = {
        "thismonth": first.replace(day=1),
        "thisyear": dt.date(last.year, 1, 1),
        "lastyear": dt.date(last.year - 1, 1, 1),
        "week": first - dt.timedelta(days=14),
        "weekday": first - dt.timedelta(days=7),
    }[kind]
    return (DaySpan(min(begins, last), dt.date(last.year - 1, 12, 31) if kind == "lastyear" else last),)


def _season(name: str, last: dt.date) -> tuple[DaySpan, ...]:
    first_month, last_month = _SEASONS[name]
    for year in (last.year, last.year - 1):
        begin = dt.date(year, first_month, 1)
        if begin <= last:
            end_year, end_month = (year + 1, last_month - 12) if last_month > 12 else (year, last_month)
            return (DaySpan(begin, _month_end(end_year, end_month)),)
    return ()


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(first < end and start < last for first, last in taken)
