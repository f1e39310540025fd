"""England as tiles: one of equal size an authority, near where it lies, so that small ones are seen as well.

The places of the tiles (``england.csv``) are our own drawing; no boundary is drawn or held.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from storage.places import plain_key

_FILE: Final = Path(__file__).with_name("england.csv")
_WIDE, _HIGH = 16, 22
"""Columns and rows in which an authority that the drawing lacks finds a free tile."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Where an authority's tile stands: column and row from the top left."""

    authority: str
    column: int
    row: int

    @property
    def short(self) -> str:
        """A few letters for the tile: capitals of several words, or the beginning of one."""
        words = [word for word in self.authority.replace("-", " ").split() if word[:1].isupper()]
        return "".join(word[0] for word in words)[:4] if len(words) > 1 else self.authority[:3]


def authorities() -> tuple[str, ...]:
    """Every authority that the drawing has, by name."""
    return tuple(sorted(one["authority"] for one in _table()))


def tiles(regions: Mapping[str, str | None]) -> list[Tile]:
    """A tile for each of these authorities (name → region, ``regions``), row by row.

    One that the drawing lacks (newer, older or of elsewhere) gets the free tile nearest its region's middle.
    """
    drawn = _drawn()
    placed: dict[str, tuple[int, int]] = {}
    further = []
    for name in sorted(regions):
        spot = drawn.get(plain_key(name))
        if spot is None or spot in placed.values():
            further.append(name)
        else:
            placed[name] = spot
    middles = _middles()
    for name in further:
        column, row = middles.get(regions[name] or "", (_WIDE - 1, _HIGH - 1))
        taken = set(placed.values())
        free = (spot for spot in _spots() if spot not in taken)
        placed[name] = min(
            free, key=lambda spot: ((spot[0] - column) ** 2 + (spot[1] - row) ** 2, spot[1], spot[0])
        )
    made = [Tile(name, *spot) for name, spot in placed.items()]
    return sorted(made, key=lambda tile: (tile.row, tile.column))


def _spots() -> Iterator[tuple[int, int]]:
    return ((column, row) for row in range(_HIGH) for column in range(_WIDE))


@cache
def _table() -> tuple[Mapping[str, str], ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _drawn() -> Mapping[str, tuple[int, int]]:
    return {plain_key(one["authority"]): (int(one["column"]), int(one["row"])) for one in _table()}


@cache
def _middles() -> Mapping[str, tuple[float, float]]:
    found = {}
    for region in {one["region"] for one in _table()}:
        of_it = [one for one in _table() if one["region"] == region]
        found[region] = (_mean(int(one["column"]) for one in of_it), _mean(int(one["row"]) for one in of_it))
    return found


def _mean(values: Iterable[int]) -> float:
    held = list(values)
    return sum(held) / len(held)
