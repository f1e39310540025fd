"""The evidence: bytes as they were fetched, in WARC files, one gzip member a record.

A record counts once its row stands in ``captures``; the order is always write, sync, row:

    with folder.writer() as writer, writer.batch() as batch:
        capture = batch.keep(exchange)      # written
        batch.sync()                        # on the disk
        with store.writing() as connection:
            captures.save(connection, [capture])

A batch that ends by an exception is cut off its file again. After a kill the file's lock is free and its
tail is unknown to the index: ``recover`` moves that tail into the folder ``quarantine``, so that every file
holds exactly the indexed records. One writer a file: the name says when, which process, and which of its
files. A file that has no writer any more goes into the evidence store too, if the archive has one
(``storage.pushing``), and may lie only there.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from storage import warc
from storage.dates import utc_now
from storage.errors import StorageError
from storage.ids import digest_of
from storage.objects import ObjectStore
from storage.place import Place
from storage.records import Capture
from storage.warc_writing import Writer, cut

_ROTATE_ABOVE = 512 * 2**20  # bytes; then the next file
QUARANTINE = "quarantine"
_NOWHERE = "the file is neither in the folder here nor in"
_WAITS = dt.timedelta(days=1)  # a crawl lasts some hours, and then its file goes into the store


class DamagedEvidence(StorageError):
    """A record is not what was written; the message names file and record."""


@dataclass(frozen=True, kw_only=True)
class Damage:
    """One finding of ``verify``."""

    capture: Capture
    reason: str


class EvidenceFolder:
    """The folder of WARC files beside an archive."""

    def __init__(self, path: Path, *, rotate_above: int = _ROTATE_ABOVE, place: Place | None = None) -> None:
        """``place``: the archive's, whose evidence store is asked for files that are not in the folder."""
        self.path, self.rotate_above, self._place = path, rotate_above, place

    @classmethod
    def of(cls, place: Place) -> Self:
        """The evidence of an archive: its folder, and its store where it has one."""
        return cls(place.evidence, place=place)

    @cached_property
    def objects(self) -> ObjectStore | None:
        """The evidence store; None where all evidence lies in the folder."""
        return ObjectStore.of(self._place) if self._place else None

    def writer(self, *, at: dt.datetime) -> Writer:
        """A writer with files of its own, beginning when the first record is kept."""
        return Writer(self.path, at=at, rotate_above=self.rotate_above)

    def read(self, capture: Capture) -> bytes:
        """The body, exactly as it was fetched; DamagedEvidence if one bit is not as written.

        A revisit has none: ask ``captures.with_body`` for the capture that holds it.
        """
        record = self.record(capture)
        body = warc.body_of(record)
        if digest_of(body) != capture.digest:
            raise DamagedEvidence(f"{_name(capture)}: the body is not the one that was kept")
        return body

    def content(self, capture: Capture) -> bytes:
        """The body with its Content-Encoding taken off, from the verified record."""
        if capture.is_sealed:
            raise DamagedEvidence(f"{_name(capture)}: its bytes were erased, on request or by their age")
        return warc.content_of(self.record(capture))

    def record(self, capture: Capture) -> bytes:
        """The compressed record, from the folder or else from the store, verified against the index."""
        try:
            with (self.path / capture.warc_file).open("rb") as file:
                file.seek(capture.offset)
                return _checked(capture, file.read(capture.length))
        except OSError as error:
            if self.objects is None or not isinstance(error, FileNotFoundError):
                raise DamagedEvidence(f"{_name(capture)}: {error.strerror or error}") from None
        try:
            record = self.objects.read(capture.warc_file, capture.offset, capture.length)
        except FileNotFoundError:
            raise DamagedEvidence(f"{_name(capture)}: {_NOWHERE} {self.objects.url}") from None
        return _checked(capture, record, f"{self.objects.url}/")

    def verify(self, indexed: Iterator[Capture]) -> Iterator[Damage]:
        """Every indexed record that cannot be given back, to the bit, wherever its file lies.

        EvidenceAway where the store does not answer. A file that is not in the store yet is no damage while
        it is here, or may be on the machine that fetched it.
        """
        for name, group in groupby(indexed, key=lambda capture: capture.warc_file):
            held = list(group)
            here = self.objects is None or (self.path / name).exists()
            if here:
                yield from _damages(held, self.record)
            if self.objects is not None:
                yield from self._damages_in_store(self.objects, name, held, here=here)

    def _damages_in_store(
        self, objects: ObjectStore, name: str, held: Sequence[Capture], *, here: bool
    ) -> Iterator[Damage]:
        try:
            with objects.opened(name) as part:
                at = f"{objects.url}/"
                yield from _damages(held, lambda one: _checked(one, part(one.offset, one.length), at))
        except FileNotFoundError:
            if not here and not self.may_wait(max(one.fetched_at for one in held)):
                for one in held:
                    yield Damage(capture=one, reason=f"{_name(one)}: {_NOWHERE} {objects.url}")

    def may_wait(self, fetched_at: dt.datetime) -> bool:
        """Whether a file with so new a capture may still lie on another machine, which fetched it."""
        return self._place is not None and self._place.url is not None and fetched_at > utc_now() - _WAITS

    def recover(self, ends: Mapping[str, int]) -> list[Path]:
        """Move what killed writers left behind the index into quarantine; the files made there.

        ``ends``: how far each file is indexed. Files whose writer lives are left alone.
        """
        moved = []
        for lock_file in sorted(self.path.glob("*.warc.gz.lock")):
            lock = FileLock(lock_file)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            with lock:
                warc_file = lock_file.with_suffix("")
                if warc_file.exists():
                    moved += self._quarantine_tail(warc_file, ends.get(warc_file.name, 0))
                lock_file.unlink(missing_ok=True)
            lock.release(force=True)
        return moved

    def _quarantine_tail(self, warc_file: Path, end: int) -> list[Path]:
        moved = []
        with warc_file.open("r+b") as file:
            file.seek(end)
            if tail := file.read():
                target = self.path / QUARANTINE / f"{warc_file.name}.{end}.tail"
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(tail)
                moved.append(target)
                cut(file, end)
        if end == 0:
            warc_file.unlink()
        return moved


def _checked(capture: Capture, record: bytes, at: str = "") -> bytes:
    """The record; DamagedEvidence where it is not what is indexed. ``at``: the store it was read from."""
    if len(record) < capture.length:
        early = capture.length - len(record)
        raise DamagedEvidence(f"{at}{_name(capture)}: the file ends {early} bytes early")
    if digest_of(record) != capture.record_digest:
        raise DamagedEvidence(f"{at}{_name(capture)}: the record was altered since it was kept")
    return record


def _damages(held: Iterable[Capture], read: Callable[[Capture], bytes]) -> Iterator[Damage]:
    for capture in held:
        try:
            read(capture)
        except DamagedEvidence as error:
            yield Damage(capture=capture, reason=str(error))


def _name(capture: Capture) -> str:
    return f"{capture.warc_file}, record at byte {capture.offset} ({capture.url})"
