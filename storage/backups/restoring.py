"""Restore a backup: every byte is held against the manifest beside the place, and swapped in at the end.

What stood there before is never deleted: it is moved aside, under a name that says so. Nothing in a backup
is unpacked or run; a name that leads elsewhere, a link and a file of another length are refused before they
are read.
"""

import datetime as dt
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from storage import soundness, sqlite, upgrade
from storage.backups import manifest as manifests
from storage.backups import swapping
from storage.backups.evidence import PIECE
from storage.backups.making import ASKED_FOR, counts
from storage.backups.manifest import BackedFile, BadBackup, Manifest
from storage.backups.snapshot import ask
from storage.backups.swapping import Drafts
from storage.errors import NewerArchive, OnRecordError, StorageError, UsageMistake
from storage.place import Place
from storage.schema.work import audit

_SPARE: Final = 64 * 2**20  # bytes that must be left once all is there


@dataclass(frozen=True, kw_only=True)
class Restored:
    """An archive put back.

    ``aside``: where what stood there lies now; ``settings``: the newsroom's own files.
    ``erased_since``: ids that the replaced archive had taken down or erased after the backup was made.
    """

    place: Place
    manifest: Manifest
    settings: Path | None
    aside: Sequence[Path]
    erased_since: Sequence[str]


def chosen(folder: Path) -> Path:
    """The backup at that place, or the newest whole one in it; BadBackup where there is none."""
    if (folder / manifests.NAME).exists():
        return folder
    found = []
    for path in folder.glob(f"*Z*/{manifests.NAME}"):
        if not path.parent.name.startswith("."):
            found.append((manifests.read(path.parent).taken_at, path.parent))
    if not found:
        raise BadBackup(f"{folder} holds no backup; name a folder that `onrecord backup` wrote to")
    return max(found)[1]


def restore(backup: Path, place: Place, *, at: dt.datetime, force: bool = False) -> Restored:
    """Put the backup in that place; BadBackup, NewerArchive or StorageError leave what is there as it was.

    ``force``: also where an archive is; it is moved aside.
    """
    swapping.settle(place)
    manifest = manifests.read(backup)
    for fault in manifests.strangers(backup, manifest):
        raise BadBackup(f"{backup}: {fault}; move it away and repeat, nothing was restored")
    _check_fit(backup, manifest, place, force=force)
    drafts = Drafts.of(place)
    drafts.clear()
    try:
        _check_room(manifest, drafts.evidence.parent)
        for one in manifest.files:
            _take(backup, one, drafts.path(one.path))
        drafts.evidence.mkdir(exist_ok=True)
        if place.path is None:
            ask("pg_restore", place.url or "", "--single-transaction", "--no-owner", str(drafts.database))
            drafts.database.unlink()
            _check_server(place, manifest)
            return _swapped(place, manifest, at)
        check_database(drafts.database, manifest)
        return _swapped(place, manifest, at)
    except OSError as error:
        raise StorageError(
            f"nothing was restored: {error.filename or backup}: {error.strerror or error}"
        ) from None
    finally:
        drafts.clear()


def check_database(path: Path, manifest: Manifest) -> None:
    """Hold a restored file of records against the manifest and SQLite's own checks; BadBackup."""
    sqlite.check_header(path)
    with closing(_Reader(path)) as reader, reader.engine.connect() as connection:
        _check_rows(connection, manifest, path.name)


def _check_server(place: Place, manifest: Manifest) -> None:
    """Hold a restored database against the manifest; BadBackup leaves it empty, as it was."""
    engine = sa.create_engine(place.url or "")
    try:
        with engine.connect() as connection:
            _check_rows(connection, manifest, manifest.database.path)
    except OnRecordError:
        with engine.begin() as connection:
            held = sa.MetaData()
            held.reflect(connection)
            held.drop_all(connection)
        raise
    finally:
        engine.dispose()


def _check_rows(connection: sa.Connection, manifest: Manifest, name: str) -> None:
    for finding in (*soundness.database(connection), *soundness.logs(connection)):
        raise BadBackup(f"{name}: {finding.what}; nothing was restored, take another backup")
    if upgrade.is_current(connection, "the backup") and counts(connection) != manifest.counts:
        raise BadBackup(f"{name} has other rows than its manifest counts; take another backup")


