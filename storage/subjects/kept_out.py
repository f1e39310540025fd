"""Names that were erased from an item stay out of it, however often it is fetched or imported again.

Of an erased name only a salted digest is kept, with the item that it was erased from: another article may
name another person of that name.
"""

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

import sqlalchemy as sa

from storage.ids import random_id
from storage.schema.work import erased_names
from storage.subjects.names import Digest, Name, digested, without

Value = TypeVar("Value")


def keep_out(
    connection: sa.Connection,
    erasure: str,
    items: Iterable[tuple[str, str]],
    names: Iterable[Name],
    at: dt.datetime,
) -> None:
    """Keep the names out of the items, each a kind and an id, from now on."""
    items = sorted(set(items))
    for name in names:
        held = vars(digested(name))
        rows = [
            {"id": random_id("name"), "erasure": erasure, "what": what, "about": about, "at": at, **held}
            for what, about in items
        ]
        if rows:
            connection.execute(sa.insert(erased_names), rows)


def without_erased(connection: sa.Connection, what: str, about: str, value: Value) -> Value:
    """What an item says now, without the names that were erased from it."""
    here = (erased_names.c.what == what) & (erased_names.c.about == about)
    columns = (erased_names.c.size, erased_names.c.salt, erased_names.c.digest)
    held = [Digest(*row) for row in connection.execute(sa.select(*columns).where(here))]
    return without(value, held) if held else value
