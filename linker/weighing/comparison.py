"""What every comparison of a mention with a candidate has in common."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from linker.mentions import Mention
from linker.model import Model
from linker.register import Inspection, Register, Setting
from storage.records import Clue


class Candidate(NamedTuple):
    """A setting and one of its inspections (their numbers in the register); None for one not recorded."""

    setting: int
    inspection: int | None


class Weighed(NamedTuple):
    """The outcome of one comparison: its level, weight in log2, and the reason in words."""

    kind: str
    level: str
    weight: float
    told: str
    clue: Clue | None


class Comparison(Protocol):
    """Holds a mention's clues of one kind against records; equal keys of records weigh the same."""

    kind: str

    @property
    def silent(self) -> bool:
        """Whether the article has nothing to compare, so that no record is worth asking."""

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        """What of the record the comparison looks at."""

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        """The weight, or None where clue or record is silent."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a comparison is made from: the mention, the register and the model."""

    mention: Mention
    register: Register
    model: Model
