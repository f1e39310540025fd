"""Which records to weigh: the union of what each strong clue finds through an index, bounded.

Where more is found than can be weighed, the records that a rough sum of the strongest weights puts first are
kept; how many were dropped is told.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linker.register import Numbers, Register
from linker.weighing.comparison import Candidate
from linker.weighing.days import OnDays, Timeline
from linker.weighing.judgement import Overall
from linker.weighing.operator import Operator
from linker.weighing.place import Where
from linker.weighing.quotation import Quotation

MOST, MOST_UNRECORDED = 64, 16
"""Inspections weighed for a mention, and settings weighed once without an inspection."""
_WIDE = 40
"""Authorities beyond which a place (a region) finds only what was inspected in the months before."""
_MONTHS = dt.timedelta(days=210)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Found:
    """The candidates, and how many inspections were dropped unweighed."""

    candidates: list[Candidate]
    dropped: int


@dataclass(frozen=True, kw_only=True)
class Strong:
    """The comparisons whose clues find records by themselves, or sort what was found."""

    operator: Operator
    where: Where
    quotation: Quotation
    visit: OnDays
    overall: Overall
    urns: tuple[str, ...]


def find(register: Register, strong: Strong, line: Timeline) -> Found:
    """The inspections to weigh, and the likeliest settings once without an inspection."""
    settings, inspections = _found(register, strong, line)
    rough = _rough(register, strong, line, inspections)
    kept = inspections[np.argsort(-rough, kind="stable")[:MOST]]
    candidates = [Candidate(register.inspections[number].setting, number) for number in kept.tolist()]
    around = np.union1d(settings, register.setting_of[kept])
    unrecorded = _by_place_and_owner(register, strong, around)
    order = np.argsort(-unrecorded, kind="stable")[:MOST_UNRECORDED]
    candidates += [
        Candidate(setting, None) for setting in around[order].tolist() if _was_open(register, setting, line)
    ]
    return Found(candidates=candidates, dropped=len(inspections) - len(kept))


def _found(register: Register, strong: Strong, line: Timeline) -> tuple[Numbers, Numbers]:
    """The settings found with all their inspections, those quoted from, in a wide place the recent ones."""
    numbered = [register.by_urn[urn] for urn in strong.urns if urn in register.by_urn]
    held = [register.held_by(provider) for provider in strong.operator.best]
    places = strong.where.authorities()
    if len(places) <= _WIDE:
        held += [register.held_in(authority) for authority in places]
    settings = _union([np.array(numbered, np.int64), *(settings for settings, _ in held)])
    found = [inspections for _, inspections in held] + [register.inspections_of(one) for one in numbered]
    quoted = [register.number_of[one] for one in strong.quotation.reports() if one in register.number_of]
    wide = len(places) > _WIDE or not (len(settings) or quoted)
    if wide and line.published:
        found.append(register.visited_between(line.published.first - _MONTHS, line.published.last))
    return settings, _union([np.array(quoted, np.int64), *found])


def _union(held: Sequence[Numbers]) -> Numbers:
    return np.unique(np.concatenate(held).astype(np.int64))


def _rough(register: Register, strong: Strong, line: Timeline, inspections: Numbers) -> Floats:
    """A sum of the strongest weights, by table; a quotation or a number printed puts a record first."""
    settings = register.setting_of[inspections]
    rough = _by_place_and_owner(register, strong, settings)
    rough += line.rough(register.published_days[inspections], register.visit_days[inspections])
    rough += strong.visit.rough(register.visit_days[inspections])
    rough += strong.overall.rough(register.overall_codes[inspections])
    first = [register.number_of[one] for one in strong.quotation.reports() if one in register.number_of]
    printed = [register.by_urn[urn] for urn in strong.urns if urn in register.by_urn]
    for numbers, known in ((inspections, first), (settings, printed)):
        if known:
            rough[np.isin(numbers, known)] += 20.0
    return rough


def _by_place_and_owner(register: Register, strong: Strong, settings: Numbers) -> Floats:
    places = np.full(len(register.authorities) + 1, np.log2(max(strong.where.unplaced, 1e-4)))
    for authority, ratio in strong.where.ratios.items():
        if authority in register.authorities:
            places[register.authorities[authority]] = np.log2(ratio + strong.where.unplaced)
    rough = places[register.authority_codes[settings]]
    owned = [register.held_by(provider)[0] for provider in strong.operator.best]
    if owned:
        rough[np.isin(settings, np.concatenate(owned))] += 10.0
    return np.asarray(rough, np.float64)


def _was_open(register: Register, setting: int, line: Timeline) -> bool:
    """Registered before the article and not closed long before it."""
    one = register.settings[setting]
    last = (line.published.last if line.published else line.latest) + dt.timedelta(days=30)
    if one.registered and one.registered > last:
        return False
    return not (one.closed and line.published and one.closed < line.published.first - _MONTHS)
