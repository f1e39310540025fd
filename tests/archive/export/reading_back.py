"""Each format read back by a library that others use, as rows of plain values."""

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from archive.export.exporting import Asked, Done, export_to
from archive.export.forms.cells import unsafe
from archive.export.tabled import Table
from storage.store import Store

Rows = list[dict[str, Any]]


def exported(store: Store, folder: Path, what: str, form: str, **more: Any) -> tuple[Path, Done]:
    """Write it to a file."""
    path = folder / f"{what}.{form}"
    path.unlink(missing_ok=True)
    return path, export_to(store, Asked(what=what, form=form, **more), path)


def rows(store: Store, folder: Path, what: str, form: str = "jsonl", **more: Any) -> Rows:
    """What the format holds of the table."""
    path, done = exported(store, folder, what, form, **more)
    found = _READERS[form](path, done.tables[0])
    assert len(found) == done.rows
    return found


def _jsonl(path: Path, _: Table) -> Rows:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def _csv(path: Path, table: Table) -> Rows:
    return _cells(path.read_bytes().decode(), table)


def _datapackage(path: Path, table: Table) -> Rows:
    with zipfile.ZipFile(path) as package:
        return _cells(package.read(f"data/{table.name}.csv").decode(), table)


def _cells(text: str, table: Table) -> Rows:
    kinds = {column.name: column.kind for column in table.columns}
    return [
        {name: _value(kinds[name], cell) for name, cell in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def _value(kind: str, cell: str) -> Any:
    if cell == "":
        return None
    read: dict[str, Callable[[str], Any]] = {
        "whole": int,
        "number": float,
        "flag": lambda cell: cell == "true",
        "texts": json.loads,
        "records": json.loads,
    }
    return read.get(kind, unsafe)(cell)


def _parquet(path: Path, table: Table) -> Rows:
    found: Rows = pq.read_table(path).to_pylist()
    for row in found:
        for column in table.columns:
            value = row[column.name]
            if value is not None and column.kind == "day":
                row[column.name] = value.isoformat()
            if value is not None and column.kind == "moment":
                row[column.name] = value.isoformat(timespec="microseconds")
    return found


def _sqlite(path: Path, table: Table) -> Rows:
    database = sqlite3.connect(path)
    found = [
        {column.name: _held(column.kind, cell) for column, cell in zip(table.columns, row, strict=True)}
        for row in database.execute(f"SELECT * FROM {table.name}")
    ]
    database.close()
    return found


def _held(kind: str, cell: Any) -> Any:
    if cell is None:
        return None
    if kind in ("texts", "records"):
        return json.loads(cell)
    return bool(cell) if kind == "flag" else cell


_READERS: Final = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
    "sqlite": _sqlite,
    "datapackage": _datapackage,
}
