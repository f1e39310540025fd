"""Sealing in the evidence store: an object cannot be written in part, so it is put there anew.

Which captures were erased and may still lie there in full is a row each of ``seals_due``, written with the
erasure and taken away once the object that holds their file is sealed. The copy that takes its place is made
piece by piece, sealed records in the place of the others: it never holds the erased bytes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from storage import captures as index
from storage.batches import batches
from storage.errors import EvidenceAway
from storage.ids import digest_of
from storage.objects import ObjectStore, Part
from storage.records import Capture
from storage.schema.crawl import seals_due
from storage.sealed_records import record
from storage.store import Store

_PIECE: Final = 8 * 2**20
_DRAFTS: Final = ".sealing"


@contextmanager
def alone(store: Store, warc_file: str, *, wait: float) -> Iterator[bool]:
    """Put or seal a file while nobody else does, on whichever machine; one lock for a sixteenth of them."""
    with store.alone(f"objects-{digest_of(warc_file.encode())[0]}", wait=wait) as mine:
        yield mine


def waiting(connection: sa.Connection) -> dict[str, list[str]]:
    """The captures whose bytes the store may still hold though they were erased, by their WARC file."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(sa.select(seals_due).order_by(seals_due.c.warc_file)):
        found[row.warc_file].append(row.id)
    return dict(found)


def note(connection: sa.Connection, erased: Iterable[Capture]) -> None:
    """Remember that the store may hold the bytes of these captures, which are erased in this transaction."""
    rows = [{"id": one.id, "warc_file": one.warc_file} for one in erased]
    for some in batches(rows):
        connection.execute(sa.delete(seals_due).where(seals_due.c.id.in_([row["id"] for row in some])))
        connection.execute(sa.insert(seals_due), some)


def finish(store: Store, *, within: float) -> bool:
    """Seal what is due in the archive's store; whether nothing is left. A store that is away is left so."""
    objects = ObjectStore.of(store.place)
    try:
        return objects is None or seal(store, objects, within=within)
    except EvidenceAway:
        return False


def seal(store: Store, objects: ObjectStore, *, within: float) -> bool:
    """Seal every object that is due; False where another process kept one for so long. EvidenceAway."""
    with store.reading() as connection:
        due = waiting(connection)
    whole = True
    for name, ids in due.items():
        with alone(store, name, wait=within) as mine:
            if not mine:
                whole = False
                continue
            with store.reading() as connection:
                held = [one for one in index.each(connection, warc_file=name) if one.is_sealed]
            _seal(objects, store.place.evidence / _DRAFTS / name, held)
            _settle(store, ids)
    return whole


def _seal(objects: ObjectStore, draft: Path, held: Sequence[Capture]) -> None:
    """Put a sealed copy in the object's place; what is not there yet is put there sealed."""
    name = draft.name
    try:
        with objects.opened(name) as part:
            draft.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as made:
                made.writelines(_sealed(part, held))
        objects.put(draft, name)
        objects.forget_versions(name)
    except FileNotFoundError:
        return
    finally:
        draft.unlink(missing_ok=True)


def _sealed(part: Part, held: Iterable[Capture]) -> Iterator[bytes]:
    """The bytes of an object, sealed records in the place of these captures' own."""
    at = 0
    for capture in held:
        yield from _between(part, at, capture.offset)
        yield record(capture.id, capture.length)
        at = capture.offset + capture.length
    yield from _between(part, at, None)


def _between(part: Part, at: int, end: int | None) -> Iterator[bytes]:
    while (end is None or at < end) and (piece := part(at, _PIECE if end is None else min(_PIECE, end - at))):
        yield piece
        at += len(piece)


def _settle(store: Store, ids: Sequence[str]) -> None:
    with store.writing() as connection:
        for some in batches(ids):
            connection.execute(sa.delete(seals_due).where(seals_due.c.id.in_(some)))
