"""Grades: overall, by area, and the one before."""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from linker.clues.judgements import SAME, Judged
from linker.register import GRADES, Inspection, Setting
from linker.weighing.comparison import Case, Weighed
from storage.records import Clue

_AREAS = {"protection": 1, "leadership": 2}
_REMEMBERED = 6
"""Inspections back to which the press remembers a home's grades."""
_INTERIM = ("Improved effectiveness", "Sustained effectiveness", "Declined effectiveness")


class Overall:
    """The grade the article gives the home now against the inspection's overall grade."""

    kind = "judgement"

    def __init__(self, case: Case) -> None:
        self.register, self.model = case.register, case.model
        told = case.mention.grade()
        self.clue: Clue | None = told[0] if told else None
        self.agreed = told[1] if told else 0.0

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        if inspection is None or inspection.grades[0]:
            return inspection and inspection.grades[0]
        return inspection.kind, inspection.previous

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if self.clue is None or inspection is None:
            return None
        said: Judged = self.clue.value
        graded, grade = self.register.graded_share, inspection.grades[0]
        if grade is None:
            return self._ungraded(said, inspection)
        share = self.register.grade_shares.get(grade, 1e-4) * graded
        level = "exact" if grade == said.grade else "contrary"
        u = share if level == "exact" else 1 - share
        told = f"judged {grade.lower()}"
        return self._weighed(level, u, told)

    def rough(self, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """About the weight for many overall grades at once."""
        if self.clue is None:
            return np.zeros(len(codes))
        said: Judged = self.clue.value
        return np.where(codes == GRADES.get(said.grade, -1), 5.0, 0.0)

    def _ungraded(self, said: Judged, inspection: Inspection) -> Weighed:
        """A visit without grades: the article may tell the grade at which the home stood."""
        before = None if inspection.previous is None else self.register.inspections[inspection.previous]
        ungraded, share = 1 - self.register.graded_share, self.register.grade_shares.get(said.grade, 1e-4)
        if before and before.grades[0] == said.grade:
            told = f"{inspection.kind} inspection of a home that stood at {said.grade.lower()}"
            return self._weighed("standing", ungraded * share, told)
        return self._weighed("ungraded", ungraded, f"{inspection.kind} inspection without that grade")

    def _weighed(self, level: str, u: float, told: str) -> Weighed:
        assert self.clue is not None
        weight = self.model.weight("judgement", level, u, min(self.agreed, self.clue.confidence))
        return Weighed(kind="judgement", level=level, weight=weight, told=told, clue=self.clue)


class Area:
    """The grade of one area, given the overall one."""

    def __init__(self, case: Case, area: str) -> None:
        self.kind, self.area, self.number = "area_judgement", area, _AREAS[area]
        self.shares, self.model = case.register.area_shares[self.number], case.model
        overall = case.mention.grade()
        self.overall = overall[0].value.grade if overall else None
        self.clue, self.grade = _area_told(case.mention.of("area_judgement"), area, self.overall)

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return inspection and inspection.grades

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if self.clue is None or self.grade is None or inspection is None:
            return None
        overall, grade = inspection.grades[0], inspection.grades[self.number]
        if overall is None or grade is None:
            return None
        share = self.shares.get(overall, {}).get(grade, 0.01)
        level = "exact" if grade == self.grade else "contrary"
        u = share if level == "exact" else 1 - share
        weight = self.model.weight(self.kind, level, u, self.clue.confidence)
        told = f"{self.area} {grade.lower()}"
        return Weighed(kind=self.kind, level=level, weight=weight, told=told, clue=self.clue)


class Earlier:
    """The grade before, against the full inspections before this one."""

    kind = "earlier_judgement"

    def __init__(self, case: Case) -> None:
        self.register, self.model = case.register, case.model
        told = case.mention.grade("earlier_judgement", "any") or case.mention.grade("earlier_judgement")
        self.clue: Clue | None = told[0] if told else None
        self.agreed = told[1] if told else 0.0

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        if inspection is None or inspection.previous is None:
            return None
        return inspection.grades[0], inspection.previous

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if self.clue is None or inspection is None or inspection.previous is None:
            return None
        history, said = self._history(inspection.previous), self.clue.value.grade
        share = self.register.earlier_shares.get(inspection.grades[0], {}).get(history[0], 0.02)
        if history[0] == said:
            level, u = "exact", share
        elif said in history:
            return None
        else:
            level, u = "contrary", 1 - share
        weight = self.model.weight(self.kind, level, u, self.agreed)
        told = f"before that {history[0].lower()}"
        return Weighed(kind=self.kind, level=level, weight=weight, told=told, clue=self.clue)

    def _history(self, number: int | None) -> list[str]:
        """The overall grades up to an inspection, newest first."""
        grades: list[str] = []
        while number is not None and len(grades) < _REMEMBERED:
            one = self.register.inspections[number]
            grades.append(str(one.grades[0]))
            number = one.previous
        return grades


def _area_told(clues: Sequence[Clue], area: str, overall: str | None) -> tuple[Clue | None, str | None]:
    for clue in clues:
        judged: Judged = clue.value
        if judged.area in (area, "all") and judged.grade not in _INTERIM:
            return clue, overall if judged.grade == SAME else judged.grade
    return None, None
