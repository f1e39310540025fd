"""What every lead is made of: choices that narrow it, columns, and rows of cells that pages and CSV share."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from archive.reading.kept import Kept
from storage.errors import UsageMistake

Options = Sequence[tuple[str, str]]
"""Values of a choice, each with what readers see."""
MONTH: Final = 30.44  # days


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of a row; ``grade``: shown as the label of a judgement; ``day``: a date, kept in one line."""

    text: str
    link: str | None = None
    grade: bool = False
    number: bool = False
    day: bool = False


Row = tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One way to narrow a lead; the first option stands where the address names none."""

    name: str
    title: str
    options: Options = ()
    offered: Callable[[sa.Connection], Options] | None = None  # where the archive knows the values

    def given(self, connection: sa.Connection, kept: Kept) -> Options:
        """The options, with those of the archive after "all"."""
        if self.offered is None:
            return self.options
        return (*self.options, *kept.of(connection, ("choice", self.name), self.offered))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One look at a lead: what was chosen, which lines of it (``size`` None: all), and the day it is."""

    chosen: Mapping[str, str]
    today: dt.date
    first: int = 0
    size: int | None = None

    @property
    def lines(self) -> slice:
        """Which lines of a list that is held whole."""
        return slice(self.first, None if self.size is None else self.first + self.size)

    def since(self) -> dt.date | None:
        """The first day of the time chosen, where one was."""
        months = self.chosen.get("within", "all")
        return None if months == "all" else self.today - dt.timedelta(days=round(int(months) * MONTH))


@dataclass(frozen=True, kw_only=True)
class Found:
    """Lines of a lead, of ``total``."""

    total: int
    rows: Sequence[Row]


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A lead: its address, title, definition in a sentence or two, choices, columns, and how it is found."""

    name: str
    title: str
    told: str
    columns: tuple[str, ...]
    find: Callable[[sa.Connection, Asked, Kept], Found]
    choices: tuple[Choice, ...] = field(default=())

    def chosen(self, params: Mapping[str, str], options: Mapping[str, Options]) -> dict[str, str]:
        """What an address chooses; UsageMistake for a value that is not offered."""
        made = {}
        for choice in self.choices:
            offered = [value for value, _ in options[choice.name]]
            value = params.get(choice.name) or offered[0]
            if value not in offered:
                raise UsageMistake(f"{choice.name}={value[:60]} is not offered here")
            made[choice.name] = value
        return made


def part(rows: Sequence[Row], asked: Asked) -> Found:
    """The lines asked for of a list that is held whole."""
    return Found(total=len(rows), rows=rows[asked.lines])


WITHIN: Final[Options] = (
    ("12", "the last year"),
    ("3", "the last three months"),
    ("36", "the last three years"),
    ("all", "any time"),
)
EVERY: Final[Options] = (("", "all"),)
