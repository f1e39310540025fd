"""The columns of every table as a document: ``python -m archive.export.described > docs/exports.md``."""

import sys
from collections.abc import Iterator
from typing import Final

from archive.export.tabled import Column, Table
from archive.export.tables import TABLES
from archive.export.tables.public import PUBLIC

_HEAD: Final = """# Columns of the exports

Written by `python -m archive.export.described` from the declarations of the tables; do not edit.

Days and moments are ISO 8601, moments in UTC. In CSV lists are JSON in one cell, and a text that a
spreadsheet would take for a formula has one apostrophe in front; to have it back, take the first apostrophe
off each text that matches `^'+[=+@TR＝＋－＠-]`, T being a tab and R a carriage
return.

To join them with other data: a setting's `regulator` and `urn` are its number in the regulator's own files
(Ofsted's URN, in `links`, `settings`, `inspections` and `judgements`); a provider's `company_number` is that
of Companies House (in `providers`, which `provider_id` leads to from every table); `authority_code` is that
of the upper-tier authority in the ONS's files, such as E08000001 (in `links`, `settings`, `inspections`).
England's are known; of other authorities codes are there once `onrecord import places` has read them.

Since a cursor, what is no longer there is told by its id and `status` alone, and of an article that changed
all rows of `links` are given: they stand in the place of those before.
"""
_TYPES: Final = {
    "text": "text",
    "whole": "whole number",
    "number": "number",
    "flag": "true or false",
    "day": "day",
    "moment": "moment",
    "texts": "list of texts",
    "records": "list of records",
}


def described() -> str:
    """The document."""
    whole = [_table(table, table.name) for table in TABLES.values()]
    public = [_table(table, f"{table.name}, public") for table in PUBLIC.values()]
    return "\n".join((_HEAD, *whole, *public))


def _table(table: Table, title: str) -> str:
    head = [
        f"## {title}",
        "",
        table.told,
        "",
        "| column | type | meaning | unit | from |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *_lines(table.columns), ""])


def _lines(columns: tuple[Column, ...], within: str = "") -> Iterator[str]:
    for column in columns:
        cells = (
            f"`{within}{column.name}`",
            _TYPES[column.kind],
            column.told,
            column.unit or "",
            column.source,
        )
        yield f"| {' | '.join(cells)} |"
        yield from _lines(column.of, f"{within}{column.name}.")


if __name__ == "__main__":
    sys.stdout.write(described())
