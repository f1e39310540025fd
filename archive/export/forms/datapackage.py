"""A Frictionless data package: a ZIP of CSV files with their schemas, licences, sources and attributions."""

import json
import zipfile
from collections.abc import Sequence
from typing import IO, Any, Final

from archive import licences
from archive.export.about import TITLE, About, holds_press
from archive.export.forms import csv
from archive.export.forms.cells import LIVE
from archive.export.tabled import Column, Reading, Table

_TYPES: Final = {
    "text": "string",
    "whole": "integer",
    "number": "number",
    "flag": "boolean",
    "day": "date",
    "moment": "datetime",
    "texts": "array",
    "records": "array",
}
_OPEN: Final = {"name": licences.OGL_NAME, "path": licences.OGL_AT, "title": licences.OGL}
_CLOSED: Final = {"name": "other-closed", "title": licences.PRESS}
_CELLS: Final = (
    "Text that a spreadsheet would take for a formula has one apostrophe in front. To have it back, take the"
    f" first apostrophe off each text that begins with one and matches {LIVE!r}."
)


def write(tables: Sequence[Table], reading: Reading, about: About, out: IO[bytes]) -> int:
    """Write a package of these tables; how many rows the first has."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        described = json.dumps(descriptor(tables, reading, about), ensure_ascii=False, indent=1)
        package.writestr("datapackage.json", described + "\n")
        package.writestr("README.txt", "\n\n".join((TITLE, *about.notes, _CELLS)) + "\n")
        counts = []
        for table in tables:
            with package.open(f"data/{table.name}.csv", "w", force_zip64=True) as entry:
                counts.append(csv.write(table, reading, entry))
    return counts[0]


def descriptor(tables: Sequence[Table], reading: Reading, about: About) -> dict[str, Any]:
    """The package's ``datapackage.json``."""
    press = any(holds_press(table) for table in tables)
    return {
        "profile": "tabular-data-package",
        "name": "on-record",
        "title": TITLE,
        "description": "\n".join((*about.notes, _CELLS)),
        "created": about.made_at,
        "licenses": [_OPEN, *([_CLOSED] if press else [])],
        "sources": [{"title": one.title, "path": one.path} for one in about.publishers],
        "contributors": [{"title": "On Record", "role": "wrangler"}],
        "cursor": about.cursor,
        "since": about.since,
        "resources": [_resource(table, tables, whole=reading.since is None) for table in tables],
    }


def _resource(table: Table, tables: Sequence[Table], *, whole: bool) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    there = {one.name for one in tables}
    if whole:  # of changes, a row may name another that did not change
        schema |= {"primaryKey": table.key} if table.key else {}
        schema["foreignKeys"] = [
            {
                "fields": list(one.columns),
                "reference": {
                    "resource": "" if one.table == table.name else one.table,
                    "fields": list(one.to),
                },
            }
            for one in table.refers
            if one.table in there
        ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"data/{table.name}.csv",
        "description": table.told,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "licenses": [_CLOSED if holds_press(table) else _OPEN],
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    told = {"name": column.name, "type": _TYPES[column.kind], "description": column.told}
    return told | {"source": column.source} | ({"unit": column.unit} if column.unit else {})
