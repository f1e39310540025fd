"""The numbers that tables count their rows by: the next row of the copy gets the number it would have got."""

import sqlalchemy as sa

from storage.copying.rows import TABLES

_COUNTED = [table for table in TABLES if table.autoincrement_column is not None]
_KEPT = sa.table("sqlite_sequence", sa.column("name", sa.String), sa.column("seq", sa.Integer))


def counters(connection: sa.Connection) -> dict[str, int]:
    """By table the highest number given so far, also to rows that are gone; 0 before the first."""
    return {table.name: max(_highest(connection, table), _given(connection, table)) for table in _COUNTED}


def put_on(connection: sa.Connection, counted: dict[str, int]) -> None:
    """Have the tables count on from there, in the open transaction."""
    for table in _COUNTED:
        number = counted[table.name]
        if connection.dialect.name == "postgresql":
            set_to = sa.func.setval(_sequence(table), max(number, 1), number > 0)
            connection.execute(sa.select(set_to))
        elif table.dialect_options["sqlite"]["autoincrement"]:
            connection.execute(sa.delete(_KEPT).where(_KEPT.c.name == table.name))
            connection.execute(sa.insert(_KEPT).values(name=table.name, seq=number))


def _highest(connection: sa.Connection, table: sa.Table) -> int:
    (column,) = table.primary_key
    return connection.execute(sa.select(sa.func.max(column))).scalar() or 0


def _given(connection: sa.Connection, table: sa.Table) -> int:
    """What the engine itself remembers; it does not where a program numbers the rows."""
    if connection.dialect.name == "sqlite":
        kept = sa.select(_KEPT.c.seq).where(_KEPT.c.name == table.name)
        return connection.execute(kept).scalar() or 0
    name = connection.execute(sa.select(_sequence(table))).scalar()
    state: sa.Select[int, bool] = sa.select(sa.column("last_value"), sa.column("is_called")).select_from(
        sa.text(name or "")
    )
    last, called = connection.execute(state).one()
    return int(last) if called else 0


def _sequence(table: sa.Table) -> sa.Function[str]:
    (column,) = table.primary_key
    return sa.func.pg_get_serial_sequence(table.name, column.name)
