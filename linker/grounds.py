"""What a decision was made on, and which changes of the record could change it.

A change touches an article if it is of a setting or an inspection that its decision weighs seriously, or of
the inspection before, of which it tells, or if the changed record could become one: it is of the owner, or
else of a place, that the article tells, and its visit lies in the time from which the article can come and
on the days and with the grade that it gives. How common things are drifts with every change; so what lay
near a threshold is always made anew, and everything is once the register has grown by a tenth
(``linker.stored.relinking``).
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from linker.clues.days import Days
from linker.decide import bar, grounding
from linker.linking import Linked, Linker
from linker.mentions import Mention
from linker.reading import Reading
from linker.register import Inspection, Register, Setting
from linker.weighing.comparison import Case
from linker.weighing.operator import Operator
from linker.weighing.place import Where
from storage.dates import DaySpan

Grounds = Mapping[str, Any]
FORMAT = 3
"""Of what ``grounds_of`` gives; an article whose grounds have another is linked anew after any change."""

_SERIOUS = 0.03
"""Posterior from which a setting or an inspection counts among those weighed seriously."""
_DRIFT = 6.0
"""Bits that a decision may drift, by the share of the register that changes: that of a value drifts more."""
_BEFORE = 800
"""Days before an article to the inspection before the one it describes, whose grade it may tell."""
_SURE = 0.98
"""Probability from which another home of the same size changes nothing."""
_SETTLED, _OPEN = 150, 365
"""Days back to a visit that may become the one described: where the link stands, and where none was made."""
_WIDE = 40
"""Authorities beyond which a place is a region and any record may lie in it."""
_SLACK = 3
_MARGIN = 1.0
"""Bits to keep a link beside a record that is unlike it, and to keep open what one more record may suit."""
_COVERAGE = 0.5
"""Bits by which the share of inspections on record may drift before an article is linked anew."""


def grounds_of(linker: Linker, reading: Reading, linked: Sequence[Linked]) -> dict[str, Any]:
    """All that the decisions on an article turned on, as plain data."""
    published = reading.published
    return {
        "format": FORMAT,
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
        "answer": one.decision.answer,
        "margin": _margin(linker, one),
        "room": _room(linker, one),
        "sure": one.decision.probability >= _SURE,
        "capacities": sorted({clue.value for clue in one.mention.of("capacity")}),
        "about": one.subject.probability >= 0.5,
        "authorities": sorted(places) if len(places) <= _WIDE else None,
        "lies_there": _lies_in(linker.register, one, places),
        "owners": sorted(operator.best),
        "urns": [clue.value for clue in one.mention.of("urn")],
        "visits": [[str(span.first), str(span.last)] for span in _visits(one.mention)],
        "grade": grade[0].value.grade if grade and grade[1] > 0.7 else None,
        "earlier": bool(one.mention.of("earlier_judgement")),
        "serious": sorted(_serious(linker.register, one)),
    }


def _visits(mention: Mention) -> Iterator[DaySpan]:
    for clue in mention.of("visit"):
        days: Days = clue.value
        yield from days.spans


def _serious(register: Register, one: Linked) -> set[str]:
    """The settings and inspections that are likely enough for their facts to tell."""
    shares: dict[int, float] = defaultdict(float)
    for scored in one.odds.scored if one.odds else ():
        shares[scored.candidate.setting] += scored.probability
    settings = {register.settings[number].id for number, share in shares.items() if share >= _SERIOUS}
    inspections = {
        register.inspections[scored.candidate.inspection].id
        for scored in (one.odds.scored if one.odds else ())
        if scored.candidate.inspection is not None and scored.probability >= _SERIOUS
    }
    return settings | inspections


def _margin(linker: Linker, one: Linked) -> float | None:
    """Bits between the threshold and the level that came nearest to it, from either side."""
    if not one.odds or not one.odds.scored:
        return None
    *homes, owner = _shares(linker.register, one)
    needed = _bits(bar(linker.model, one.odds.scored[0]))
    bits = [*(_bits(share) - needed for share in homes), _bits(owner) - _bits(linker.model.certain)]
    if one.decision.level == "inspection":  # where the finest level holds, no coarser one is asked
        return round(abs(bits[0]), 3)
    return round(min(map(abs, (*bits, grounding(one.odds.scored[0])))), 3)


def _shares(register: Register, one: Linked) -> tuple[float, float, float]:
    """The posterior of the likeliest inspection, home and provider."""
    settings: dict[object, float] = defaultdict(float)
    owners: dict[object, float] = defaultdict(float)
    scored = one.odds.scored if one.odds else ()
    for record in scored:
        setting = register.settings[record.candidate.setting]
        settings[setting.id] += record.probability
        owners[setting.provider] += record.probability
    return scored[0].probability, max(settings.values()), max(owners.values())


def _lies_in(register: Register, one: Linked, places: Collection[str]) -> bool:
    """Whether the likeliest record lies where the article says."""
    if not one.odds or not one.odds.scored:
        return False
    return not set(register.settings[one.odds.scored[0].candidate.setting].authorities).isdisjoint(places)


def _room(linker: Linker, one: Linked) -> float | None:
    """Bits that a record which suits every clue best lacks to have something asserted, itself or its owner.

    How well a clue can be suited shows in the records weighed.
    """
    if not one.odds or not one.odds.scored:
        return None
    most: dict[str, float] = defaultdict(float)
    for scored in one.odds.scored:
        for weighed in scored.weighed:
            most[weighed.kind] = max(most[weighed.kind], weighed.weight)
    best, certain = one.odds.scored[0], linker.model.certain
    better = sum(most.values()) - sum(weighed.weight for weighed in best.weighed)
    left = (certain - max(_shares(linker.register, one))) / (1 - certain)
    share = math.log2(max(best.probability, 1e-9)) + better * linker.model.scale
    return round(math.log2(left) - share, 3) if left > 0 else None


def _bits(probability: float) -> float:
    held = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log2(held / (1 - held))


class Changed:
    """Changed settings and inspections, found by what an article may tell of them."""

    def __init__(self, register: Register, settings: set[str], inspections: set[str], new: set[str]) -> None:
        """Ids of settings and inspections of which anything changed, and of settings that are new."""
        self.register, self._touched = register, settings | inspections
        self._by_key: dict[str, list[tuple[Setting, Inspection | None]]] = defaultdict(list)
        self._visits: dict[str, list[dt.date]] = defaultdict(list)
        share = len(settings) / len(register.settings) + len(inspections) / max(len(register.inspections), 1)
        self.new, self._drift = new, _DRIFT * share
        for one in register.settings:
            if one.id in settings:
                self._add(one, None)
        for inspection in register.inspections:
            if inspection.id in inspections:
                setting = register.settings[inspection.setting]
                self._add(setting, inspection)
                self._visits[setting.id].append(inspection.first or inspection.last or dt.date.min)

    def _add(self, setting: Setting, inspection: Inspection | None) -> None:
        owners = {*setting.owners, setting.provider, inspection.provider if inspection else None}
        for key in {*setting.authorities, *owners, setting.urn.upper(), ""}:
            if key is not None:
                self._by_key[key].append((setting, inspection))

    def touch(self, grounds: Grounds) -> bool:
        """Whether an article that was linked on these grounds must be linked anew."""
        if grounds.get("format") != FORMAT:
            return True
        if not self._touched:
            return False
        published = grounds["published"] and DaySpan(*map(dt.date.fromisoformat, grounds["published"]))
        return self._drifted(grounds, published) or any(
            self._touches(one, published) for one in grounds["mentions"] if one["about"]
        )

    def _touches(self, one: Grounds, published: DaySpan | None) -> bool:
        if one["margin"] is not None and one["margin"] < self._drift:
            return True
        if not self._touched.isdisjoint(one["serious"]):
            return True
        if one["earlier"] and self._one_before(one, published):
            return True
        return any(
            self._fits(one, published, setting, inspection)
            for key in _keys(one)
            for setting, inspection in self._by_key.get(key, ())
        )

    def _one_before(self, one: Grounds, published: DaySpan | None) -> bool:
        """Whether a changed inspection of a home weighed may be the earlier one that is told of."""
        days = [day for setting in one["serious"] for day in self._visits.get(setting, ())]
        back = dt.timedelta(days=_BEFORE)
        return any(published is None or published.first - back <= day <= published.last for day in days)

    def _fits(
        self, one: Grounds, published: DaySpan | None, setting: Setting, inspection: Inspection | None
    ) -> bool:
        """Whether a changed record could be the one that a mention describes."""
        if setting.urn.upper() in one["urns"]:
            return True
        if _changes_nothing(one, setting):
            return False
        if inspection is None:
            return self._fits_by_itself(one, published, setting)
        return _is_of_the_time(one, published, inspection)

    def _fits_by_itself(self, one: Grounds, published: DaySpan | None, setting: Setting) -> bool:
        """Whether a home could be the one by itself: it is new, or is now as large as the one described."""
        if one["sure"] if _stands(one) else setting.id not in self.new:
            return False
        if published and setting.registered and setting.registered > published.last:
            return False
        if one["capacities"]:
            return not set(setting.places).isdisjoint(one["capacities"])
        return not _stands(one)

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


def _keys(one: Grounds) -> list[str]:
    """By what a record would have to be found: the owner where it is known, else the place, else anything."""
    if one["owners"]:
        return [*one["owners"], *one["urns"]]
    return [*one["urns"], *(one["authorities"] or [""])]


def _changes_nothing(one: Grounds, setting: Setting) -> bool:
    """Whether a record is too unlike what is told to shake a link, or could only be one more of many."""
    if not _stands(one):
        return _is_one_of_many(one)
    if one["margin"] is None or one["margin"] < _MARGIN:
        return False
    if one["lies_there"] and one["authorities"] and set(setting.authorities).isdisjoint(one["authorities"]):
        return True
    sized = [abs(told - known) for told in one["capacities"] for known in setting.places]
    return bool(sized) and min(sized) > 1


def _is_one_of_many(one: Grounds) -> bool:
    """Whether another record would neither be asserted nor change why nothing is.

    Why is decided by the clues alone where no registered owner or place is told.
    """
    untold = not (one["owners"] or one["authorities"] or one["urns"])
    return (untold or one["answer"] == "several_fit") and one["room"] is not None and one["room"] > _MARGIN


def _stands(one: Grounds) -> bool:
    return one["level"] in ("inspection", "setting")


def _is_of_the_time(one: Grounds, published: DaySpan | None, inspection: Inspection) -> bool:
    """Whether an inspection lies in the time, on the days and has the grade that a mention tells."""
    day = inspection.first or inspection.last
    if day is None:
        return not _stands(one)
    back = dt.timedelta(days=_SETTLED if _stands(one) else _OPEN)
    if published and not published.first - back <= day <= published.last:
        return False
    if one["visits"] and not any(_holds(span, day) for span in one["visits"]):
        return False
    return not (one["grade"] and inspection.grades[0] and inspection.grades[0] != one["grade"])


def _holds(span: Iterable[str], day: dt.date) -> bool:
    first, last = map(dt.date.fromisoformat, span)
    slack = dt.timedelta(days=_SLACK)
    return first - slack <= day <= last + slack
