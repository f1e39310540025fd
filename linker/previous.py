"""What a home was judged before: each inspection with the graded one before it."""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict

from linker.register import Inspection


def with_previous(inspections: list[Inspection]) -> list[Inspection]:
    """The same inspections, each knowing the graded one before it."""
    graded: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    for number, one in enumerate(inspections):
        if one.grades[0] and (one.first or one.last):
            graded[one.setting].append((one.first or one.last or dt.date.min, number))
    for held in graded.values():
        held.sort()
    return [_following(one, graded.get(one.setting, [])) for one in inspections]


def _following(one: Inspection, graded: list[tuple[dt.date, int]]) -> Inspection:
    """The inspection with the one before it, of those of its home by day."""
    day = one.first or one.last
    before = bisect_left(graded, (day, -1)) if day else 0
    if not before:
        return one
    return Inspection(  # ``replace`` takes seven times as long, and there are tens of thousands
        id=one.id,
        setting=one.setting,
        kind=one.kind,
        first=one.first,
        last=one.last,
        published=one.published,
        grades=one.grades,
        capacity=one.capacity,
        provider=one.provider,
        previous=graded[before - 1][1],
    )
