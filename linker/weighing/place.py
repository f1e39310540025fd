"""The places named against the authority and constituency of the register."""

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping

from linker.clues.patch import area_of, is_councils_own
from linker.clues.places import PlaceNamed
from linker.gazetteer import Place
from linker.register import Inspection, Setting
from linker.weighing.comparison import Case, Weighed
from storage.records import Clue

_UNPLACED = {"home": 0.6, "lead": 1.5, "council": 2.0, "told": 6.0, "elsewhere": 20.0}
"""Odds that the home lies in none of the places named, by the best part that any of them plays."""
_PATCH, _COUNCILS_OWN = 1.0, 15.0
"""Odds that the home lies in the paper's own area, or in that of the council which publishes."""
_REUSED, _FAR = ("town", "village", "constituency"), 0.1
"""Names that many places bear; outside the paper's area another of that name is likelier."""
_REPEATED = 0.25
"""What a place named again adds of its first odds."""


class Where:
    """Whether the home's authority is among the places named, each as likely as the part it plays."""

    kind = "place"

    def __init__(self, case: Case) -> None:
        self.model, self.shares = case.model, case.register.authority_shares
        self.clues = list(case.mention.of("place"))
        outlet = case.mention.reading.outlet
        self.patch = area_of(outlet, case.register.gazetteer)
        self.patch_odds = _COUNCILS_OWN if is_councils_own(outlet) else _PATCH
        self.odds = self._odds()
        self.ratios, self.best = self._ratios()

    def authorities(self) -> dict[str, float]:
        """The authorities the home may lie in, with their weights in log2 odds against chance."""
        return {authority: ratio for authority, ratio in self.ratios.items() if ratio > 1}

    @property
    def silent(self) -> bool:
        return not (self.odds or self.patch)

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return setting.authorities

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if not (self.odds or self.patch) or not setting.authorities:
            return None
        authority = max(setting.authorities, key=lambda one: self.ratios.get(one, 0.0))
        ratio = self.ratios.get(authority, 0.0)
        weight = math.log2(max(ratio + self.unplaced, 1e-4))
        clue = self.best.get(authority) or self.leading
        level = "exact" if ratio > self.unplaced else "contrary"
        told = f"lies in {authority}" + ("" if level == "exact" else ", not in the places named")
        return Weighed(kind="place", level=level, weight=weight, told=told, clue=clue)

    def _odds(self) -> dict[str, tuple[float, Clue]]:
        """Each place once, with its odds: the best part it plays and a little for each other time."""
        held: dict[str, tuple[float, Clue]] = {}
        for clue in self.clues:
            named: PlaceNamed = clue.value
            odds, first = held.get(named.place.name, (0.0, clue))
            far = self.patch and named.place.kind in _REUSED and not self._is_near(named.place)
            own = clue.confidence * (_FAR if far else 1.0)
            total = max(odds, own) + _REPEATED * min(odds, own)
            held[named.place.name] = (total, clue if own > odds else first)
        return held

    def _is_near(self, place: Place) -> bool:
        """Whether a place shares an authority with the outlet's patch."""
        return bool(self.patch and set(place.authorities) & set(self.patch.authorities))

    @property
    def leading(self) -> Clue | None:
        """The place most likely to be the home's."""
        return max(self.odds.values(), key=lambda one: one[0], default=(0.0, None))[1]

    def _ratios(self) -> tuple[dict[str, float], dict[str, Clue]]:
        """For each authority, how much likelier the home lies there than chance has it."""
        roles = [clue.value.role for _, clue in self.odds.values()]
        none = min((_UNPLACED[role] for role in roles), default=_UNPLACED["told"])
        named = [(odds, clue, clue.value.place) for odds, clue in self.odds.values()]
        patch = [(self.patch_odds, None, self.patch)] if self.patch else []
        total = sum(odds for odds, _, _ in [*named, *patch]) + none
        self.unplaced = none / total
        ratios: dict[str, float] = defaultdict(float)
        best: dict[str, tuple[float, Clue]] = {}
        for odds, clue, place in [*named, *patch]:
            within: Mapping[str, float] = place.authorities
            share = sum(weight * self.shares.get(one, 0.0) for one, weight in within.items()) or 1.0
            for authority, weight in within.items():
                part = odds / total * weight / share
                ratios[authority] += part
                if clue and part > best.get(authority, (0.0, clue))[0]:
                    best[authority] = (part, clue)
        return ratios, {authority: clue for authority, (_, clue) in best.items()}


class Constituency:
    """A town that names a constituency of its authority: the home lies in it more often than not."""

    kind = "constituency"

    def __init__(self, case: Case, where: Where) -> None:
        self.model, self.shares = case.model, case.register.constituency_shares
        leading = where.leading
        self.clue = leading if leading and leading.value.role in ("home", "lead") else None

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return setting.constituency, setting.authorities

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if self.clue is None or not setting.constituency or not setting.authorities:
            return None
        place, authority = self.clue.value.place, setting.authorities[-1]
        if place.kind in ("region", "area") or place.name == authority or authority not in place.authorities:
            return None
        shares = self.shares.get(authority, {})
        within = sum(share for name, share in shares.items() if _names(str(name), place.name))
        if not 0 < within < 0.95:
            return None
        exact = _names(setting.constituency, place.name)
        level = "exact" if exact else "contrary"
        weight = self.model.weight("constituency", level, within if exact else 1 - within)
        told = f"in the constituency {setting.constituency}"
        return Weighed(kind="constituency", level=level, weight=weight, told=told, clue=self.clue)


def _names(constituency: str, town: str) -> bool:
    return f" {town.lower()} " in f" {constituency.lower().replace(',', ' ')} "
