"""Long lists of ids in pieces: both databases limit how many values one statement may carry."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

Item = TypeVar("Item")
_SIZE = 500


def batches(items: Iterable[Item], size: int = _SIZE) -> Iterator[list[Item]]:
    """The items in order, ``size`` at a time."""
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def select_where_in(
    connection: sa.Connection, query: sa.Select[Any], column: sa.ColumnElement[Any], values: Iterable[Any]
) -> list[dict[str, Any]]:
    """Every row of ``query`` whose ``column`` is one of ``values``, however many these are."""
    rows: list[dict[str, Any]] = []
    for batch in batches(dict.fromkeys(values)):
        found = connection.execute(query.where(column.in_(batch)))
        names = list(found.keys())
        rows += (dict(zip(names, row, strict=True)) for row in found)
    return rows


def update_rows(
    connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]], key: str = "id"
) -> None:
    """Write rows that all have the same columns back to ``table``, each found by its ``key``."""
    if not rows:
        return
    names = [name for name in rows[0] if name != key]
    statement = (
        sa.update(table)
        .where(table.c[key] == sa.bindparam(f"the_{key}"))
        .values({name: sa.bindparam(f"new_{name}") for name in names})
    )
    bound = [{f"the_{key}": row[key]} | {f"new_{name}": row[name] for name in names} for row in rows]
    connection.execute(statement, bound)
