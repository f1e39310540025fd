"""Lists of texts and of records as JSON has them: a record is an object by the names of its fields."""

from collections.abc import Callable
from typing import Any

import orjson

from archive.export.tabled import Column, Values

NESTED = frozenset({"texts", "records"})


def objects(column: Column) -> Callable[[Values], Values]:
    """What makes objects of a column's records; other values stay as they are."""
    if column.kind != "records":
        return lambda values: values
    names = [one.name for one in column.of]
    return lambda values: [
        None if held is None else [dict(zip(names, record, strict=True)) for record in held]
        for held in values
    ]


def cells(column: Column) -> Callable[[Values], list[str | None]]:
    """What makes JSON of a column's lists, for a cell each."""
    made = objects(column)
    return lambda values: [None if held is None else _json(held) for held in made(values)]


def _json(held: Any) -> str:
    return orjson.dumps(held).decode()
