"""What stands in a WARC file where a record was sealed: a record of the same length that says nothing.

The file keeps its length and every other record its place, so that the index of captures holds and
``evidence verify`` finds each record as it was written. A sealed record is made of the capture's id and
length alone: interrupted at any instant, sealing is repeated until the bytes are there.
"""

import os
import shutil
import struct
import uuid
import zlib
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa

from storage import captures as index
from storage.evidence import EvidenceFolder
from storage.ids import digest_of
from storage.records import SEALED, Capture
from storage.schema.work import erased_names, orders
from storage.store import Store

_GZIP: Final = b"\x1f\x8b\x08"
_NAMED: Final = 0x08  # the header carries a file name, by which the last bytes are filled up
_STORED: Final = 65_535  # bytes of a block that is not compressed
_TOLD: Final = b"This record was sealed."
_SPACE: Final = uuid.UUID("6f9619ff-8b86-d011-b42d-00cf4fc964ff")


def record(capture_id: str, length: int) -> bytes:
    """One gzip member of exactly ``length`` bytes that holds a WARC record without content."""
    smallest = _member(_warc(capture_id, _TOLD))
    room = length - len(smallest)
    if room == 0:
        return smallest
    if room < 1_024:  # most room there is for a name
        return _member(_warc(capture_id, _TOLD), name=room) if room > 0 else _blank(length)
    body = _TOLD + b" " * (length - 1_024 - 6 * (length // _STORED + 1))
    padded = _member(_warc(capture_id, body), level=0)
    return _member(_warc(capture_id, body), level=0, name=length - len(padded))


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
    """Do what no transaction can after a takedown: seal the records, fold the write-ahead log away.

    Where words went from a report they also lie in the quotation index, which goes whole: it is derived.
    Whether all is done; False while a reader still looks at the archive as it was before (it may be
    repeated at any time, and the next takedown does so).
    """
    with store.reading() as connection:
        held = list(index.each(connection, record_type=SEALED))
        words_went = _went_from_reports(connection)
    if words_went:
        shutil.rmtree(store.place.quotations, ignore_errors=True)
    seal(EvidenceFolder(store.place.evidence), held)
    return store.fold(within=within)


def _went_from_reports(connection: sa.Connection) -> bool:
    down = sa.select(orders.c.id).where(orders.c.what == "report", orders.c.kind == "taken down")
    named = sa.select(erased_names.c.id).where(erased_names.c.what == "report")
    return any(connection.execute(query.limit(1)).first() is not None for query in (down, named))


def _warc(capture_id: str, body: bytes) -> bytes:
    # No moment of its own: the same capture must give the same bytes whenever it is sealed again.
    head = (
        "WARC/1.1\r\nWARC-Type: metadata\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid5(_SPACE, capture_id)}>\r\n"
        "WARC-Date: 1970-01-01T00:00:00Z\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def _member(content: bytes, *, level: int = 9, name: int = 0) -> bytes:
    """A gzip member; ``name``: bytes of a file name in its header, with the zero that ends it."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    head = _GZIP + bytes([_NAMED if name else 0]) + b"\0\0\0\0\0\xff"
    named = b"-" * (name - 1) + b"\0" if name else b""
    return head + named + packed + struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)


def _blank(length: int) -> bytes:
    """For a record too short to hold even an empty one: empty gzip members, which readers pass over."""
    whole = _member(b"")
    if length < len(whole):
        return b"\0" * length
    return _member(b"", name=length - len(whole))
