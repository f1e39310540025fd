"""Rows written as they were read: by COPY into PostgreSQL, by ordinary statements elsewhere."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storage.copying.rows import Row, columns_of, key_of
from storage.errors import StorageError


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Write new rows, in the open transaction; StorageError where the engine cannot hold one."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    names = columns_of(table)
    connection.execute(sa.insert(_as_text(table)), [dict(zip(names, row, strict=True)) for row in rows])


def update(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Write rows over those of the same keys."""
    key, names = key_of(table), columns_of(table)
    rest = names[len(key) :]
    if not rows or not rest:
        return
    plain = _as_text(table)
    statement = (
        sa.update(plain)
        .where(*(plain.c[name] == sa.bindparam(f"the_{name}", type_=plain.c[name].type) for name in key))
        .values({name: _given(table.c[name], connection.dialect.name) for name in rest})
    )
    width = len(key)
    connection.execute(
        statement,
        [
            {f"the_{name}": value for name, value in zip(key, row[:width], strict=True)}
            | {f"new_{name}": value for name, value in zip(rest, row[width:], strict=True)}
            for row in rows
        ],
    )


def delete(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Take out the rows of these keys, and with them what hangs on them."""
    if rows:
        key = key_of(table)
        which = (table.c[name] == sa.bindparam(f"the_{name}") for name in key)
        bound = [{f"the_{name}": value for name, value in zip(key, row, strict=False)} for row in rows]
        connection.execute(sa.delete(table).where(*which), bound)


def _copy(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    quoted = connection.dialect.identifier_preparer
    names = ", ".join(quoted.quote(name) for name in columns_of(table))
    statement = f"copy {quoted.format_table(table)} ({names}) from stdin"
    driver: Any = connection.connection.driver_connection
    dbapi: Any = connection.dialect.loaded_dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except dbapi.OperationalError as error:
        raise sa.exc.OperationalError(statement, None, error) from None
    except dbapi.Error as error:
        width = len(key_of(table))
        first, last = rows[0][:width], rows[-1][:width]
        said = str(error).splitlines()[0]
        raise StorageError(f"{table.name}: a row from {first} to {last} cannot be copied: {said}") from None


def _as_text(table: sa.Table) -> sa.TableClause:
    """The table as it is written here: its JSON is text already."""
    return sa.table(table.name, *(sa.column(column.name, _written(column)) for column in table.c))


def _written(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    return sa.Text() if isinstance(column.type, sa.JSON) else column.type


def _given(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[Any]:
    given = sa.bindparam(f"new_{column.name}", type_=_written(column))
    is_json = isinstance(column.type, sa.JSON)
    return sa.cast(given, column.type) if is_json and dialect == "postgresql" else given
