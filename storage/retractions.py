"""What an origin no longer says: a report read anew under another number, kind or day leaves where it was."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

import sqlalchemy as sa

from storage import changes, inspections
from storage.schema.inspections import inspection_claims, reports
from storage.schema.inspections import inspections as inspections_table
from storage.schema.links import judgements, links
from storage.schema.registers import ownerships, register_rows, setting_changes, settings

_KEPT: Final = frozenset({"id", "setting_id", "kind", "disagreements"})
"""Columns of an inspection that stay when nobody claims it any more, while a link or judgement names it."""
_NAMED_BY: Final = (register_rows, ownerships, setting_changes, inspections_table, reports, links, judgements)


def leave(
    connection: sa.Connection, origin: str, origin_id: str, *, but: Collection[str], at: dt.datetime
) -> None:
    """Take the origin's claims from all inspections ``but`` those; what nobody claims then goes.

    An inspection that a link or a judgement names stays as an empty row, so that the linker sees it gone
    and says so; a setting that nothing else speaks of goes with its last inspection.
    """
    said = (inspection_claims.c.origin == origin, inspection_claims.c.origin_id == origin_id)
    elsewhere = (*said, inspection_claims.c.inspection_id.not_in(list(but)))
    query = (
        sa.select(inspections_table.c.id, inspections_table.c.setting_id)
        .join(inspection_claims, inspection_claims.c.inspection_id == inspections_table.c.id)
        .where(*elsewhere)
    )
    left = connection.execute(query).all()
    if not left:
        return
    connection.execute(sa.delete(inspection_claims).where(*elsewhere))
    ids = [row.id for row in left]
    claimed = set(
        connection.execute(
            sa.select(inspection_claims.c.inspection_id).where(inspection_claims.c.inspection_id.in_(ids))
        ).scalars()
    )
    inspections.refresh(connection, claimed, at)
    _forget(connection, [id_ for id_ in ids if id_ not in claimed], at)
    _forget_settings(connection, sorted({row.setting_id for row in left}), at)


def _forget(connection: sa.Connection, ids: Sequence[str], at: dt.datetime) -> None:
    for id_ in ids:
        row = inspections_table.c.id == id_
        if any(_names(connection, table.c.inspection_id, id_) for table in (links, judgements)):
            blank = {column.name: None for column in inspections_table.c if column.name not in _KEPT}
            connection.execute(sa.update(inspections_table).where(row).values(**blank, disagreements=[]))
            changes.note(connection, "inspection", [id_], at)
        else:
            connection.execute(sa.delete(inspections_table).where(row))
            changes.note(connection, "inspection", [id_], at, "erased")


def _forget_settings(connection: sa.Connection, ids: Sequence[str], at: dt.datetime) -> None:
    for id_ in ids:
        if not any(_names(connection, table.c.setting_id, id_) for table in _NAMED_BY):
            connection.execute(sa.delete(settings).where(settings.c.id == id_))
            changes.note(connection, "setting", [id_], at, "erased")


def _names(connection: sa.Connection, column: sa.Column[str], id_: str) -> bool:
    return connection.execute(sa.select(column).where(column == id_).limit(1)).first() is not None
