"""WARC and ARC files of any maker, read: the exchanges in them, or the damage by name.

A file is read as one stream, whether each record is a gzip member of its own or not. Whatever is wrong with
it refuses it as a whole: a cut tail (which no record tells), a checksum of gzip, a digest of a record, a
length that is not kept.
"""

import datetime as dt
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader

from storage.errors import RefusedFile
from storage.warc import Exchange

_LARGEST = 64 * 2**20  # bytes of a body; a larger one is no page and no report
_PIECE = 1 << 20
_SOUGHT = 8 << 20  # bytes in which the next record must begin: a header is some hundred long
_HELD = frozenset({"response", "resource", "conversion"})


def is_warc(name: str) -> bool:
    """Whether a file's name says that it is one."""
    return name.lower().removesuffix(".gz").endswith((".warc", ".arc"))


def exchanges(path: Path) -> Iterator[Exchange]:
    """Every answer and resource in the file, in its order; RefusedFile names what is damaged.

    Answers without a body of their own (revisits) are left out, and so are bodies of more than 64 MiB.
    """
    at = None
    try:
        with _opened(path) as file:
            records = ArchiveIterator(file, arc2warc=True, check_digests=True)
            records.loader = _Loader(arc2warc=True)
            for record in records:
                file.begun = None
                at = record.rec_headers.get_header("WARC-Target-URI") or record.rec_type
                exchange = _exchange(record) if record.rec_type in _HELD else None
                _finish(record, path.name, at)
                file.begun = file.given
                if exchange is not None:
                    yield exchange
    except (RefusedFile, FileNotFoundError, PermissionError):
        raise
    except Exception as error:  # a reader of others' files, given what no writer wrote, fails in many ways
        if at is None and isinstance(error, ArchiveLoadFailed):
            raise RefusedFile(path.name, "it is no WARC or ARC file; nothing was imported") from None
        said = " ".join(str(error).split())[:120] or type(error).__name__
        where = at or "its beginning"
        raise RefusedFile(path.name, f"it is damaged after {where} ({said}); nothing was imported") from None
    if at is None:
        raise RefusedFile(path.name, "there is no record in it; nothing was imported")


def _opened(path: Path) -> "_Plain | _Unpacked":
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return _Unpacked(path, "rb") if packed else _Plain(path, "rb")


class _Sought:
    """A stream in which the next record must begin soon: gigabytes of anything else are not read through."""

    given = 0
    begun: int | None = 0
    """What was given when the last record ended; None within a record, however long that is."""

    def took(self, piece: bytes) -> bytes:
        self.given += len(piece)
        if self.begun is not None and self.given - self.begun > _SOUGHT:
            raise OSError(f"no record begins within {_SOUGHT >> 20} MiB")
        return piece


class _Plain(_Sought, io.FileIO):
    """A file as it is."""

    def read(self, size: int | None = -1) -> bytes:
        return self.took(super().read(-1 if size is None else size) or b"")


class _Loader(ArcWarcRecordLoader):  # type: ignore[misc]
    """warcio takes an answer cut off before its first line for the end of the file, too."""

    def load_http_headers(self, *given: object) -> object:
        try:
            return super().load_http_headers(*given)
        except EOFError:
            raise OSError("it ends where an answer should begin") from None


class _Unpacked(_Sought, gzip.GzipFile):
    """warcio takes the EOFError of a cut stream for the end of the file, and would lose what was cut off."""

    def read(self, size: int | None = -1) -> bytes:
        try:
            return self.took(super().read(size))
        except EOFError:
            raise OSError("its compressed bytes end too early") from None


def _exchange(record: ArcWarcRecord) -> Exchange | None:
    headers, http = record.rec_headers, record.http_headers
    chunked = http and (http.get_header("Transfer-Encoding") or "").lower() == "chunked"
    body = _read(ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream)
    if body is None:
        return None
    status = http.get_statuscode() if http else ""
    content_type = http.get_header("Content-Type") if http else headers.get_header("Content-Type")
    content_type = content_type or headers.get_header("WARC-Identified-Payload-Type")
    return Exchange(
        url=headers.get_header("WARC-Target-URI") or "",
        fetched_at=_moment(headers.get_header("WARC-Date")),
        body=body,
        status=int(status) if status.isdigit() else None,
        headers=tuple(http.headers) if http else (),
        content_type=content_type,
        truncated=headers.get_header("WARC-Truncated") is not None,
    )


def _read(stream: IO[bytes]) -> bytes | None:
    """The body; None where it is too large to be held."""
    body = bytearray()
    while piece := stream.read(_PIECE):
        body += piece
        if len(body) > _LARGEST:
            return None
    return bytes(body)


def _finish(record: ArcWarcRecord, name: str, at: str) -> None:
    """Read the record to its end, and hold it against its own length and digests."""
    while record.raw_stream.read(_PIECE):
        pass
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise RefusedFile(name, f"it ends in the middle of the record of {at}; nothing was imported")
    if record.rec_headers.get_header("Content-Length") is None:
        raise RefusedFile(name, f"the record of {at} has no length; nothing was imported")
    checked = record.digest_checker
    if checked and checked.passed is False and not record.rec_headers.get_header("WARC-Truncated"):
        raise RefusedFile(name, f"the record of {at} is not what its digest says; nothing was imported")


def _moment(text: str | None) -> dt.datetime:
    read = dt.datetime.fromisoformat(text or "")
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)
