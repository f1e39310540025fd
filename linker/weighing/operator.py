"""The operator named against the owner of the inspection's day; a rare owner counts for more."""

import math
from collections.abc import Hashable

from linker.clues.operators import OperatorNamed
from linker.register import Inspection, Setting
from linker.weighing.comparison import Case, Weighed
from storage.names import organisation_key
from storage.records import Clue

_FINDS = {"exact": 3, "short": 2, "close": 1}


class Operator:
    """Whether the home's owner on that day is who the article says runs it."""

    kind = "operator"

    def __init__(self, case: Case) -> None:
        self.register, self.model = case.register, case.model
        self.clues = [clue for clue in case.mention.of("operator") if _may_run(clue.value)]
        self.best = self._best()
        self.leading = max(self.clues, key=_weight_of_clue, default=None)

    @property
    def absent(self) -> Clue | None:
        """The operator's name where the article puts it and no registered provider bears it."""
        if self.leading is None or any(clue.value.owners for clue in self.clues):
            return None
        return self.leading

    def likelihood(self, provider: str) -> float:
        """log2 of how likely the article is to name the provider as it does, were the home its own."""
        level, clue = self.best[provider]
        alike = [one.provider for one in clue.value.owners if one.level == level]
        part = self.register.share_of([provider]) / self.register.share_of(alike)
        return math.log2(self.model.m["operator"][level] * part)

    def brands(self) -> set[str]:
        """Providers that only a group's name tells of: it may mean any company of the group."""
        plain = {
            one.provider for clue in self.clues if not self._is_brand(clue.value) for one in clue.value.owners
        }
        return set(self.best) - plain

    @property
    def silent(self) -> bool:
        return self.leading is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return (inspection.provider if inspection else None) or setting.provider, setting.owners

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if self.leading is None:
            return None
        owner = (inspection.provider if inspection else None) or setting.provider
        if owner is None:
            return None
        if owner in self.best:
            return self._matched(owner, self.best[owner][0])
        former = next((one for one in setting.owners if one in self.best), None)
        if former:
            return self._matched(former, "once")
        return self._contrary(owner)

    def _matched(self, owner: str, level: str) -> Weighed:
        clue = self.best[owner][1]
        alike = [one.provider for one in clue.value.owners if one.level == self.best[owner][0]]
        share = self.register.share_of(alike)
        weight = self.model.weight("operator", level, share, clue.confidence)
        name = self.register.providers[owner].name
        how = {"exact": "runs it", "short": "runs it (name shortened)", "close": "runs it (name nearly so)"}
        told = f"{name} {how.get(level, 'ran it at another time')}"
        return Weighed(kind="operator", level=level, weight=weight, told=told, clue=clue)

    def _contrary(self, owner: str) -> Weighed:
        """Another owner: strongly against where the article is plain about who runs the home."""
        clue = self.leading
        assert clue is not None
        named: OperatorNamed = clue.value
        level = "other"
        if named.legal and not named.owners:
            level = "absent"
        elif named.role == "operator":
            level = "other" if self._is_brand(named) else "contrary" if named.owners else "unknown"
        weight = self.model.weight("operator", level, 1.0, clue.confidence)
        name = self.register.providers[owner].name if owner in self.register.providers else owner
        return Weighed(kind="operator", level="contrary", weight=weight, told=f"run by {name}", clue=clue)

    def _is_brand(self, named: OperatorNamed) -> bool:
        """A group's or a trading name without a legal form: other companies may bear it too."""
        known = organisation_key(named.name) in self.register.brands
        return not named.legal and (known or named.name.endswith(("Group", "group")))

    def _best(self) -> dict[str, tuple[str, Clue]]:
        best: dict[str, tuple[str, Clue]] = {}
        for clue in self.clues:
            for one in clue.value.owners:
                held = best.get(one.provider)
                if held is None or _FINDS[held[0]] < _FINDS[one.level]:
                    best[one.provider] = (one.level, clue)
        return best


def _may_run(named: OperatorNamed) -> bool:
    """A council only named speaks for its area; it is the operator where the article says so."""
    return named.role == "operator" or not named.council


def _weight_of_clue(clue: Clue) -> tuple[int, int, float]:
    named: OperatorNamed = clue.value
    return (named.role == "operator", bool(named.owners) or named.legal, clue.confidence)
