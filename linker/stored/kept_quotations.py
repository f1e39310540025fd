"""Whether the quotation index kept beside an archive can be read, and holds no word that was erased."""

from collections.abc import Iterator

import sqlalchemy as sa

from linker.quotation_files import QuotationFolder
from linker.stored.reported import identity, ids_in
from storage.batches import batches
from storage.schema.inspections import reports
from storage.soundness import Finding
from storage.store import Store


def check(store: Store, connection: sa.Connection) -> Iterator[Finding]:
    """Findings, each mended by removing the folder; an index that is only behind is no fault."""
    folder = QuotationFolder(store.place.quotations, identity(connection))
    do = f"remove the folder {store.place.quotations}; `onrecord link` makes it anew"
    if not folder.is_kept:
        return
    loaded = folder.load()
    if loaded is None:
        yield Finding(check="quotations", what="the reports' words that are kept cannot be read", do=do)
        return
    for id_ in _without_words(connection, ids_in(loaded[1].values())):
        yield Finding(check="quotations", what=f"{id_}: words of it are kept that the archive erased", do=do)


def _without_words(connection: sa.Connection, ids: list[str]) -> Iterator[str]:
    for batch in batches(ids):
        with_words = sa.select(reports.c.id).where(reports.c.id.in_(batch), reports.c.text.is_not(None))
        yield from sorted(set(batch) - set(connection.scalars(with_words)))
