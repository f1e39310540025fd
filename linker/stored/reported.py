"""Which reports the linker reads: of several of one inspection the one that was saved last."""

from collections.abc import Iterable

import sqlalchemy as sa

from storage.schema.inspections import reports
from storage.schema.people import changes

Stamps = dict[str, str]
"""By inspection: its report's id, and the change that last wrote it."""


def stamps_of(connection: sa.Connection) -> Stamps:
    """The reports, oldest first: the last change of one says whether its text is still the same."""
    written = sa.select(changes.c.id, sa.func.max(changes.c.seq).label("seq"))
    last = written.where(changes.c.what == "report").group_by(changes.c.id).subquery()
    query = (
        sa.select(reports.c.inspection_id, reports.c.id, last.c.seq)
        .outerjoin(last, last.c.id == reports.c.id)
        .where(reports.c.text.is_not(None), reports.c.inspection_id.is_not(None))
        .order_by(sa.func.coalesce(last.c.seq, 0), reports.c.id)
    )
    return {inspection: f"{report} {seq or 0}" for inspection, report, seq in connection.execute(query)}


def ids_in(stamps: Iterable[str]) -> list[str]:
    """The ids of the reports that stamps are of."""
    return [stamp.rpartition(" ")[0] for stamp in stamps]


def identity(connection: sa.Connection) -> str:
    """What tells this archive from others: the moment of the first change noted in it."""
    return str(connection.execute(sa.select(changes.c.at).order_by(changes.c.seq).limit(1)).scalar())
