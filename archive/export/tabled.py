"""What a table of the exports is: columns declared with type, meaning and origin, and rows in batches.

A batch holds its rows by column, in the order of the columns. Values are text, int, float, bool, days and
moments in UTC as ISO 8601 writes them, lists of text, and lists of records (values in the order of ``of``);
None where nothing is known. As text both databases give days without an object being made of each.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import sqlalchemy as sa

from archive.public import Opening

Kind = Literal["text", "whole", "number", "flag", "day", "moment", "texts", "records"]
Row = tuple[Any, ...]
Record = tuple[Any, ...]
Values = Sequence[Any]
Batch = Sequence[Values]
Rows = Iterator[Batch]
AT_ONCE: Final = 1_000
"""Rows at a time: enough that a query a batch costs little, few enough to be small."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: ``told`` is its meaning, ``source`` who says so, ``of`` the fields of a record in it."""

    name: str
    kind: Kind
    told: str
    source: str
    unit: str | None = None
    of: tuple["Column", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Columns that name a row of another table."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Numbers in the sequence of changes and in the log of what was asserted."""

    change: int
    assertion: int


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One export as it was asked for, and the moment of the archive that it reads.

    ``since``: only what changed after it; ``opening``: the public view's rules, for whoever has no account;
    ``refused``: counts what is kept back, by reason.
    """

    connection: sa.Connection
    since: Place | None = None
    with_text: bool = False
    opening: Opening | None = None
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of the exports.

    ``key``: the column that tells its rows apart; ``facets``: those that are worth counting by.
    """

    name: str
    told: str
    key: str | None
    columns: tuple[Column, ...]
    read: Callable[[Reading], Rows]
    refers: tuple[Reference, ...] = ()
    facets: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def gone(self, held: Iterable[Mapping[str, Any]]) -> Batch:
        """Rows that tell what is no longer there: the id and ``status``, and nothing else."""
        rows = list(held)
        return [[row.get(name) for row in rows] for name in self.names]

    def without(self, *names: str) -> "Table":
        """The table without these columns."""
        kept = [place for place, column in enumerate(self.columns) if column.name not in names]

        def read(reading: Reading) -> Rows:
            for batch in self.read(reading):
                yield [batch[place] for place in kept]

        columns = tuple(self.columns[place] for place in kept)
        return Table(**vars(self) | {"columns": columns, "read": read})


def streamed(reading: Reading, query: sa.Select[Any]) -> Rows:
    """The rows of a query a batch at a time, by column; never all of them in memory, and none is empty."""
    with reading.connection.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        for rows in found.partitions():
            yield list(zip(*rows, strict=True))


def found(
    connection: sa.Connection, query: sa.Select[Any], column: sa.ColumnElement[Any], ids: Iterable[str]
) -> list[Row]:
    """The rows whose column is one of the ids: these go as one value, so that nothing is compiled anew."""
    wanted = list(ids)
    if connection.dialect.name == "sqlite":
        given = sa.func.json_each(sa.bindparam("ids")).table_valued("value")
        among = column.in_(sa.select(given.c.value))
        return _as_driven(connection.execute(query.where(among), {"ids": json.dumps(wanted)}))
    any_of = sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.String)))
    return _as_driven(connection.execute(query.where(column == any_of), {"ids": wanted}))


def _as_driven(found: sa.CursorResult[Any]) -> list[Row]:
    """All rows as the driver gives them: an object of SQLAlchemy's for each takes a third as long again."""
    with found:
        return list(found.cursor.fetchall()) if found.cursor else []


def by_row(batch: Batch) -> Iterator[Row]:
    """The rows of a batch."""
    return zip(*batch, strict=True)


def day(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A date as the text that both databases write."""
    return sa.cast(column, sa.String)


def as_held(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A value as the database's driver gives it: for ``moments`` and ``flags``."""
    return sa.type_coerce(column, sa.types.NullType())


def moments(held: Sequence[Any]) -> list[str | None]:
    """Moments as ISO 8601 in UTC, of text (SQLite's, which is in UTC) or of the driver's own."""
    told = {one: _moment(one) for one in set(held)}  # those of one run are often the same
    return [told[one] for one in held]


def flags(held: Sequence[Any]) -> list[bool | None]:
    """Booleans, which SQLite holds as numbers."""
    return [one if one is None else bool(one) for one in held]


def _moment(held: str | dt.datetime | None) -> str | None:
    if held is None or isinstance(held, str):
        return held and f"{held[:10]}T{held[11:]}+00:00"
    return held.astimezone(dt.UTC).isoformat(timespec="microseconds")
