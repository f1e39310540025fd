"""Places and authorities that were imported: names with the authority they lie in, and the ONS's codes."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from storage import changes
from storage.authority_codes import codes_by_name
from storage.batches import batches, select_where_in
from storage.ids import opaque_id
from storage.schema.naming import authorities
from storage.schema.people import places

PLACE_KINDS = ("town", "village", "suburb", "hamlet", "district", "area")
"""Kinds of place by size, then what holds several; an ``area`` may hold several authorities."""

_TITLES = re.compile(
    r"^(?:the )?(?:city and (?:metropolitan )?borough of|city and county of|metropolitan borough of"
    r"|royal borough of|london borough of|borough of|district of|county of|city of)\s+"
)
_STYLES = re.compile(
    r"(?:,? (?:city|county|council|corporation|mbc|mdc|lbc|bc|cc|dc"
    r"|(?:county|city|district|borough|metropolitan|london|unitary|mbc)"
    r"(?: (?:county|city|district|borough|metropolitan|london))* (?:council|borough|authority))"
    r"|, (?:city|county) of)$"
)


@dataclass(frozen=True, kw_only=True)
class PlaceName:
    """A name and the upper-tier authority it lies in."""

    name: str
    kind: str  # of PLACE_KINDS, or spelling: another name of the authority itself
    local_authority: str
    district: str | None = None
    region: str | None = None


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A local authority by the ONS's code; ``upper``: the upper-tier one it is, lies in or went over to."""

    code: str
    name: str
    upper_code: str | None = None
    upper_name: str | None = None
    region: str | None = None
    country: str | None = None
    current: bool = True


def authority_key(name: str) -> str:
    """One key for an authority's spellings: ``City of Wolverhampton``, ``St. Helens``, ``X and Y``."""
    low = _TITLES.sub("", name.strip().lower().replace("&", "and").replace("-", " "))
    return re.sub(r"[^a-z ]+", "", low).strip()


def plain_key(name: str) -> str:
    """As ``authority_key``, without a style: ``Bristol, City of``, ``Bolton Council``, ``County Durham``."""
    return authority_key(_STYLES.sub("", name.strip().lower())).removeprefix("county ")


def save(
    connection: sa.Connection, names: Iterable[PlaceName], *, origin: str, import_id: str, at: dt.datetime
) -> int:
    """Add the places that are not there yet; how many were new."""
    rows = {row["id"]: row for row in (_row(one, origin) for one in names)}
    held = {row["id"] for row in select_where_in(connection, sa.select(places.c.id), places.c.id, rows)}
    fresh = [row for id_, row in rows.items() if id_ not in held]
    for batch in batches(fresh):
        connection.execute(sa.insert(places), batch)
    if fresh:
        changes.note(connection, "place", [import_id], at)
    return len(fresh)


def save_authorities(connection: sa.Connection, found: Iterable[Authority], *, import_id: str | None) -> int:
    """Keep the authorities' codes, the newest word on each; how many were new."""
    by_code: dict[str, Authority] = {}
    for one in found:
        if one.code not in by_code or one.current:
            by_code[one.code] = one
    held = {
        row["code"]
        for row in select_where_in(connection, sa.select(authorities), authorities.c.code, by_code)
    }
    for batch in batches(sorted(held)):
        connection.execute(sa.delete(authorities).where(authorities.c.code.in_(batch)))
    rows = [
        asdict(one) | {"name_key": plain_key(one.name), "import_id": import_id} for one in by_code.values()
    ]
    if rows:
        connection.execute(sa.insert(authorities), rows)
    return len(by_code) - len(held)


def resolved(
    connection: sa.Connection, spellings: Sequence[PlaceName], known: Iterable[str]
) -> list[PlaceName]:
    """Spellings grouped by a foreign code, each with the authority that one of its group is known to be."""
    keys = {plain_key(name): name for name in known}
    held = connection.execute(sa.select(authorities.c.upper_name).where(authorities.c.country == "England"))
    keys |= {plain_key(name): name for name in held.scalars() if name}
    by_code: dict[str, str] = {}
    for one in spellings:
        if found := keys.get(plain_key(one.name)):
            by_code.setdefault(one.local_authority, found)
    return [
        replace(one, local_authority=by_code[one.local_authority])
        for one in spellings
        if one.local_authority in by_code
    ]


def codes(connection: sa.Connection, names: Iterable[str]) -> dict[str, str]:
    """The ONS code of each upper-tier authority, by the name that registers give it.

    As tables that were imported tell it, else as our own of England does.
    """
    own = sa.or_(authorities.c.code == authorities.c.upper_code, sa.not_(authorities.c.current))
    query = sa.select(authorities.c.name_key, authorities.c.code).where(own).order_by(authorities.c.current)
    by_key = dict(_of_england()) | {key: code for key, code in connection.execute(query)}  # noqa: C416 (rows are no pairs to mypy)
    found = {name: by_key.get(plain_key(name)) or by_key.get(authority_key(name)) for name in names}
    return {name: code for name, code in found.items() if code}


@cache
def _of_england() -> Mapping[str, str]:
    return {plain_key(name): code for name, code in codes_by_name().items()}


def _row(one: PlaceName, origin: str) -> dict[str, Any]:
    id_ = opaque_id("place", one.name, one.kind, one.local_authority, one.district)
    return asdict(one) | {"id": id_, "origin": origin}
