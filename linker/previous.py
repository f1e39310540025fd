"""What a home was judged before: each inspection with the graded one before it."""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence


def previous_of(told: Sequence[tuple[int, str | None, dt.date | None]]) -> list[int | None]:
    """Of (home, grade, day of the visit) each, the number of the graded one before it."""
    graded: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    for number, (setting, grade, day) in enumerate(told):
        if grade and day:
            graded[setting].append((day, number))
    for held in graded.values():
        held.sort()
    return [_before(graded.get(setting), day) for setting, _, day in told]


def _before(graded: list[tuple[dt.date, int]] | None, day: dt.date | None) -> int | None:
    """The one before a day, of those of its home by day."""
    at = bisect_left(graded, (day, -1)) if graded and day else 0
    return graded[at - 1][1] if graded and at else None
