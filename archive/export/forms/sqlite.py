"""SQLite: the table and those it refers to, with foreign keys, indexes to count by, and what they mean.

``_about`` and ``_columns`` describe the file; ``_about`` has Datasette's own metadata too, which tell it the
descriptions, the licence and the facets.
"""

import contextlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, Final

from archive import licences
from archive.export.about import TITLE, About, holds_press
from archive.export.forms.nested import NESTED, cells
from archive.export.tabled import Column, Reading, Table, Values, by_row

_TYPES: Final = {"whole": "INTEGER", "number": "REAL", "flag": "INTEGER"}
_ABOUT: Final = "CREATE TABLE _about (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
_COLUMNS: Final = (
    'CREATE TABLE _columns ("table" TEXT, "column" TEXT, type TEXT, description TEXT, unit TEXT, source TEXT,'
    ' PRIMARY KEY ("table", "column"))'
)


def write(tables: Sequence[Table], reading: Reading, about: About, out: IO[bytes]) -> int:
    """Write a database of these tables; how many rows the first has."""
    with tempfile.TemporaryDirectory(prefix="onrecord-export-") as folder:
        path = Path(folder) / "export.db"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=OFF")
            database.execute("PRAGMA synchronous=OFF")
            database.execute("BEGIN")
            counts = [_fill(database, table, tables, reading) for table in tables]
            _describe(database, tables, about)
            database.execute("COMMIT")
            database.execute("ANALYZE")
        with path.open("rb") as made:
            shutil.copyfileobj(made, out, 2**20)
    return counts[0]


def metadata(tables: Sequence[Table], about: About, database: str) -> dict[str, Any]:
    """What Datasette reads from ``--metadata``, for a database of that name."""
    told = {
        "title": TITLE,
        "description": " ".join(about.notes),
        "license": licences.OGL,
        "license_url": licences.OGL_AT,
    }
    return told | {"databases": {database: {"tables": {table.name: _of_table(table) for table in tables}}}}


def _of_table(table: Table) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": table.told,
        "columns": {column.name: _described(column) for column in table.columns},
        "facets": list(table.facets),
    }
    label = next((name for name in ("title", "name", "urn") if name in table.names), None)
    if holds_press(table):
        told |= {"license": licences.PRESS}
    return told | ({"label_column": label} if label else {})


def _described(column: Column) -> str:
    # Datasette's own "units" are of physics: it fails at "0 to 1".
    return f"{column.told} ({column.unit})" if column.unit else column.told


def _fill(database: sqlite3.Connection, table: Table, tables: Sequence[Table], reading: Reading) -> int:
    whole = reading.since is None  # of changes, a row may name another that did not change
    database.execute(_create(table, {one.name for one in tables} if whole else set(), keyed=whole))
    makers, count = [_maker(column) for column in table.columns], 0
    insert = f'INSERT INTO "{table.name}" VALUES ({", ".join("?" * len(makers))})'  # noqa: S608
    for batch in table.read(reading):
        columns = [make(values) for make, values in zip(makers, batch, strict=True)]
        database.executemany(insert, by_row(columns))
        count += len(batch[0])
    indexed = {*table.facets, *(column for one in table.refers for column in one.columns)}
    for column in sorted(indexed):
        database.execute(f'CREATE INDEX "{table.name}_{column}" ON "{table.name}" ("{column}")')
    return count


def _create(table: Table, there: set[str], *, keyed: bool) -> str:
    lines = [
        f'"{column.name}" {_TYPES.get(column.kind, "TEXT")}'
        + (" PRIMARY KEY" if keyed and column.name == table.key else "")
        for column in table.columns
    ]
    for one in table.refers:
        if one.table in there:
            lines.append(f"FOREIGN KEY ({_listed(one.columns)}) REFERENCES {one.table} ({_listed(one.to)})")
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n)"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _maker(column: Column) -> Callable[[Values], Values]:
    return cells(column) if column.kind in NESTED else lambda values: values


def _describe(database: sqlite3.Connection, tables: Sequence[Table], about: About) -> None:
    database.execute(_ABOUT)
    told = {
        "title": TITLE,
        "cursor": about.cursor,
        "made_at": about.made_at,
        "licence": f"{licences.OGL}, {licences.OGL_AT}",
        "notes": "\n".join(about.notes),
        "datasette": json.dumps(metadata(tables, about, "DATABASE"), ensure_ascii=False),
    }
    database.executemany("INSERT INTO _about VALUES (?, ?)", told.items())
    database.execute(_COLUMNS)
    rows = (
        (table.name, column.name, column.kind, column.told, column.unit, column.source)
        for table in tables
        for column in table.columns
    )
    database.executemany("INSERT INTO _columns VALUES (?, ?, ?, ?, ?, ?)", rows)


def beside(tables: Sequence[Table], about: About, path: Path) -> Path:
    """Write Datasette's metadata beside a database file and make that read-only; where they are."""
    told = path.with_name(f"{path.stem}.metadata.json")
    told.write_text(
        json.dumps(metadata(tables, about, path.stem), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    os.chmod(path, 0o444)
    return told
