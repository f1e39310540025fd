"""The evidence of a backup: each WARC file as far as the snapshot's index knows it, and no byte more.

A finished file never changes but by sealing, so a file of which the index says the same as in an earlier
backup is that backup's file, linked. All others are copied, sealed where the snapshot says so, and held
record by record against the index.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from storage import captures, sealing, sqlite
from storage.backups.manifest import BackedFile, Manifest
from storage.evidence import EvidenceFolder
from storage.records import Capture

PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """The backup before: where it lies, and what it says of itself."""

    folder: Path
    manifest: Manifest


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One file in the backup (None where the archive has lost it), and the captures not whole in it.

    ``elsewhere``: its name, where the evidence store alone holds it.
    """

    file: BackedFile | None
    damaged: Sequence[str]
    elsewhere: str | None = None


def take(
    connection: sa.Connection, source: EvidenceFolder, backup: Path, earlier: Earlier | None
) -> Iterator[Taken]:
    """Put every file that the index names into the backup's folder ``evidence``, but those elsewhere.

    What lies in the evidence store alone, as long as the index says, is named and not fetched; EvidenceAway.
    """
    there: Mapping[str, int] | None = None
    before = {one.path: one for one in earlier.manifest.under("evidence")} if earlier else {}
    (backup / "evidence").mkdir()
    for name, group in groupby(captures.each(connection), key=lambda capture: capture.warc_file):
        held = list(group)
        path = f"evidence/{name}"
        same = _same(before.get(path), _records(held))
        if earlier and same and _linked(earlier.folder / path, backup / path, same):
            yield Taken(file=same, damaged=())
            continue
        if source.objects is not None and not (source.path / name).exists():
            there = source.objects.sizes() if there is None else there
            if there.get(name, -1) >= max(one.offset + one.length for one in held):
                yield Taken(file=None, damaged=(), elsewhere=name)
                continue
        yield _copied(source.path / name, backup, path, held)


def _records(held: Sequence[Capture]) -> str:
    """What tells that a file is as it was: where each record lies, and its digest."""
    told = hashlib.sha256()
    for one in held:
        told.update(f"{one.offset} {one.length} {one.record_digest}\n".encode())
    return told.hexdigest()


def _same(before: BackedFile | None, records: str) -> BackedFile | None:
    return before if before and before.records == records else None


def _linked(path: Path, target: Path, said: BackedFile) -> bool:
    if path.is_symlink() or not path.is_file() or path.stat().st_size != said.length:
        return False
    try:
        os.link(path, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(path, target)
        sqlite.sync(target)
    return True


def _copied(path: Path, backup: Path, name: str, held: Sequence[Capture]) -> Taken:
    target, folder = backup / name, EvidenceFolder(backup / "evidence")
    if not path.is_file():
        return Taken(file=None, damaged=[one.id for one in held])
    _copy(path, target, max(one.offset + one.length for one in held))
    sealing.seal(folder, (one for one in held if one.is_sealed))
    damaged = [one.capture.id for one in folder.verify(iter(held))]
    sqlite.sync(target)
    # Of a file with a damaged record the next backup makes a new copy: it may have been mended by then.
    records = None if damaged else _records(held)
    length, digest = target.stat().st_size, digest_of_file(target)
    return Taken(file=BackedFile(path=name, length=length, sha256=digest, records=records), damaged=damaged)


def _copy(path: Path, target: Path, length: int) -> None:
    """The first bytes; the crawler may be writing more behind them."""
    with path.open("rb") as source, target.open("xb") as made:
        while length and (piece := source.read(min(PIECE, length))):
            made.write(piece)
            length -= len(piece)


def digest_of_file(path: Path) -> str:
    """SHA-256 of a whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
