"""What changed since a cursor: a place in the archive's sequence of changes that a reader was told of.

To its readers a cursor is opaque. It carries the digest of the change it names, so that one of another
archive, or of a moment that a restored backup never saw, is told and not believed.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from archive.export.tabled import Place, Reading, streamed
from archive.public import Opening
from storage import assertions
from storage.errors import UsageMistake
from storage.schema.assertions import assertions as assertions_table
from storage.schema.people import changes
from storage.schema.press import articles

START: Final = "0"
_LONGEST: Final = 80
_CURSOR: Final = re.compile(r"([0-9a-f]{1,15})\.([0-9a-f]{1,15})-([0-9a-f]{12})")
_SEALED: Final = {"taken down": "erased"}


def now(connection: sa.Connection) -> str:
    """The cursor of this moment: what is exported since then is what changes from now on."""
    row = connection.execute(sa.select(changes).order_by(changes.c.seq.desc()).limit(1)).first()
    return f"{row.seq:x}.{assertions.last(connection):x}-{_digest(row)}" if row else START


def place(connection: sa.Connection, cursor: str) -> Place:
    """What a cursor names; UsageMistake for one that is not this archive's."""
    if cursor == START:
        return Place(change=0, assertion=0)
    found = _CURSOR.fullmatch(cursor[:_LONGEST])
    seq, assertion, digest = (int(found[1], 16), int(found[2], 16), found[3]) if found else (0, 0, "")
    row = connection.execute(sa.select(changes).where(changes.c.seq == seq)).first()
    if row is None or _digest(row) != digest:
        raise UsageMistake(
            f"{cursor[:_LONGEST]!r} is no cursor of this archive, which may have been restored since;"
            " export the whole once, and go on from the cursor that this prints"
        )
    return Place(change=seq, assertion=assertion)


def of_kind(reading: Reading, what: str) -> sa.Select[str]:
    """The ids of that kind that changed since the reading's cursor."""
    after = reading.since.change if reading.since else 0
    changed = (changes.c.what == what) & (changes.c.seq > after)
    return sa.select(changes.c.id).where(changed).distinct()


def only(reading: Reading, column: sa.ColumnElement[Any], what: str) -> sa.ColumnElement[bool]:
    """That a record changed since the cursor; true of all where there is none."""
    return sa.true() if reading.since is None else column.in_(of_kind(reading, what))


def missing(reading: Reading, what: str, key: sa.Column[str]) -> list[str]:
    """The ids of records that were there when the cursor was made, or later, and are not any more."""
    if reading.since is None:
        return []
    gone = of_kind(reading, what).where(
        changes.c.change == "erased", ~sa.select(key).where(key == changes.c.id).exists()
    )
    return [row.id for row in reading.connection.execute(gone.order_by(changes.c.id))]


def held_back(reading: Reading) -> Iterator[list[dict[str, Any]]]:
    """Articles that an order has held back since the cursor: a row for each mention that was linked.

    Where none was, one row for the article, of which rows were given perhaps.
    """
    if reading.since is None:
        return
    held = articles.c.restriction.is_not(None) & articles.c.id.in_(of_kind(reading, "article"))
    query = sa.select(articles.c.id, articles.c.restriction).where(held).order_by(articles.c.id)
    for ids, states in streamed(reading, query):
        told = _last_asserted(reading, ids)
        yield [
            {"article_id": id_, "status": _SEALED.get(state, "restricted")} | one
            for id_, state in zip(ids, states, strict=True)
            for one in told.get(id_, [{}])
        ]


def ended_in_public(reading: Reading, opening: Opening) -> Iterator[dict[str, Any]]:
    """Mentions that the public was shown and is not any more, by article and number; not why."""
    if reading.since is None:
        return
    log, before = assertions_table.c, assertions_table.alias().c
    newest = sa.select(sa.func.max(log.seq)).group_by(log.article_id, log.mention)
    same = (before.article_id == log.article_id) & (before.mention == log.mention)
    shown = sa.select(before.seq).where(same, before.seq < log.seq, _is_shown(before, opening)).exists()
    query = sa.select(log.article_id, log.mention).where(
        log.seq > reading.since.assertion, log.seq.in_(newest), ~_is_shown(log, opening), shown
    )
    query = query.order_by(log.seq)
    for ids, mentions in streamed(reading, query):
        for id_, mention in zip(ids, mentions, strict=True):
            yield {"article_id": id_, "mention": mention, "status": "withdrawn"}


def _is_shown(row: Any, opening: Opening) -> sa.ColumnElement[bool]:
    """Whether the public saw what a row of the log says."""
    standing: sa.ColumnElement[bool] = row.event.not_in(assertions.ENDED)
    seen = standing & ~sa.func.coalesce(row.suppressed, sa.false())
    return seen if opening.machine_links else seen & sa.func.coalesce(row.confirmed, sa.false())


def _last_asserted(reading: Reading, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    log, held = assertions_table.c, defaultdict(list)
    newest = (
        sa.select(sa.func.max(log.seq)).where(log.article_id.in_(ids)).group_by(log.article_id, log.mention)
    )
    query = sa.select(log.article_id, log.mention, log.link_id).where(log.seq.in_(newest))
    rows = query.order_by(log.article_id, log.mention)
    for id_, mention, link_id in reading.connection.execute(rows):
        held[id_].append({"mention": mention, "link_id": link_id})
    return held


def _digest(row: sa.Row[Any]) -> str:
    told = "\x1f".join((str(row.seq), row.what, row.id, row.at.isoformat()))
    return hashlib.sha256(told.encode()).hexdigest()[:12]
