"""What a decision was made on, and which changes of the record could change it.

A change touches an article if it is of a setting that its decision weighs seriously, or if the changed
record could become one: its authority or owner is among those the article tells, its visit lies in the
time from which the article can come and on the days and with the grade that it gives. How common things
are drifts with every change; so what lay near a threshold is always made anew, and everything is once the
register has grown by a tenth (``linker.stored.relinking``).
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from linker.clues.visits import Days
from linker.linking import Linked, Linker
from linker.mentions import Mention
from linker.reading import Reading
from linker.register import Inspection, Register, Setting
from linker.weighing.comparison import Case
from linker.weighing.operator import Operator
from linker.weighing.place import Where
from storage.dates import DaySpan

Grounds = Mapping[str, Any]

_SERIOUS = 0.002
"""Posterior from which a setting counts among those weighed seriously."""
_NEAR = 0.7
"""Bits from the threshold within which the drift of a hundredth of the register may tell."""
_SETTLED, _OPEN = 150, 365
"""Days back to a visit that may become the one described: where the link stands, and where none was made."""
_WIDE = 40
"""Authorities beyond which a place is a region and any record may lie in it."""
_SLACK = 3
_COVERAGE = 0.5
"""Bits by which the share of inspections on record may drift before an article is linked anew."""


def grounds_of(linker: Linker, reading: Reading, linked: Sequence[Linked]) -> dict[str, Any]:
    """All that the decisions on an article turned on, as plain data."""
    published = reading.published
    return {
        "mentions": [_of_mention(linker, one) for one in linked],
        "published": [str(published.first), str(published.last)] if published else None,
        "coverage": linker.register.coverage(published.last) if published else None,
        "newest": str(linker.register.newest),
    }


def _of_mention(linker: Linker, one: Linked) -> dict[str, Any]:
    case = Case(mention=one.mention, register=linker.register, model=linker.model)
    operator, places = Operator(case), Where(case).authorities()
    grade = one.mention.grade()
    return {
        "level": one.decision.level,
        "near": _is_near(linker, one),
        "about": one.subject.probability >= 0.5,
        "authorities": sorted(places) if len(places) <= _WIDE else None,
        "owners": sorted(operator.best),
        "urns": [clue.value for clue in one.mention.of("urn")],
        "visits": [[str(span.first), str(span.last)] for span in _visits(one.mention)],
        "grade": grade[0].value.grade if grade and grade[1] > 0.7 else None,
        "serious": sorted(_serious(linker.register, one)),
    }


def _visits(mention: Mention) -> Iterator[DaySpan]:
    for clue in mention.of("visit"):
        days: Days = clue.value
        yield from days.spans


def _serious(register: Register, one: Linked) -> set[str]:
    shares: dict[int, float] = defaultdict(float)
    for scored in one.odds.scored if one.odds else ():
        shares[scored.candidate.setting] += scored.probability
    return {register.settings[number].id for number, share in shares.items() if share >= _SERIOUS}


def _is_near(linker: Linker, one: Linked) -> bool:
    """Whether some level came near the threshold, from either side."""
    if not one.odds or not one.odds.scored:
        return False
    settings: dict[object, float] = defaultdict(float)
    owners: dict[object, float] = defaultdict(float)
    for scored in one.odds.scored:
        setting = linker.register.settings[scored.candidate.setting]
        settings[setting.id] += scored.probability
        owners[setting.provider] += scored.probability
    best = (one.odds.scored[0].probability, max(settings.values()), max(owners.values()))
    bar = _bits(linker.model.certain)
    return any(abs(_bits(probability) - bar) < _NEAR for probability in best)


def _bits(probability: float) -> float:
    held = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log2(held / (1 - held))


class Changed:
    """Changed settings and inspections, found by what an article may tell of them."""

    def __init__(self, register: Register, settings: set[str], inspections: set[str], new: set[str]) -> None:
        """Ids of settings and inspections of which anything changed, and of settings that are new."""
        self.register = register
        numbered = [one for one in register.settings if one.id in settings]
        self.settings = settings
        self._by_key: dict[str, list[tuple[Setting, Inspection | None]]] = defaultdict(list)
        for one in numbered:
            if one.id in new:
                self._add(one, None)
        for inspection in register.inspections:
            if inspection.id in inspections:
                self._add(register.settings[inspection.setting], inspection)

    def _add(self, setting: Setting, inspection: Inspection | None) -> None:
        owners = {*setting.owners, setting.provider, inspection.provider if inspection else None}
        for key in {*setting.authorities, *owners, setting.urn.upper(), ""}:
            if key is not None:
                self._by_key[key].append((setting, inspection))

    def touch(self, grounds: Grounds) -> bool:
        """Whether an article that was linked on these grounds must be linked anew."""
        if not self.settings:
            return False
        published = grounds["published"] and DaySpan(*map(dt.date.fromisoformat, grounds["published"]))
        return self._drifted(grounds, published) or any(
            self._touches(one, published) for one in grounds["mentions"] if one["about"]
        )

    def _touches(self, one: Grounds, published: DaySpan | None) -> bool:
        if one["near"] or not self.settings.isdisjoint(one["serious"]):
            return True
        told = [*one["owners"], *one["urns"], *(one["authorities"] or ())]
        keys = told if told and one["authorities"] is not None else [*told, ""]
        return any(
            _fits(one, published, setting, inspection)
            for key in keys
            for setting, inspection in self._by_key.get(key, ())
        )

    def _drifted(self, grounds: Grounds, published: DaySpan | None) -> bool:
        """Whether the register now reaches the article's time, or holds more of it."""
        if published is None:
            return False
        newest = dt.date.fromisoformat(grounds["newest"])
        if published.last > newest and self.register.newest > newest:
            return True
        before, now = grounds["coverage"], self.register.coverage(published.last)
        missing = [max(0.04, 1 - share) for share in (before, now)]
        return abs(math.log2(missing[0] / missing[1])) > _COVERAGE


def _fits(one: Grounds, published: DaySpan | None, setting: Setting, inspection: Inspection | None) -> bool:
    """Whether a changed record could be the one that a mention describes."""
    if setting.urn.upper() in one["urns"]:
        return True
    stands = one["level"] in ("inspection", "setting")
    if inspection is None:
        begun = setting.registered or dt.date.min
        return not stands and (published is None or begun <= published.last)
    day = inspection.first or inspection.last
    if day is None:
        return not stands
    back = dt.timedelta(days=_SETTLED if stands else _OPEN)
    if published and not published.first - back <= day <= published.last:
        return False
    if one["visits"] and not any(_holds(span, day) for span in one["visits"]):
        return False
    return not (one["grade"] and inspection.grades[0] and inspection.grades[0] != one["grade"])


def _holds(span: Iterable[str], day: dt.date) -> bool:
    first, last = map(dt.date.fromisoformat, span)
    slack = dt.timedelta(days=_SLACK)
    return first - slack <= day <= last + slack
