"""Take a table of places into the archive: all of it or nothing, and twice is once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from crawler.extract.tables import Table, locate, read
from crawler.geography.layouts import LAYOUTS, SPELLINGS, Layout, Told
from storage import imports, places
from storage.errors import RefusedFile
from storage.ids import digest_of
from storage.imports import Import
from storage.schema.registers import settings
from storage.store import Store


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a file; ``new`` is False when the archive had it already."""

    name: str
    layout: str
    new: bool
    rows_read: int
    places: int
    authorities: int
    left: int


def take(store: Store, name: str, content: bytes, at: dt.datetime) -> Taken:
    """Keep the places and authorities of one file; RefusedFile when its columns are none we know."""
    layout, table = _recognised(name, content)
    told = layout.read(_records(table))
    if not told.places and not told.authorities:
        raise RefusedFile(name, "names no place; is it the whole file?")
    made = Import(
        kind="places",
        file_name=name,
        digest=digest_of(content),
        learned_at=at,
        rows_read=len(table.rows),
        rows_kept=len(table.rows) - told.left,
        findings={"layout": layout.name, "left": told.left},
    )
    with store.writing() as connection:
        new = not imports.known(connection, made.id)
        added, coded = _save(connection, layout, told, made) if new else (0, 0)
    return Taken(
        name=name,
        layout=layout.name,
        new=new,
        rows_read=made.rows_read,
        places=added,
        authorities=coded,
        left=told.left,
    )


def _save(connection: sa.Connection, layout: Layout, told: Told, made: Import) -> tuple[int, int]:
    imports.save(connection, made)
    names = told.places
    if layout is SPELLINGS:
        names = places.resolved(connection, names, _registered(connection))
    added = places.save(connection, names, origin=layout.name, import_id=made.id, at=made.learned_at)
    return added, places.save_authorities(connection, told.authorities, import_id=made.id)


def _registered(connection: sa.Connection) -> Sequence[str]:
    query = sa.select(settings.c.local_authority).where(settings.c.local_authority.is_not(None)).distinct()
    return list(connection.execute(query).scalars())


def _recognised(name: str, content: bytes) -> tuple[Layout, Table]:
    for sheet in read(name, content):
        if sheet.cut_off:
            raise RefusedFile(name, "ends in the middle of a line; fetch the file again")
        for layout in LAYOUTS:
            table = locate(sheet, lambda cells, wanted=layout.columns: _score(cells, wanted))  # type: ignore[misc]
            if table is not None:
                return layout, table
    known = "; ".join(f"{layout.name}: {', '.join(sorted(layout.columns))}" for layout in LAYOUTS)
    raise RefusedFile(name, f"has the columns of no table of places ({known})")


def _score(cells: Sequence[str], wanted: frozenset[str]) -> int:
    return int(wanted <= {cell.strip() for cell in cells})


def _records(table: Table) -> list[dict[str, str]]:
    header = [cell.strip() for cell in table.header]
    return [
        dict.fromkeys(header, "") | dict(zip(header, (cell.strip() for cell in line.cells), strict=False))
        for line in table.rows
    ]
