"""The tables of places that can be imported, told apart by their columns.

place, kinds, upper_tier_la[, district, region]           places, each in its upper-tier authority
LADCD, LADNM, UTLACD, UTLANM[, RGNNM, CTRYNM, Current]     authorities with their codes, old ones too
LADCD, LADNM, UTLANM, LIEUTENANCY_AREA_1997                ceremonial counties
la-name, local-authority-code                              other spellings of the authorities
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from storage.places import PLACE_KINDS, Authority, PlaceName, authority_key

Row = Mapping[str, str]

_KINDS = {
    "os:city": "town",
    "os:town": "town",
    "os:village": "village",
    "os:suburban area": "suburb",
    "built-up-area": "village",
    "parish": "village",
    "os:hamlet": "hamlet",
    "os:other settlement": "hamlet",
}
"""Kinds by the table's own words, the one that counts first; parts of statistical areas are no names."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a table says: places, authorities, and how many of its rows name nothing that can be found."""

    places: list[PlaceName]
    authorities: list[Authority]
    left: int = 0


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A table known by the columns it must have."""

    name: str
    columns: frozenset[str]
    read: Callable[[Iterable[Row]], Told]


def _places(rows: Iterable[Row]) -> Told:
    found, left = [], 0
    for row in rows:
        kind, authority = _kind(row["kinds"]), row["upper_tier_la"].strip()
        if not kind or not authority or not row["place"].strip():
            left += 1
            continue
        found.append(
            PlaceName(
                name=row["place"].strip(),
                kind=kind,
                district=row.get("district") or None,
                local_authority=authority,
                region=row.get("region") or None,
            )
        )
    return Told(places=found, authorities=[], left=left)


def _kind(kinds: str) -> str | None:
    said = {kind.strip().lower() for kind in kinds.split("|")}
    own = next((kind for kind in PLACE_KINDS if kind in said), None)
    return own or next((kind for word, kind in _KINDS.items() if word in said), None)


def _authorities(rows: Iterable[Row]) -> Told:
    places: list[PlaceName] = []
    authorities: list[Authority] = []
    left = 0
    for row in rows:
        code, name, upper = row["LADCD"].strip(), row["LADNM"].strip(), row["UTLANM"].strip()
        if not code or not name:
            left += 1
            continue
        authorities += _own_and_upper(row)
        in_england = row.get("CTRYNM", "England") == "England"
        if in_england and upper and authority_key(name) != authority_key(upper):
            places.append(
                PlaceName(name=name, kind="district", local_authority=upper, region=row.get("RGNNM") or None)
            )
    return Told(places=places, authorities=authorities, left=left)


def _own_and_upper(row: Row) -> Iterator[Authority]:
    own = Authority(
        code=row["LADCD"].strip(),
        name=row["LADNM"].strip(),
        upper_code=row["UTLACD"].strip() or None,
        upper_name=row["UTLANM"].strip() or None,
        region=row.get("RGNNM") or None,
        country=row.get("CTRYNM") or None,
        current=row.get("Current", "TRUE").upper() != "FALSE",
    )
    yield own
    if own.upper_code and own.upper_name and own.upper_code != own.code:
        yield replace(own, code=own.upper_code, name=own.upper_name, current=True)


def _counties(rows: Iterable[Row]) -> Told:
    pairs = {(row["LIEUTENANCY_AREA_1997"].strip(), row["UTLANM"].strip()) for row in rows}
    places = [
        PlaceName(name=county, kind="area", local_authority=authority)
        for county, authority in sorted(pairs)
        if county and authority
    ]
    return Told(places=places, authorities=[])


def _spellings(rows: Iterable[Row]) -> Told:
    """Rows of one code are one authority's names, which another of its names must make known."""
    places = [
        PlaceName(name=row["la-name"].strip(), kind="spelling", local_authority=row["local-authority-code"])
        for row in rows
        if row["la-name"].strip() and row["local-authority-code"].strip()
    ]
    return Told(places=places, authorities=[])


SPELLINGS = Layout(name="spellings", columns=frozenset({"la-name", "local-authority-code"}), read=_spellings)
LAYOUTS = (
    Layout(
        name="ceremonial counties",
        columns=frozenset({"LADCD", "UTLANM", "LIEUTENANCY_AREA_1997"}),
        read=_counties,
    ),
    Layout(name="authorities", columns=frozenset({"LADCD", "LADNM", "UTLACD", "UTLANM"}), read=_authorities),
    Layout(name="places", columns=frozenset({"place", "kinds", "upper_tier_la"}), read=_places),
    SPELLINGS,
)
