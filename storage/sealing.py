"""What stands in a WARC file where a record was sealed: a record of the same length that says nothing.

The file keeps its length and every other record its place, so that the index of captures holds and
``evidence verify`` finds each record as it was written. A sealed record is made of the capture's id and
length alone: interrupted at any instant, sealing is repeated until the bytes are there.
"""

import os
import shutil
from collections.abc import Iterable

import sqlalchemy as sa

from storage import captures as index
from storage import sealed_objects
from storage.evidence import EvidenceFolder
from storage.ids import digest_of
from storage.records import SEALED, Capture
from storage.schema.work import erased_names, orders
from storage.sealed_records import record
from storage.store import Store


def sealed(capture: Capture) -> Capture:
    """The capture as the index holds it once its record is sealed: where it lies, and nothing of what."""
    content = record(capture.id, capture.length)
    return Capture(
        id=capture.id,
        url="",
        fetched_at=capture.fetched_at,
        status=None,
        content_type=None,
        digest="",
        warc_file=capture.warc_file,
        offset=capture.offset,
        length=capture.length,
        record_digest=digest_of(content),
        record_type=SEALED,
    )


def seal(folder: EvidenceFolder, captures: Iterable[Capture]) -> int:
    """Write the records of sealed captures over what still stands there; how many were written."""
    written = 0
    for capture in captures:
        path, content = folder.path / capture.warc_file, record(capture.id, capture.length)
        if not path.exists():
            continue
        with path.open("r+b") as file:
            file.seek(capture.offset)
            if file.read(capture.length) == content:
                continue
            file.seek(capture.offset)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        written += 1
    return written


def finish(store: Store, *, within: float = 10.0) -> bool:
    """Do what no transaction can after a takedown: seal the records, here and in the evidence store, and
    fold the write-ahead log away.

    Where words went from a report they also lie in the quotation index, which goes whole: it is derived.
    Whether all is done; False while a reader still looks at the archive as it was before, or the store does
    not answer (it may be repeated at any time, and the next takedown or push does so).
    """
    with store.reading() as connection:
        held = list(index.each(connection, record_type=SEALED))
        words_went = _went_from_reports(connection)
    if words_went:
        shutil.rmtree(store.place.quotations, ignore_errors=True)
    seal(EvidenceFolder.of(store.place), held)
    folded = store.fold(within=within)
    return sealed_objects.finish(store, within=within) and folded


def _went_from_reports(connection: sa.Connection) -> bool:
    down = sa.select(orders.c.id).where(orders.c.what == "report", orders.c.kind == "taken down")
    named = sa.select(erased_names.c.id).where(erased_names.c.what == "report")
    return any(connection.execute(query.limit(1)).first() is not None for query in (down, named))
