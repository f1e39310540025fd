"""Days as reports write them: ``23 to 24 July 2019``, ``30 June to 2 July 2022``, ``02/08/2016``."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from storage.dates import DaySpan

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_MONTH: Final = rf"(?i:(?:{'|'.join(month[:3] for month in _MONTHS)})[a-z]*)"
_SLASHED: Final = r"\d{1,2}[/.]\d{1,2}[/.]\d{4}"
_DAY: Final = r"\d{1,2}(?:st|nd|rd|th)?"
_BETWEEN: Final = r"\s*(?:,\s*(?:and\s+)?|to|and|until|&|–|—|-)\s*"
_PART: Final = rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?{_DAY}(?:\s+{_MONTH})?(?:,?\s+\d{{4}})?"

DAYS: Final = rf"(?:{_SLASHED}(?:{_BETWEEN}{_SLASHED})*|(?:{_PART}{_BETWEEN})*{_DAY}\s+{_MONTH},?\s+\d{{4}})"
"""A pattern for one day or several with whatever stands between them."""
DAY: Final = rf"(?:{_SLASHED}|{_DAY}\s+{_MONTH},?\s+\d{{4}})"
"""A pattern for one whole day."""

_PIECE: Final = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+({_MONTH}))?(?:,?\s+(\d{{4}}))?\b", re.IGNORECASE
)


def day(text: str) -> dt.date | None:
    """The day that ``text`` writes; None where it writes none."""
    found = span(text)
    return found.first if found else None


def span(text: str) -> DaySpan | None:
    """First and last of the days in ``text``; None where there is none, or they run backwards."""
    found = sorted(_days(text))
    return DaySpan(found[0], found[-1]) if found else None


def _days(text: str) -> Iterator[dt.date]:
    slashed = re.findall(_SLASHED, text)
    if slashed:
        for written in slashed:
            number, month, year = (int(part) for part in re.split(r"[/.]", written))
            yield from _date(year, month, number)
        return
    month, year = 0, 0
    for piece in reversed(list(_PIECE.finditer(text))):  # what is left out stands further right
        if piece[3]:
            year = int(piece[3])
        if piece[2]:
            month = [name[:3] for name in _MONTHS].index(piece[2][:3].lower()) + 1
        if month and year:
            yield from _date(year, month, int(piece[1]))


def _date(year: int, month: int, number: int) -> Iterator[dt.date]:
    try:
        yield dt.date(year, month, number)
    except ValueError:  # 31 June: no day, and no reason to stop
        return
