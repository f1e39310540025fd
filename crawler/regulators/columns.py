"""Which column of a table means what: by the names seen, near spellings, and words that add nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from crawler.regulators.declared import Layout, Regulator, TableKind

_CLOSE = 90.0  # rapidfuzz ratio: one or two letters of a heading; Address 1 and Address 2 differ by 89
_AHEAD = 2.0  # by how much the best meaning must lead the next
_AS_AT = re.compile(r"\(?\b(?:as )?at (?:@|\d{1,2}\b).*$", re.I)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The columns of a header: positions by field, best first; what was guessed; what stands for nothing."""

    columns: dict[str, tuple[int, ...]]
    guessed: dict[str, str]
    unplaced: tuple[str, ...]

    def missing(self, layout: Layout) -> list[str]:
        """The headings (as last seen) of required columns that are not there."""
        return [meaning.seen[0] for meaning in layout.required() if meaning.field not in self.columns]


def place(header: Sequence[str], regulator: Regulator, kind: TableKind) -> Placed:
    """Give each heading its meaning in a table of this kind."""
    names = _names(regulator, kind)
    found: dict[str, list[tuple[int, int]]] = {}
    guessed, unplaced = {}, []
    for position, heading in enumerate(header):
        plain = _plain(heading, regulator.leading)
        if not plain:
            continue
        known = names.get(plain)
        if known is None and (near := _nearest(plain, names)):
            known = names[near]
            if known[0]:
                guessed[" ".join(heading.split())] = known[0]
        if known is None:
            unplaced.append(" ".join(heading.split()))
        elif known[0]:
            found.setdefault(known[0], []).append((known[1], position))
    columns = {field: tuple(position for _, position in sorted(ranked)) for field, ranked in found.items()}
    return Placed(columns=columns, guessed=guessed, unplaced=tuple(unplaced))


def known_headings(header: Sequence[str], regulator: Regulator) -> int:
    """How many cells are headings exactly as seen, in whichever kind of table they make up most."""
    plain = {_plain(heading, regulator.leading) for heading in header} - {""}
    return max(len(plain & _names(regulator, kind).keys()) for kind in regulator.layouts)


@cache
def _names(regulator: Regulator, kind: TableKind) -> dict[str, tuple[str, int]]:
    """Plain heading → (field, rank); an ignored heading has no field."""
    layout = regulator.layouts[kind]
    names = {_plain(heading, regulator.leading): ("", 0) for heading in layout.ignored}
    for meaning in layout.meanings:
        for rank, heading in enumerate(meaning.seen):
            names[_plain(heading, regulator.leading)] = (meaning.field, rank)
    return names


def _nearest(plain: str, names: dict[str, tuple[str, int]]) -> str | None:
    best = process.extract(plain, names.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE - _AHEAD, limit=5)
    if not best or best[0][1] < _CLOSE or re.findall(r"\d+", plain) != re.findall(r"\d+", best[0][0]):
        return None
    rivals = [one for one in best if names[one[0]][0] != names[best[0][0]][0]]
    if rivals and best[0][1] - rivals[0][1] < _AHEAD:
        return None
    found: str = best[0][0]
    return found


def _plain(heading: str, leading: frozenset[str]) -> str:
    """The heading's words, without *latest full inspection* before and *as at 31 March* behind."""
    text = re.sub(r"['’‘`´]", "", _AS_AT.sub("", heading.replace("_", " "))).lower()
    words = re.findall(r"[a-z0-9]+", text)
    previous = words[:1] == ["previous"]
    rest = words[1:] if previous else words
    while len(rest) > 1 and rest[0] in leading:
        rest = rest[1:]
    return " ".join(["previous", *rest] if previous else rest)
