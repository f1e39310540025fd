"""One WARC record, written and read: what was fetched becomes a gzip member, and the member a body again."""

import datetime as dt
import hashlib
import uuid
from base64 import b32encode
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO

from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.ids import digest_of
from storage.records import Capture

_HOP_BY_HOP = frozenset({"transfer-encoding", "connection", "keep-alive"})
"""Meant for the connection, not part of the document: a body is kept without its chunks."""
_LEVEL = 1  # of ISA-L's gzip: as small as zlib's 4 in an eighth of its time
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_LARGEST = 64 * 2**20  # bytes of a body with its compression taken off; the crawler stops far below


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A body as it came over the wire (perhaps compressed), its headers, and who fetched it when.

    ``status`` is None for bytes that no server answered, such as a file that was imported.
    """

    url: str
    fetched_at: dt.datetime
    body: bytes
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None
    source_id: str | None = None
    run_id: str | None = None
    truncated: bool = False
    tls_verified: bool | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the body as it came."""
        return digest_of(self.body)


def record_of(
    exchange: Exchange,
    same_as: Capture | None,
    *,
    capture_id: str | None = None,
    made_of: Capture | None = None,
) -> bytes:
    """The compressed record; with ``same_as`` a revisit, which refers to that capture for its body.

    With ``made_of`` a conversion: what a browser made of that capture. ``capture_id`` names the record.
    """
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    named = {"WARC-Date": _warc_date(exchange.fetched_at)}
    if capture_id:
        named["WARC-Record-ID"] = _record_id(capture_id)
    if made_of:
        named["WARC-Refers-To"] = _record_id(made_of.id)
    if exchange.truncated:
        named["WARC-Truncated"] = "length"
    if same_as:
        record = _revisit(writer, exchange, same_as, named)
    else:
        record = writer.create_warc_record(
            exchange.url,
            "conversion" if made_of else "response" if exchange.status else "resource",
            payload=BytesIO(exchange.body),
            length=len(exchange.body),
            warc_content_type="" if exchange.status else exchange.content_type or "application/octet-stream",
            warc_headers_dict=named,
            http_headers=_http(exchange) if exchange.status else None,
        )
    writer.write_record(record)
    return isal_zlib.compress(out.getbuffer(), _LEVEL, wbits=31)


def _revisit(
    writer: WARCWriter, exchange: Exchange, same_as: Capture, named: dict[str, str]
) -> ArcWarcRecord:
    record = writer.create_revisit_record(
        exchange.url,
        _payload_digest(exchange.body),
        same_as.url,
        _warc_date(same_as.fetched_at),
        http_headers=_http(exchange),
        warc_headers_dict=named,
    )
    if exchange.status == 304:  # it came without a body, so nothing is known of one
        record.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
        record.rec_headers.remove_header("WARC-Payload-Digest")
    return record


def body_of(record: bytes) -> bytes:
    """The body in a compressed record, as it came over the wire."""
    body: bytes = _parsed(record).raw_stream.read()
    return body


def content_of(record: bytes, most: int = _LARGEST) -> bytes:
    """The body in a compressed record, its Content-Encoding taken off, or its first ``most`` bytes."""
    stream = _parsed(record).content_stream()
    content = b""
    while len(content) < most and (part := stream.read(min(1 << 20, most - len(content)))):
        content += part
    return content


def unpacked(exchange: Exchange, most: int = _LARGEST) -> bytes:
    """The body of an exchange, its Content-Encoding taken off, or its first ``most`` bytes."""
    packed = any(name.lower() == "content-encoding" and value for name, value in exchange.headers)
    return content_of(record_of(exchange, None), most) if packed else exchange.body[:most]


def _parsed(record: bytes) -> ArcWarcRecord:
    return next(iter(ArchiveIterator(BytesIO(record))))


def _http(exchange: Exchange) -> StatusAndHeaders:
    status = exchange.status or 0
    known = {int(one): one.phrase for one in HTTPStatus}
    headers = [(name, value) for name, value in exchange.headers if name.lower() not in _HOP_BY_HOP]
    return StatusAndHeaders(f"{status} {known.get(status, 'Unknown')}", headers, protocol="HTTP/1.1")


def _record_id(capture_id: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, capture_id)}>"


def _payload_digest(body: bytes) -> str:
    # SHA-1 is what warcio and the replay tools compare; our own index holds SHA-256.
    return "sha1:" + b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def _warc_date(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
