"""Which reports' captured files say a person's name: the people block is kept there, and only there."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from crawler.extract.pool import Pool
from crawler.reports.reading import words_of
from storage import captures
from storage.errors import OnRecordError
from storage.evidence import EvidenceFolder
from storage.records import SEALED, Capture
from storage.schema.crawl import captures as captured
from storage.schema.inspections import reports
from storage.store import Store
from storage.subjects.names import Name, spans


def reports_naming(store: Store, names: Sequence[Name]) -> Iterator[tuple[str, int]]:
    """Each report whose captured file says one of the names, and how often; reads every file, in the pool.

    A file that cannot be read is told with -1: nobody can say what it holds.
    """
    with store.reading() as connection:
        held = _captures(connection)
    folder = EvidenceFolder.of(store.place)
    with Pool() as pool:
        for (report_id, _), outcome in pool.each(words_of, _contents(folder, held), telling=lambda _: ()):
            if isinstance(outcome, OnRecordError):
                yield report_id, -1
            elif found := spans(outcome, names):
                yield report_id, len(found)


def _captures(connection: sa.Connection) -> list[tuple[str, Capture]]:
    query = (
        sa.select(reports.c.id, captured.c.id)
        .join(captured, captured.c.id == reports.c.capture_id)
        .where(captured.c.record_type != SEALED)
        .order_by(captured.c.warc_file, captured.c.offset)
    )
    rows = connection.execute(query).all()
    return [(id_, captures.with_body(connection, captures.get(connection, capture))) for id_, capture in rows]


def _contents(
    folder: EvidenceFolder, held: list[tuple[str, Capture]]
) -> Iterator[tuple[tuple[str, Capture], bytes]]:
    for one in held:
        try:
            content = folder.content(one[1])
        except OnRecordError:
            content = b""  # which nothing reads: told as a file that cannot be read
        yield one, content
