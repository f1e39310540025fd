"""What the home is like: places, children living there, whose it is, what kind of setting, its number."""

from collections.abc import Hashable

from linker.register import Inspection, Setting
from linker.weighing.comparison import Case, Weighed


class Capacity:
    """Places said against places registered at any time; the press is one out as often as one in eight."""

    kind = "capacity"

    def __init__(self, case: Case) -> None:
        self.model, self.shares = case.model, case.register.place_shares
        self.clue = case.mention.strongest("capacity")

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return setting.places, inspection and inspection.capacity

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        known = {*setting.places, *([inspection.capacity] if inspection and inspection.capacity else [])}
        if self.clue is None or not known:
            return None
        said: int = self.clue.value
        share, near = self.shares.get(said, 1e-3), sum(self.shares.get(said + by, 0.0) for by in (-1, 1))
        if said in known:
            level, u = "exact", share
        elif {said - 1, said + 1} & known:
            level, u = "close", near
        else:
            level, u = "contrary", 1 - share - near
        weight = self.model.weight("capacity", level, max(u, 2e-3), self.clue.confidence)
        told = f"{'/'.join(map(str, sorted(known)))} places"
        return Weighed(kind="capacity", level=level, weight=weight, told=told, clue=self.clue)


class Residents:
    """Children living there: the home has at least so many places."""

    kind = "residents"

    def __init__(self, case: Case) -> None:
        self.model, self.shares = case.model, case.register.place_shares
        self.clue = case.mention.strongest("residents") if not case.mention.of("capacity") else None

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return setting.places

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if self.clue is None or not setting.places:
            return None
        share = sum(share for places, share in self.shares.items() if places >= self.clue.value)
        level = "compatible" if max(setting.places) >= self.clue.value else "contrary"
        weight = self.model.weight("residents", level, share if level == "compatible" else 1 - share)
        return Weighed(
            kind="residents", level=level, weight=weight, told=f"{max(setting.places)} places", clue=self.clue
        )


class Sector:
    """Council, private or voluntary, where no operator is named that says so already."""

    kind = "sector"

    def __init__(self, case: Case) -> None:
        self.model, self.shares = case.model, case.register.sector_shares
        self.clue = case.mention.strongest("sector")

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return setting.sector

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if self.clue is None or setting.sector is None:
            return None
        share = self.shares.get(setting.sector, 0.05)
        level = "exact" if setting.sector.lower() == self.clue.value.lower() else "contrary"
        weight = self.model.weight(
            "sector", level, share if level == "exact" else 1 - share, self.clue.confidence
        )
        return Weighed(
            kind="sector", level=level, weight=weight, told=f"sector: {setting.sector}", clue=self.clue
        )


class SettingKind:
    """The kind of setting written about against the registered one."""

    kind = "setting_kind"

    def __init__(self, case: Case) -> None:
        self.model, self.shares = case.model, case.register.setting_kind_shares
        self.clue = case.mention.strongest("setting_kind")
        self.wanted = frozenset(self.clue.value) if self.clue else frozenset({"children's home"})

    @property
    def silent(self) -> bool:
        return False

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return setting.kind

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        level = "exact" if setting.kind in self.wanted else "contrary"
        share = sum(
            self.shares.get(one, 0.0) for one in (self.wanted if level == "exact" else (setting.kind,))
        )
        weight = self.model.weight("setting_kind", level, share if level == "exact" else 1 - share)
        return Weighed(kind="setting_kind", level=level, weight=weight, told=setting.kind, clue=self.clue)


class InspectionKind:
    """Full, interim, monitoring or assurance: what the article says, else most likely the full one."""

    kind = "inspection_kind"

    def __init__(self, case: Case) -> None:
        self.model, self.shares = case.model, case.register.kind_shares
        self.clue = case.mention.strongest("inspection_kind")
        graded = case.mention.grade()
        self.graded = graded is not None and "effectiveness" not in graded[0].value.grade

    @property
    def silent(self) -> bool:
        return self.clue is None and self.graded

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return inspection and inspection.kind

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if inspection is None or (self.clue is None and self.graded):
            return None
        wanted = self.clue.value if self.clue else "full"
        share = self.shares.get(inspection.kind, 0.02)
        level = "exact" if inspection.kind == wanted else "contrary"
        weight = self.model.weight("inspection_kind", level, share if level == "exact" else 1 - share)
        return Weighed(
            kind=self.kind, level=level, weight=weight, told=f"{inspection.kind} inspection", clue=self.clue
        )


class Number:
    """The setting's URN, printed."""

    kind = "urn"

    def __init__(self, case: Case) -> None:
        self.model, self.total = case.model, len(case.register.settings)
        self.clues = {clue.value: clue for clue in case.mention.of("urn")}

    @property
    def silent(self) -> bool:
        return not self.clues

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return setting.urn

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if not self.clues:
            return None
        clue = self.clues.get(setting.urn)
        level = "exact" if clue else "contrary"
        weight = self.model.weight("urn", level, 1 / self.total if clue else 1.0)
        return Weighed(kind="urn", level=level, weight=weight, told=f"URN {setting.urn}", clue=clue)
