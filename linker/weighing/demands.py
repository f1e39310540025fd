"""What the inspection's own report demands, and what it says of the manager's post.

Every u is that of the reports with the same grade: an inadequate home has more requirements and notices,
and its grade is weighed already.
"""

from collections.abc import Hashable
from typing import Any

from linker.clues.posts import Post
from linker.findings import Finding
from linker.register import Inspection, Setting
from linker.weighing.comparison import Case, Weighed

_MONTHS_NEW = 12
"""Months for which a manager is new."""
_SORTS = {"requirements": "requirement", "notices": "compliance notice", "recommendations": "recommendation"}
Compared = tuple[str, float, str]
"""Level, u, and the reason in words."""


class OfTheReport:
    """What all comparisons with the inspection's own report share."""

    def __init__(self, case: Case, kind: str) -> None:
        self.kind, self.model, self.findings = kind, case.model, case.register.findings
        self.clue = case.mention.strongest(kind)

    @property
    def silent(self) -> bool:
        return self.clue is None or not len(self.findings)

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return inspection and inspection.id

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        finding = self.findings.of(inspection.id) if inspection else None
        if finding is None or inspection is None or self.clue is None:
            return None
        compared = self.compared(self.clue.value, finding, inspection)
        if compared is None:
            return None
        level, u, told = compared
        weight = self.model.weight(self.kind, level, u, self.clue.confidence)
        return Weighed(kind=self.kind, level=level, weight=weight, told=told, clue=self.clue)

    def compared(self, said: Any, finding: Finding, inspection: Inspection) -> Compared | None:
        """The outcome; None where the report is silent."""
        raise NotImplementedError


class Count(OfTheReport):
    """How many requirements, notices or recommendations; one out is common, notices may stand for several."""

    def compared(self, said: int, finding: Finding, inspection: Inspection) -> Compared | None:
        known: int | None = getattr(finding, self.kind)
        if known is None:
            return None
        level = _counted(said, known)
        u = self.findings.share(self.kind, inspection.grades[0], lambda one: _counted(said, one) == level)
        return level, u, f"its report: {known} {_SORTS[self.kind]}{'' if known == 1 else 's'}"


class Restriction(OfTheReport):
    """A restriction of who may live there; it often follows the report, which then says nothing."""

    def __init__(self, case: Case) -> None:
        super().__init__(case, "restriction")

    @property
    def silent(self) -> bool:
        return super().silent or not self.findings.tells("restriction", True)

    def compared(self, said: bool, finding: Finding, inspection: Inspection) -> Compared | None:
        share = self.findings.share("restriction", inspection.grades[0], bool)
        if finding.restriction:
            return "exact", share, "its report tells of the restriction"
        return "contrary", 1 - share, "its report tells of no restriction"


class Regulations(OfTheReport):
    """The regulations said to be breached against those its requirements are made under."""

    def __init__(self, case: Case) -> None:
        super().__init__(case, "regulations")
        self.said: frozenset[int] = frozenset().union(*(one.value for one in case.mention.of("regulations")))

    def compared(self, said: Any, finding: Finding, inspection: Inspection) -> Compared | None:
        if finding.requirements is None:
            return None
        rarest = sorted(self.findings.regulation_share(one, inspection.grades[0]) for one in self.said)[:2]
        all_of_them = rarest[0] * (rarest[1] if len(rarest) > 1 else 1.0) ** 0.5  # they come together
        listed = ", ".join(map(str, sorted(finding.regulations))) or "none"
        if self.said <= finding.regulations:
            return "exact", all_of_them, f"its report: regulations {listed}"
        if self.said & finding.regulations:
            return None
        return "contrary", 1 - rarest[0], f"its report: regulations {listed}"


class Manager(OfTheReport):
    """The state of the manager's post; what is said of the month decides where both give it."""

    def __init__(self, case: Case) -> None:
        super().__init__(case, "manager")

    def compared(self, said: Post, finding: Finding, inspection: Inspection) -> Compared | None:
        known = finding.post
        if known is None:
            return None
        level = _post(said, known, inspection)
        states = {state for state in ("vacant", "new", "held") if _states(said.state, state) == level}
        u = self.findings.share("manager", inspection.grades[0], lambda one: one in states)
        if level == "exact" and said.month and said.month == known.month:
            u /= 6  # months of a post cluster in the year before the visit
        return level, u, f"its report: {known}"


def _counted(said: int, known: int) -> str:
    if said < 0:
        return "exact" if known > 0 else "contrary"
    return "exact" if known == said else "close" if abs(known - said) == 1 and said and known else "contrary"


def _post(said: Post, known: Post, inspection: Inspection) -> str:
    if known.state == "held" and said.state == "new" and _is_new(known, inspection):
        return "exact"
    level = _states(said.state, known.state)
    if level == "exact" and said.month and known.month and said.month != known.month:
        return "contrary"
    return level


def _states(said: str, known: str) -> str:
    """A manager who has only applied is none yet: the press may say either."""
    if said == known:
        return "exact"
    return "contrary" if {said, known} == {"vacant", "held"} else "close"


def _is_new(known: Post, inspection: Inspection) -> bool:
    day = inspection.first
    if known.month is None or known.year is None or day is None:
        return False
    return 0 <= (day.year - known.year) * 12 + day.month - known.month <= _MONTHS_NEW
