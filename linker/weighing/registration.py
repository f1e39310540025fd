"""A home said to be new, or inspected for the first time, against the day of its registration."""

import datetime as dt
from collections.abc import Hashable

from linker.register import Inspection, Setting
from linker.weighing.comparison import Case, Weighed

NEW = dt.timedelta(days=550)
"""A home counts as new for a year and a half: its first full inspection comes within that."""


_LONG = 2 * NEW
"""After that a home said to have just opened is another; its *first* visit may be under a new owner."""


class Registration:
    """Whether the home was registered shortly before the inspection."""

    kind = "registration"

    def __init__(self, case: Case) -> None:
        self.model, self.share = case.model, case.register.new_share
        self.clue = case.mention.strongest("registration")
        published = case.mention.reading.published
        self.day = published.last if published else None

    @property
    def silent(self) -> bool:
        return self.clue is None

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return setting.registered, inspection and inspection.first

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        day = inspection.first if inspection else self.day
        if self.clue is None or setting.registered is None or day is None:
            return None
        level = "exact" if setting.registered <= day <= setting.registered + NEW else "contrary"
        if self.clue.value == "opened" and day > setting.registered + _LONG:
            level = "old"
        weight = self.model.weight(self.kind, level, self.share if level == "exact" else 1 - self.share)
        told = f"registered {setting.registered}"
        level = "exact" if level == "exact" else "contrary"
        return Weighed(kind=self.kind, level=level, weight=weight, told=told, clue=self.clue)
