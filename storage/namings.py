"""What a provider was called when: the spellings of registers, and the days between which they stand."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A name, and the first and last day on which a register spells it so."""

    name: str
    first: dt.date
    last: dt.date


def name_on(namings: Iterable[Naming], day: dt.date | None) -> str | None:
    """The name that stood on a day, or nearest to it; of several, the newest; None without either."""
    if day is None:
        return None
    nearest = min(namings, key=lambda one: _distance(one, day), default=None)
    return nearest.name if nearest else None


def _distance(one: Naming, day: dt.date) -> tuple[int, int]:
    apart = max((one.first - day).days, (day - one.last).days, 0)
    return apart, -one.first.toordinal()
