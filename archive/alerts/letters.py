"""A message as it is told: its subject and its lines, before a channel gives it its form."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from storage.alerts import Alert
from storage.outbox import Kind

Event = Literal["linked", "found", "report", "lines", "corrected", "withdrawn", "gone"]
"""``corrected``: linked to another record now; ``withdrawn``: to none; ``gone``: it may not be told of."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that is told: ``id`` is the same wherever it is told of again.

    ``told`` is composed from fields; ``title`` and ``extract`` are the press's own words, None where they
    may not go. ``url`` leads into this archive.
    """

    id: str
    event: Event
    told: str
    url: str | None
    title: str | None = None
    extract: str | None = None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message to one target. ``at``: of this attempt; ``alert`` None: to the operator."""

    id: str
    kind: Kind
    subject: str
    lines: tuple[Line, ...]
    at: dt.datetime
    alert: Alert | None
    base_url: str
    notes: tuple[str, ...] = ()

    def address(self, path: str) -> str:
        """An address of this archive."""
        return f"{self.base_url}{path}"


def one_line(text: str, longest: int = 150) -> str:
    """The text as a header may carry it: one line, printable, not too long."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return flat if len(flat) <= longest else f"{flat[: longest - 2].rstrip()} …"
