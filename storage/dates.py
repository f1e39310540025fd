"""Days, partial dates and spans of days, as the press and the registers give them."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, Self

Precision = Literal["year", "month", "day"]

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")


def utc_now() -> dt.datetime:
    """The present moment; called at the edges (commands, spiders) and handed inwards."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, order=True)
class DaySpan:
    """First and last day of something, both included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a span cannot end ({self.last}) before it begins ({self.first})")

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def widened(self, days: int) -> "DaySpan":
        """The same span with ``days`` more on each side."""
        slack = dt.timedelta(days=days)
        return DaySpan(self.first - slack, self.last + slack)

    def gap(self, day: dt.date) -> int:
        """Days between ``day`` and the span; 0 inside it."""
        return max((self.first - day).days, (day - self.last).days, 0)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day, kept as it was given."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2022``, ``2022-08``, ``2022-08-03`` or an ISO date and time; ValueError otherwise."""
        found = _ISO.fullmatch(text.strip())
        if not found:
            raise ValueError(f"{text!r} is no ISO date (2022, 2022-08 or 2022-08-03)")
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        dt.date(year, month or 1, day or 1)
        return cls(year, month, day)

    @property
    def precision(self) -> Precision:
        """How finely the date is known."""
        return "day" if self.day else "month" if self.month else "year"

    @property
    def span(self) -> DaySpan:
        """Every day the date may stand for."""
        month, last_month = self.month or 1, self.month or 12
        last_day = self.day or calendar.monthrange(self.year, last_month)[1]
        return DaySpan(dt.date(self.year, month, self.day or 1), dt.date(self.year, last_month, last_day))

    def __str__(self) -> str:
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join(parts)
