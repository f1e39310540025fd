"""The record that stands in a WARC file where one was sealed: as long as that was, and saying nothing."""

import struct
import uuid
import zlib
from typing import Final

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