class _Reader:
    """A file of records that is no archive in use."""

    def __init__(self, path: Path) -> None:
        self.engine = sqlite.engine(path, write=False)

    def close(self) -> None:
        self.engine.dispose()


def _check_fit(backup: Path, manifest: Manifest, place: Place, *, force: bool) -> None:
    if manifest.schema not in upgrade.revisions():
        raise NewerArchive(f"{backup} was made by a newer version of On Record; upgrade the program")
    if (place.path is None) != (manifest.engine == "postgresql"):
        into = "postgresql://…, an empty database" if manifest.engine == "postgresql" else "a path"
        raise UsageMistake(f"{backup} is of {manifest.engine}; restore it with --into {into}")
    if place.path is None:
        _check_empty(place)
    for path in (place.path, place.evidence):
        if path and not force and (path.is_file() or (path.is_dir() and any(path.iterdir()))):
            raise StorageError(
                f"{path} is there already; restore elsewhere with --into,"
                " or stop what uses it and have it moved aside with --force"
            )


def _check_empty(place: Place) -> None:
    engine = sa.create_engine(place.url or "")
    try:
        with engine.connect() as connection:
            tables = sa.inspect(connection).get_table_names()
    except sa.exc.OperationalError:
        raise StorageError(f"{place} does not answer; start the server and make an empty database") from None
    finally:
        engine.dispose()
    if tables:
        raise StorageError("that database has tables; make an empty one and name it with --into")


def _check_room(manifest: Manifest, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < manifest.size + _SPARE:
        raise StorageError(
            f"{folder} has {free:,} bytes free, the backup needs {manifest.size + _SPARE:,}; choose another"
            " place with --into (for a drill with TMPDIR in the environment)"
        )


def pieces(backup: Path, said: BackedFile) -> Iterator[bytes]:
    """A file of a backup, piece by piece; BadBackup unless it is to the bit what was written."""
    path, digest = backup / said.path, hashlib.sha256()
    if path.parent != backup and path.parent.is_symlink():
        raise BadBackup(f"{path.parent} is a link, which no backup of ours has; nothing was restored")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise BadBackup(f"{path}: {error.strerror}; nothing was restored, take another backup") from None
    with open(descriptor, "rb") as source:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size != said.length:
            raise BadBackup(f"{path} has another length than was written; nothing was restored")
        while piece := source.read(PIECE):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != said.sha256:
        raise BadBackup(f"{path} was altered since the backup was made; nothing was restored")


def _take(backup: Path, said: BackedFile, target: Path) -> None:
    """Copy a file while its digest is made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as made:
        for piece in pieces(backup, said):
            made.write(piece)
    sqlite.sync(target)


def _swapped(place: Place, manifest: Manifest, at: dt.datetime) -> Restored:
    """Put every part in its place, under the writer's lock where there is an archive."""
    swap = swapping.Swap(place, f"before-restore-{at.astimezone(dt.UTC):%Y%m%dT%H%M%S%fZ}")
    settings = swap.settings if swap.drafts.settings.is_dir() else None
    since: list[str] = []
    with ExitStack() as stack:
        if place.path and place.path.exists():
            writer = sqlite.Writer(place.path, wait=30.0)
            stack.enter_context(writer.held())
            since = _erased_since(place.path, manifest)
            writer.checkpoint(whole=True)
        swap.run()
    return Restored(place=place, manifest=manifest, settings=settings, aside=swap.aside, erased_since=since)


def _erased_since(path: Path, manifest: Manifest) -> list[str]:
    """What the archive that is replaced has erased and the backup may still hold; none if it cannot say."""
    try:
        sqlite.check_header(path)
        with closing(_Reader(path)) as reader, reader.engine.connect() as connection:
            newer = audit.c.action.in_(ASKED_FOR) & (audit.c.seq > manifest.erasures)
            return list(connection.scalars(sa.select(audit.c.about).where(newer).order_by(audit.c.seq)))
    except (OnRecordError, sa.exc.DatabaseError):
        return []
