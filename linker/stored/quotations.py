"""The archive's quotation index: kept beside it, and brought up to its reports where they have changed."""

import contextlib
from collections.abc import Mapping

import sqlalchemy as sa

from linker.quotation_files import QuotationFolder
from linker.quotations import QuotationIndex
from linker.stored.record import texts_of
from storage.schema.inspections import reports
from storage.schema.people import changes
from storage.store import Store

_DEAD = 0.1
"""The share of texts that were dropped or replaced from which the index is built anew."""

_Stamps = dict[str, str]
"""By inspection: its report's id, and the change that last wrote it."""


def index_of(store: Store, connection: sa.Connection) -> QuotationIndex:
    """The index of all reports that belong to an inspection, of several the one that was saved last.

    Only reports that are new or were read anew since the index was kept are taken in; a store that is open
    for writing keeps what came of it.
    """
    wanted = _stamps(connection)
    folder = QuotationFolder(store.place.quotations, _identity(connection))
    loaded = folder.load() or (QuotationIndex(), {})
    if loaded[1] == wanted:
        return loaded[0]
    with folder.held() if store.writable else contextlib.nullcontext(False) as mine:
        index, stamps = folder.load() or (QuotationIndex(), {})
        if stamps != wanted:
            index = _brought_up(connection, index, stamps, wanted)
            if mine:
                return _kept(folder, index, wanted)
        return index


def _brought_up(
    connection: sa.Connection, index: QuotationIndex, stamps: Mapping[str, str], wanted: _Stamps
) -> QuotationIndex:
    """The index with what is new, and without what is gone or was read anew."""
    stale = [one for one, stamp in stamps.items() if wanted.get(one) != stamp]
    if len(index.held.reports) - len(index) + len(stale) > _DEAD * len(index.held.reports):
        index, stale = QuotationIndex(), []
    index.drop(stale)
    index.add(texts_of(connection, [_report(stamp) for one, stamp in wanted.items() if one not in index]))
    return index


def _kept(folder: QuotationFolder, index: QuotationIndex, stamps: _Stamps) -> QuotationIndex:
    """The same index as kept, which takes less memory; the one that was made where it cannot be kept."""
    try:
        folder.save(index, stamps)
    except OSError:  # a full disk costs time at the next run, not this one
        return index
    loaded = folder.load()
    return loaded[0] if loaded else index


def _stamps(connection: sa.Connection) -> _Stamps:
    """What is to be in the index: the last change of a report says whether its text is still the same."""
    written = sa.select(changes.c.id, sa.func.max(changes.c.seq).label("seq"))
    last = written.where(changes.c.what == "report").group_by(changes.c.id).subquery()
    query = (
        sa.select(reports.c.inspection_id, reports.c.id, last.c.seq)
        .outerjoin(last, last.c.id == reports.c.id)
        .where(reports.c.text.is_not(None), reports.c.inspection_id.is_not(None))
        .order_by(sa.func.coalesce(last.c.seq, 0), reports.c.id)
    )
    return {inspection: f"{report} {seq or 0}" for inspection, report, seq in connection.execute(query)}


def _report(stamp: str) -> str:
    return stamp.rpartition(" ")[0]


def _identity(connection: sa.Connection) -> str:
    """What tells this archive from others: the moment of the first change noted in it."""
    return str(connection.execute(sa.select(changes.c.at).order_by(changes.c.seq).limit(1)).scalar())
