"""What changed since a cursor: a place in the archive's sequence of changes that a reader was told of.

To its readers a cursor is opaque. It carries the digest of the change it names, so that one of another
archive, or of a moment that a restored backup never saw, is told and not believed.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from archive.export.tabled import Reading, by_row, streamed
from storage.errors import UsageMistake
from storage.schema.people import changes
from storage.schema.press import articles

START: Final = "0"
_LONGEST: Final = 80
_SEALED: Final = {"taken down": "erased"}


def now(connection: sa.Connection) -> str:
    """The cursor of this moment: what is exported since then is what changes from now on."""
    row = connection.execute(sa.select(changes).order_by(changes.c.seq.desc()).limit(1)).first()
    return f"{row.seq:x}-{_digest(row)}" if row else START


def place(connection: sa.Connection, cursor: str) -> int:
    """The number in the sequence that a cursor names; UsageMistake for one that is not this archive's."""
    if cursor == START:
        return 0
    number, _, digest = cursor[:_LONGEST].partition("-")
    try:
        seq = int(number, 16)
    except ValueError:
        seq = -1
    row = connection.execute(sa.select(changes).where(changes.c.seq == min(seq, 2**62))).first()
    if row is None or _digest(row) != digest:
        raise UsageMistake(
            f"{cursor[:_LONGEST]!r} is no cursor of this archive as it stands (it may have been restored since);"
            " export the whole once, and go on from the cursor that this prints"
        )
    return seq


def of_kind(reading: Reading, what: str) -> sa.Select[tuple[str]]:
    """The ids of that kind that changed since the reading's cursor."""
    changed = (changes.c.what == what) & (changes.c.seq > (reading.since or 0))
    return sa.select(changes.c.id).where(changed).distinct()


def narrowed(
    reading: Reading, query: sa.Select[Any], column: sa.ColumnElement[Any], what: str
) -> sa.Select[Any]:
    """The query of all rows, or of those whose record changed since the cursor."""
    return query if reading.since is None else query.where(column.in_(of_kind(reading, what)))


def missing(reading: Reading, what: str, key: sa.Column[str]) -> list[str]:
    """The ids of records that were there when the cursor was made, or later, and are not any more."""
    if reading.since is None:
        return []
    gone = of_kind(reading, what).where(
        changes.c.change == "erased", ~sa.select(key).where(key == changes.c.id).exists()
    )
    return list(reading.connection.execute(gone.order_by(changes.c.id)).scalars())


def sealed(reading: Reading) -> Iterator[list[dict[str, str]]]:
    """The articles that an order has held back since the cursor, each by its id and what became of it."""
    if reading.since is None:
        return
    held = articles.c.restriction.is_not(None) & articles.c.id.in_(of_kind(reading, "article"))
    query = sa.select(articles.c.id, articles.c.restriction).where(held).order_by(articles.c.id)
    for batch in streamed(reading, query):
        yield [{"article_id": id_, "status": _SEALED.get(state, "restricted")} for id_, state in by_row(batch)]


def _digest(row: sa.Row[Any]) -> str:
    told = "\x1f".join((str(row.seq), row.what, row.id, row.at.isoformat()))
    return hashlib.sha256(told.encode()).hexdigest()[:12]
