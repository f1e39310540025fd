"""A newsroom's own file of names: trading names and groups of registered providers.

As CSV, XLSX or ODS, one name a row; ``kind`` is alias (the default) or group:

    provider,name,kind
    Larkspur Homes Limited,Larkspur Young Futures,alias
    Larkspur Homes Limited,The Meadow Group,group

As TOML:

    [[provider]]
    name = "Larkspur Homes Limited"
    aliases = ["Larkspur Young Futures"]
    group = "The Meadow Group"
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.extract import tables
from storage.aliases import Alias, Kind
from storage.errors import RefusedFile

_KINDS: Mapping[str, Kind] = {"": "alias", "alias": "alias", "group": "group"}


def read(name: str, content: bytes) -> list[Alias]:
    """The names that the file gives; RefusedFile with the line that is wrong."""
    found = list(_of_toml(name, content) if name.lower().endswith(".toml") else _of_table(name, content))
    if not found:
        raise RefusedFile(name, "gives no provider another name")
    return found


def _of_table(name: str, content: bytes) -> Iterator[Alias]:
    (sheet, *_) = tables.read(name, content)
    table = tables.locate(sheet, lambda cells: int({"provider", "name"} <= {_plain(cell) for cell in cells}))
    if table is None:
        raise RefusedFile(name, "needs the columns provider and name, and may have kind (alias or group)")
    header = [_plain(cell) for cell in table.header]
    for line in table.rows:
        row = dict.fromkeys((*header, "kind"), "") | {
            key: cell.strip() for key, cell in zip(header, line.cells, strict=False)
        }
        kind = _KINDS.get(row["kind"].lower())
        if kind is None:
            raise RefusedFile(name, f"line {line.number}: kind {row['kind']!r} is neither alias nor group")
        if not row["provider"] or not row["name"]:
            raise RefusedFile(name, f"line {line.number}: give both the provider and its other name")
        yield Alias(provider=row["provider"], name=row["name"], kind=kind)


def _of_toml(name: str, content: bytes) -> Iterator[Alias]:
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusedFile(name, f"is no TOML: {error}") from None
    for number, one in enumerate(told.get("provider", []), 1):
        yield from _of_entry(name, number, one)


def _of_entry(name: str, number: int, one: Mapping[str, Any]) -> Iterator[Alias]:
    provider, aliases, group = one.get("name"), one.get("aliases", []), one.get("group")
    if not isinstance(provider, str) or not all(isinstance(alias, str) for alias in aliases):
        raise RefusedFile(name, f"provider {number}: give its name, and its aliases as a list of names")
    for alias in aliases:
        yield Alias(provider=provider, name=alias)
    if group:
        yield Alias(provider=provider, name=str(group), kind="group")


def _plain(cell: str) -> str:
    return cell.strip().lower()
