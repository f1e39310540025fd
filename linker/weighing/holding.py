"""The number of homes the owner is said to run against those it had on the article's day."""

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Mapping
from weakref import WeakKeyDictionary

from linker.clues.holdings import Holding
from linker.register import Inspection, Register, Setting
from linker.weighing.comparison import Case, Weighed
from storage.vocabulary import WITHHELD_KINDS

_SHARES: WeakKeyDictionary[Register, Mapping[int, float]] = WeakKeyDictionary()


class OwnersHomes:
    """How many homes the owner had; where the article names it, only a number that does not fit tells."""

    kind = "holding"

    def __init__(self, case: Case, *, named: bool) -> None:
        self.model, self.register, self.named = case.model, case.register, named
        self.clue = case.mention.strongest("holding")
        reading = case.mention.reading
        self.day = reading.published.last if reading.published else reading.latest
        self.said: Holding | None = self.clue.value if self.clue else None

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        owner = (inspection.provider if inspection else None) or setting.provider
        return owner, setting.authorities[-1:] if self.said and self.said.here else None

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        owner = (inspection.provider if inspection else None) or setting.provider
        if self.clue is None or self.said is None or owner is None:
            return None
        area = setting.authorities[-1] if self.said.here and setting.authorities else None
        had = len(homes_on(self.register, owner, self.day, area))
        level, shares = _level(self.said.homes, had), _shares(self.register)
        u = sum(share for homes, share in shares.items() if _level(self.said.homes, homes) == level)
        weight = self.model.weight(self.kind, level, max(u, 1e-3), self.clue.confidence)
        if self.named and weight > 0:
            weight = 0.0
        told = f"its owner had {had} home{'' if had == 1 else 's'}{' there' if area else ''} on that day"
        return Weighed(kind=self.kind, level=level, weight=weight, told=told, clue=self.clue)


def homes_on(register: Register, owner: str, day: dt.date, area: str | None = None) -> list[int]:
    """The homes that an owner has in the register and that were open on a day, those of one area if asked."""
    return [
        number
        for number in register.settings_of(owner)
        if _is_open(register.settings[number], owner, day)
        and area in (None, *register.settings[number].authorities)
    ]


def _is_open(setting: Setting, owner: str, day: dt.date) -> bool:
    if setting.provider != owner or setting.kind not in WITHHELD_KINDS:
        return False
    return not (setting.registered and setting.registered > day) and not (
        setting.closed and setting.closed <= day
    )


def _shares(register: Register) -> Mapping[int, float]:
    """The share of all homes whose owner has so many, on the register's newest day."""
    if register not in _SHARES:
        owners = Counter(
            one.provider
            for one in register.settings
            if one.provider and _is_open(one, one.provider, register.newest)
        )
        sizes: Counter[int] = Counter()
        for homes in owners.values():
            sizes[homes] += homes
        whole = max(sum(sizes.values()), 1)
        _SHARES[register] = {homes: count / whole for homes, count in sizes.items()}
    return _SHARES[register]


def _level(said: int, had: int) -> str:
    """Of a group the register has one company's homes: fewer than said is no contradiction."""
    if had == said:
        return "exact"
    if said > 2 and abs(had - said) <= max(1, said // 5):
        return "close"
    return "fewer" if had < said else "contrary"
