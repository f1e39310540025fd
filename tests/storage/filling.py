"""Rows in every table of the schema, with what is hard to carry from one engine to another."""

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from storage import chain
from storage.audit import LOGS
from storage.copying.rows import TABLES
from storage.store import Store

TEXTS = (
    "plain",
    "",
    "tab\tand\\N back\\slash\nand line",
    "Señor Öde – ‘quoted’ 🏠",
    "\\.",
    'comma, "quote" and {brace}',
    "e\u0301 and é",
    "true",
)
MOMENTS = (
    dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC),
    dt.datetime(2024, 10, 27, 1, 30, 0, 1, tzinfo=dt.UTC),
    dt.datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=dt.UTC),
    dt.datetime(2024, 7, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=30))),
)
DOCUMENTS = ({}, [], None, {"b": [1, 2.5, None, True], "a": "ö\u2028"}, "text", 10**15, {"z": {"y": -0.0}})
FLOATS = (0.1 + 0.2, -0.0, 1e-300, 1.7976931348623157e308, 4.0, -17.25)
NUMBERS = (0, -1, 2**31 - 1, -(2**31), 7)
LARGE = (2**63 - 1, -(2**63), 2**53 + 1, 0)


def fill(store: Store, rows: int = 12) -> None:
    """So many rows in each table, in an order of ids that is not that of writing."""
    with store.writing() as connection:
        for table in TABLES:
            held = {name: _values(connection, key) for name, key in _references(table).items()}
            made = [_row(table, number, held, rows) for number in range(rows)]
            for row in made:
                if table in LOGS.values():
                    chain.append(connection, table, row)
                else:
                    connection.execute(sa.insert(table).values(row))


def _references(table: sa.Table) -> dict[str, sa.Column[Any]]:
    return {key.parent.name: key.column for key in table.foreign_keys}


def _values(connection: sa.Connection, column: sa.Column[Any]) -> list[Any]:
    return list(connection.scalars(sa.select(column).order_by(column)))


def _row(table: sa.Table, number: int, held: dict[str, list[Any]], rows: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column, place in zip(table.c, itertools.count(number), strict=False):
        own = column.name in held and not held[column.name]
        if column is table.autoincrement_column or own:
            continue  # counted by the engine; of itself the table has no rows yet
        if column.name in held:
            empty = column.nullable and place % 3 == 0
            row[column.name] = None if empty else held[column.name][number % len(held[column.name])]
        elif column.nullable and place % 4 == 0:
            row[column.name] = None
        else:
            row[column.name] = _value(table, column, number, place, rows)
    return row


def _value(table: sa.Table, column: sa.Column[Any], number: int, place: int, rows: int) -> Any:
    if isinstance(column.type, sa.String):
        shuffled = number * 7 % rows
        alone = column.primary_key or _is_unique(table, column)
        return f"{'aZ-é~ ß'[number % 7]}{shuffled}" if alone else TEXTS[place % len(TEXTS)]
    if isinstance(column.type, sa.BigInteger) and column.primary_key:
        return LARGE[number % 4] - number if number % 4 == 0 else number
    if isinstance(column.type, sa.BigInteger):
        return LARGE[place % len(LARGE)] if not _is_unique(table, column) else number
    for kind, values in _BY_KIND:
        if isinstance(column.type, kind):
            return number if column.primary_key and kind is sa.Integer else values[place % len(values)]
    return MOMENTS[place % len(MOMENTS)]


def _is_unique(table: sa.Table, column: sa.Column[Any]) -> bool:
    return any(
        isinstance(one, sa.UniqueConstraint) and column.name in one.columns for one in table.constraints
    )


_BY_KIND: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (sa.JSON, DOCUMENTS),
    (sa.Boolean, (True, False)),
    (sa.Float, FLOATS),
    (sa.Integer, NUMBERS),
    (sa.Date, (dt.date(2024, 2, 29), dt.date(1, 1, 1), dt.date(9999, 12, 31))),
)


def dumped(store: Store) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Every table's rows as the program reads them, in an order that both engines give."""
    with store.reading() as connection:
        for table in TABLES:
            rows = [tuple(row) for row in connection.execute(sa.select(table))]
            yield table.name, sorted(rows, key=repr)
