"""A table's rows as both engines tell them alike: plain values, in the order of the table's key.

JSON stays the text it was written as, so that it is the same text in the copy. Text is ordered by its bytes:
SQLite does so of itself, PostgreSQL by the collation "C", so that two tables are compared in one walk.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from storage.errors import StorageError
from storage.schema import metadata
from storage.schema.commits import commits

Row = tuple[Any, ...]
"""The values of a row, those of its key first, as ``columns_of`` orders them."""
Rows = Callable[[sa.Table, Sequence[str]], Iterator[Row]]
"""Reads columns of a table from one archive, in the order of its key."""

TABLES: Final = [table for table in metadata.sorted_tables if table is not commits]
"""What an archive is made of, parents first. What its server keeps of its own connections is none of it."""
PORTION = 2_000  # rows that are written in one transaction
_WEIGHT: Final = 4 * 2**20  # characters of text, with which a portion is full in any case
_FETCHED: Final = 100  # rows held at once by a reader; some are whole reports


def columns_of(table: sa.Table) -> list[str]:
    """The columns of a table, its key first."""
    key = key_of(table)
    return [*key, *(column.name for column in table.c if column.name not in key)]


def key_of(table: sa.Table) -> list[str]:
    """The columns that tell a row from all others."""
    return [column.name for column in table.primary_key]


def in_order(connection: sa.Connection, table: sa.Table, columns: Sequence[str]) -> Iterator[Row]:
    """Those columns of every row, in the order of the key; StorageError where SQLite holds no such value."""
    dialect = connection.dialect.name
    order = [_ordered(column, dialect) for column in table.primary_key]
    query = sa.select(*(_plain(table.c[name]) for name in columns)).order_by(*order)
    try:
        for row in connection.execute(query.execution_options(yield_per=_FETCHED)):
            yield tuple(row)
    except (TypeError, ValueError) as error:
        raise StorageError(f"{table.name}: a row cannot be read: {error}; run `onrecord verify`") from None


def paired(ours: Iterator[Row], theirs: Iterator[Row], width: int) -> Iterator[tuple[Row | None, Row | None]]:
    """Rows of two readers side by side by their first ``width`` values; None where one has no such row."""
    one, two = next(ours, None), next(theirs, None)
    while one is not None or two is not None:
        if two is None or (one is not None and one[:width] < two[:width]):
            yield one, None
            one = next(ours, None)
        elif one is None or two[:width] < one[:width]:
            yield None, two
            two = next(theirs, None)
        else:
            yield one, two
            one, two = next(ours, None), next(theirs, None)


def portions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows in order, as many at a time as are written in one transaction."""
    portion, weight = list[Row](), 0
    for row in rows:
        portion.append(row)
        weight += sum(len(value) for value in row if isinstance(value, str))
        if len(portion) >= PORTION or weight >= _WEIGHT:
            yield portion
            portion, weight = [], 0
    if portion:
        yield portion


class Digest:
    """SHA-256 over rows in their order, each as one line of JSON: the same on both engines."""

    def __init__(self) -> None:
        self.rows = 0
        self._made = hashlib.sha256()

    def add(self, row: Row) -> None:
        """Take the next row in."""
        self.rows += 1
        self._made.update(_LINE.encode(row).encode("utf-8", "surrogatepass") + b"\n")

    def __str__(self) -> str:
        return self._made.hexdigest()


def _plain(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if isinstance(column.type, sa.JSON):
        return sa.cast(column, sa.Text)  # SQLite makes a number of a document that is one
    if isinstance(column.type, sa.Float):
        return column + sa.literal_column("0.0")  # SQLite keeps no zero below zero
    return column


def _ordered(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[Any]:
    if dialect == "postgresql" and isinstance(column.type, sa.String):
        return sa.collate(column, "C")
    return column


def _told(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"no column holds a {type(value).__name__}")


_LINE: Final = json.JSONEncoder(default=_told, ensure_ascii=False, separators=(",", ":"))
