"""Which records to weigh: the union of what each strong clue finds through an index, bounded."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from linker.register import Register
from linker.weighing.comparison import Candidate
from linker.weighing.days import Timeline
from linker.weighing.operator import Operator
from linker.weighing.place import Where
from linker.weighing.quotation import Quotation

MOST = 900
"""Candidates weighed for a mention; the likeliest by date alone are kept."""
_WIDE = 40
"""Authorities beyond which a place (a region) finds nothing on its own."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The candidates, the settings they belong to, and how many were dropped unweighed."""

    candidates: list[Candidate]
    dropped: int


@dataclass(frozen=True, kw_only=True)
class Strong:
    """The clues that find records by themselves."""

    operator: Operator
    where: Where
    quotation: Quotation
    urns: tuple[str, ...]


def find(register: Register, strong: Strong, line: Timeline) -> Found:
    """The inspections to weigh, and each setting once without an inspection."""
    settings = set(_settings(register, strong))
    inspections = {number for setting in settings for number in register.inspections_of(setting)}
    inspections |= {
        register.number_of[one] for one in strong.quotation.reports() if one in register.number_of
    }
    settings |= {register.inspections[number].setting for number in inspections}
    kept = sorted(inspections, key=lambda number: -_likelihood(register, line, number))[:MOST]
    candidates = [Candidate(register.inspections[number].setting, number) for number in kept]
    candidates += [
        Candidate(setting, None) for setting in sorted(settings) if _was_open(register, setting, line)
    ]
    return Found(candidates=candidates, dropped=len(inspections) - len(kept))


def _settings(register: Register, strong: Strong) -> Iterator[int]:
    for urn in strong.urns:
        if urn in register.by_urn:
            yield register.by_urn[urn]
    for provider in strong.operator.best:
        yield from register.settings_of(provider)
    places = strong.where.authorities()
    if len(places) <= _WIDE:
        for authority in places:
            yield from register.settings_in(authority)


def _likelihood(register: Register, line: Timeline, number: int) -> float:
    one = register.inspections[number]
    place = line.index(one.published or one.first or one.last)
    if place is None:
        return 0.0
    return float((line.by_report if one.published else line.by_visit)[place])


def _was_open(register: Register, setting: int, line: Timeline) -> bool:
    one = register.settings[setting]
    last = (line.published.last if line.published else line.latest) + dt.timedelta(days=30)
    first = (line.published.first if line.published else dt.date.min) - dt.timedelta(days=0)
    return not (
        (one.registered and one.registered > last)
        or (one.closed and line.published and one.closed < first - dt.timedelta(days=200))
    )


def settings_of(candidates: Iterable[Candidate]) -> set[int]:
    """The settings among the candidates."""
    return {one.setting for one in candidates}
