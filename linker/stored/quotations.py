"""The archive's quotation index: kept beside it, and brought up to its reports where they have changed."""

import contextlib
from collections.abc import Mapping

import sqlalchemy as sa

from linker.quotation_files import QuotationFolder
from linker.quotations import QuotationIndex
from linker.stored.record import texts_of
from linker.stored.reported import Stamps, identity, ids_in, stamps_of
from storage.store import Store

_DEAD = 0.1
"""The share of texts that were dropped or replaced from which the index is built anew."""


def index_of(store: Store, connection: sa.Connection) -> QuotationIndex:
    """The index of all reports that belong to an inspection, of several the one that was saved last.

    Only reports that are new or were read anew since the index was kept are taken in; a store that is open
    for writing keeps what came of it.
    """
    wanted = stamps_of(connection)
    folder = QuotationFolder(store.place.quotations, identity(connection))
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
    connection: sa.Connection, index: QuotationIndex, stamps: Mapping[str, str], wanted: Stamps
) -> QuotationIndex:
    """The index with what is new, and without what is gone or was read anew."""
    stale = [one for one, stamp in stamps.items() if wanted.get(one) != stamp]
    if len(index.held.reports) - len(index) + len(stale) > _DEAD * len(index.held.reports):
        index, stale = QuotationIndex(), []
    index.drop(stale)
    new = ids_in(stamp for one, stamp in wanted.items() if one not in index)
    index.add(texts_of(connection, new))
    return index


def _kept(folder: QuotationFolder, index: QuotationIndex, stamps: Stamps) -> QuotationIndex:
    """The same index as kept, which takes less memory; the one that was made where it cannot be kept."""
    try:
        folder.save(index, stamps)
    except OSError:  # a full disk costs time at the next run, not this one
        return index
    loaded = folder.load()
    return loaded[0] if loaded else index
