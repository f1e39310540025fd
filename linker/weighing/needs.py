"""Whom the home is for, as its reports say: needs, ages, boys or girls."""

from collections.abc import Hashable

from linker.clues.needs import Ages
from linker.findings import Finding, alike
from linker.register import Inspection, Setting
from linker.weighing.comparison import Case, Weighed


class OfTheHome:
    """What all comparisons with a home's reports share."""

    kind: str

    def __init__(self, case: Case) -> None:
        self.model, self.findings, self.numbers = case.model, case.register.findings, case.register.by_urn
        self.clue = case.mention.strongest(self.kind)

    @property
    def silent(self) -> bool:
        return self.clue is None or not len(self.findings)

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return setting.urn

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        finding = self.findings.of_home(self.numbers[setting.urn.upper()])
        compared = self.compared(finding) if finding and self.clue else None
        if compared is None or self.clue is None:
            return None
        level, u, told = compared
        weight = self.model.weight(self.kind, level, u, self.clue.confidence)
        return Weighed(kind=self.kind, level=level, weight=weight, told=told, clue=self.clue)

    def compared(self, finding: Finding) -> tuple[str, float, str] | None:
        """The level, its u and the reason in words; None where the reports are silent."""
        raise NotImplementedError


class Needs(OfTheHome):
    """The needs said, together: which ones go together is the reports' own habit."""

    kind = "needs"

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        told = [
            clue for clue in case.mention.of("needs") if self.clue and clue.confidence == self.clue.confidence
        ]
        self.said: frozenset[str] = frozenset().union(*(clue.value for clue in told))

    def compared(self, finding: Finding) -> tuple[str, float, str] | None:
        if not finding.needs:
            return None
        level = alike(self.said, finding.needs)
        told = f"its reports: for {', '.join(sorted(finding.needs))}"
        return level, self.findings.needs_shares(self.said)[level], told


class AgesOfResidents(OfTheHome):
    """The ages said against the ages a report gives; a year out is common."""

    kind = "ages"

    def compared(self, finding: Finding) -> tuple[str, float, str] | None:
        known = finding.ages
        if known is None or self.clue is None:
            return None
        said: Ages = self.clue.value
        level = _level(said, known)
        u = self.findings.ages_share(lambda one: _level(said, one) == level)
        return level, u, f"its reports: aged {known}"


class SexOfResidents(OfTheHome):
    """Boys, girls or both."""

    kind = "sex"

    def compared(self, finding: Finding) -> tuple[str, float, str] | None:
        if not finding.sexes or self.clue is None:
            return None
        share = self.findings.sexes_share(self.clue.value)
        same = finding.sexes == self.clue.value
        told = f"its reports: for {' and '.join(sorted(finding.sexes))}"
        return "exact" if same else "contrary", share if same else 1 - share, told


def _level(said: Ages, known: Ages) -> str:
    apart = abs(said.youngest - known.youngest) + abs(said.oldest - known.oldest)
    return "exact" if apart == 0 else "close" if apart <= 2 else "contrary"
