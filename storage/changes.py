"""The change sequence: what was saved or erased, in order, for the indexer and others who follow."""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import sqlalchemy as sa

from storage.schema.people import changes

Change = Literal["saved", "erased"]


def note(
    connection: sa.Connection, what: str, ids: Iterable[str], at: dt.datetime, change: Change = "saved"
) -> None:
    """Append one entry an id, inside the transaction that makes the change.

    They go by their ids: no engine decides in which order others follow them.
    """
    rows = [{"what": what, "id": id_, "change": change, "at": at} for id_ in sorted(ids)]
    if rows:
        connection.execute(sa.insert(changes), rows)


def since(
    connection: sa.Connection, seq: int, what: Iterable[str] | None = None, *, limit: int | None = None
) -> list[sa.Row[int, str, str, str]]:
    """Entries after ``seq`` as (seq, what, id, change), oldest first, at most ``limit``."""
    query = sa.select(changes.c.seq, changes.c.what, changes.c.id, changes.c.change).where(
        changes.c.seq > seq
    )
    if what is not None:
        query = query.where(changes.c.what.in_(list(what)))
    return list(connection.execute(query.order_by(changes.c.seq).limit(limit)))


def last(connection: sa.Connection) -> int:
    """The newest sequence number; 0 in an empty archive."""
    newest: int | None = connection.execute(sa.select(sa.func.max(changes.c.seq))).scalar_one()
    return newest or 0
