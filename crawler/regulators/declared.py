"""The shape of a regulator's file of declarations: which columns its tables have, and what cells mean.

Regulator ── register, inspections, changes: Layout ── Meaning(field, the names seen)
          └─ kinds, inspection kinds, judgements, statuses: how it writes what we write in one way
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from storage.vocabulary import InspectionKind

TableKind = Literal["register", "inspections", "changes"]


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """One field of ours, and the headings under which tables gave it, the best first."""

    field: str
    seen: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What a kind of table must and may hold."""

    meanings: tuple[Meaning, ...]
    ignored: tuple[str, ...] = ()
    """Headings that are known and never kept: addresses, links, numbers of other schemes."""

    def required(self) -> tuple[Meaning, ...]:
        """The columns without which a table is not of this kind."""
        return tuple(meaning for meaning in self.meanings if meaning.required)


@dataclass(frozen=True, kw_only=True, eq=False)
class Regulator:
    """Everything that is particular to a regulator's tables."""

    name: str
    urn: re.Pattern[str]
    layouts: Mapping[TableKind, Layout]
    leading: frozenset[str]
    """Words before a heading that say no more than *inspection*: ``Latest full inspection date``."""
    kinds: Mapping[str, str]
    inspection_kinds: Mapping[str, InspectionKind]
    grades: Mapping[str, str]
    """Judgements of full inspections as written (words, codes), and the spelling we keep."""
    progress: Mapping[str, str]
    """Judgements of interim inspections, whose codes mean something else."""
    statuses: Mapping[str, str]
    sectors: Mapping[str, str]
    regions: frozenset[str]
    title_says: Mapping[TableKind, re.Pattern[str]]
    """What stands above a table of each kind, or in its sheet's name."""
    region_names: Mapping[str, str] = field(default_factory=dict)
    """Regions as this regulator writes them, in lower case, and the names we keep."""
    endings: Mapping[str, str] = field(default_factory=dict)
    """Registration statuses that mean a closing, and which change they are."""
