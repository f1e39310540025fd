"""What a cell says: blanks in all their spellings, days, whole numbers, and words of a known list."""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz.distance import OSA

_BLANK = frozenset({"", "null", "n/a", "na", "none", "-", "–", ".", "not applicable", "#n/a"})
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T]0{1,2}:00(?::00)?)?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})[ -](\d{4}|\d{2})")
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.0+)?")
_EPOCH = dt.date(1899, 12, 30)  # day 0 of spreadsheets
_EARLIEST, _LATEST = 1900, 2100
_MONTHS = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if name}
_FORMULA = re.compile(r'="?([^"]*)"?')


@lru_cache(maxsize=65536)
def plain(cell: str) -> str:
    """The cell on one line without outer spaces, quotes of a spreadsheet's ``="…"`` taken off."""
    text = " ".join(cell.split())
    found = _FORMULA.fullmatch(text)
    return found[1].strip() if found and text.startswith('="') else text


@lru_cache(maxsize=65536)
def blank(cell: str) -> bool:
    """Whether the cell says nothing."""
    return plain(cell).lower() in _BLANK


@lru_cache(maxsize=65536)
def day(cell: str) -> dt.date | None:
    """The day a cell gives: 31/03/2025, 2025-03-31, 31 March 2025, 31-Mar-25 or a spreadsheet's number.

    ValueError for anything else that is not blank.
    """
    text = plain(cell)
    if text.lower() in _BLANK or text == "0":
        return None
    if found := _DAY.fullmatch(text):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    if found := _ISO.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if (found := _WORDS.fullmatch(text)) and found[2][:3].lower() in _MONTHS:
        return _date(int(found[3]), _MONTHS[found[2][:3].lower()], int(found[1]))
    if _SERIAL.fullmatch(text):
        return _EPOCH + dt.timedelta(days=int(float(text)))
    raise ValueError(f"{text!r} is no day")


def number(cell: str) -> int | None:
    """A whole number; ValueError for anything else that is not blank."""
    text = plain(cell).replace(",", "")
    if text.lower() in _BLANK:
        return None
    found = re.fullmatch(r"(\d{1,5})(?:\.0+)?", text)
    if not found:
        raise ValueError(f"{text!r} is no whole number")
    return int(found[1])


def word(cell: str, known: Mapping[str, str]) -> str | None:
    """The spelling we keep of a word from a list, one mistyped letter in a long one forgiven.

    ValueError when it is none of them.
    """
    text = plain(cell).lower().replace("’", "'")
    if text in _BLANK:
        return None
    if text in known:
        return known[text]
    close = {known[one] for one in known if len(one) > 5 and OSA.distance(text, one, score_cutoff=2) <= 1}
    if len(close) == 1:
        return close.pop()
    raise ValueError(f"{text!r} is none of the words known here")


def one_of_several(cell: str, known: Mapping[str, str]) -> str | None:
    """The first in the order of ``known`` of the words that a cell lists with commas or bars.

    ValueError when none of them is known.
    """
    try:
        return word(cell, known)
    except ValueError:
        listed = {part.strip().lower().replace("’", "'") for part in re.split(r"[,|]", plain(cell))}
        for one, kept in known.items():
            if one in listed:
                return kept
        raise


def _date(year: int, month: int, of_month: int) -> dt.date:
    year += 2000 if year < 100 else 0
    if not _EARLIEST < year < _LATEST:
        raise ValueError(f"the year {year} cannot be")
    return dt.date(year, month, of_month)
