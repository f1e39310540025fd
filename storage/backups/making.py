"""Make a backup beside the others of an archive, while everything runs; an unfinished one has no name.

A takedown or an erasure that comes while the copy is made would live on in it: then it is taken again.
"""

import contextlib
import datetime as dt
import glob
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from filelock import FileLock, Timeout

from storage import chain, changes, sqlite, upgrade
from storage.audit import LOGS
from storage.backups import evidence, snapshot
from storage.backups.manifest import DATABASES, FORMAT, NAME, BackedFile, BadBackup, Engine, Manifest, read
from storage.errors import ArchiveBusy, StorageError
from storage.evidence import EvidenceFolder
from storage.schema import metadata
from storage.schema.work import audit
from storage.store import Store

ASKED_FOR: Final = ("taken down", "person erased")
"""What the audit log calls an erasure that somebody asked for: no older backup should keep what went."""
_ERASING: Final = (*ASKED_FOR, "past its days")
_ATTEMPTS: Final = 3
_UNFINISHED: Final = ".unfinished-"


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished backup; ``outdated``: older ones that hold what was erased since, ``removed``: that went."""

    path: Path
    manifest: Manifest
    outdated: Sequence[Path]
    removed: Sequence[Path]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked of a backup. ``also``: files of the newsroom's own, by their name in it.

    ``keep``: how many backups stay; ``forget``: those go that hold what was taken down or erased since.
    """

    at: dt.datetime
    also: Mapping[str, Path] = field(default_factory=dict)
    keep: int | None = None
    forget: bool = False


def back_up(store: Store, folder: Path, wanted: Wanted) -> Made:
    """Back the archive up into a new folder in ``folder``; what is older goes only once this one is whole.

    ArchiveBusy where another backup is being made there; StorageError where there is no room.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(folder):
            return _back_up(store, folder, wanted)
    except OSError as error:
        raise StorageError(f"no backup was made: {error.filename or folder}: {error.strerror}") from None


def listed(folder: Path, archive: str) -> list[evidence.Earlier]:
    """The whole backups of an archive in a folder, oldest first; what cannot be read is passed over."""
    found = []
    for path in sorted(folder.glob(f"{glob.escape(archive)}-*Z*/{NAME}")):
        with contextlib.suppress(StorageError):
            found.append(evidence.Earlier(folder=path.parent, manifest=read(path.parent)))
    return sorted(found, key=lambda one: one.manifest.taken_at)


def name_of(store: Store) -> str:
    """What the backups of an archive begin with."""
    return store.place.index.name.removesuffix(".index")


def erasures(connection: sa.Connection, *actions: str) -> int:
    """The number of the newest such entry in the audit log; 0 where there is none."""
    newest = sa.select(sa.func.max(audit.c.seq)).where(audit.c.action.in_(actions))
    return connection.execute(newest).scalar() or 0


def _back_up(store: Store, folder: Path, wanted: Wanted) -> Made:
    for leftover in folder.glob(f"{_UNFINISHED}*"):  # of a backup that was killed: we hold the lock
        shutil.rmtree(leftover)
    archive = name_of(store)
    before = listed(folder, archive)
    final = _free(folder, f"{archive}-{wanted.at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}")
    standing = draft = folder / f"{_UNFINISHED}{final.name}"
    try:
        manifest = _taken_whole(store, draft, wanted, before[-1] if before else None)
        standing = draft.rename(final)
        sqlite.sync(final)
    except BaseException:
        _take_away(standing)
        raise
    outdated = [one.folder for one in before if one.manifest.erasures < manifest.erasures]
    past = [one.folder for one in before[: max(0, len(before) + 1 - wanted.keep)]] if wanted.keep else []
    removed = sorted({*past, *(outdated if wanted.forget else ())})
    for path in removed:
        shutil.rmtree(path.rename(folder / f"{_UNFINISHED}{path.name}"))
    left = [one for one in outdated if one not in removed]
    return Made(path=final, manifest=manifest, outdated=left, removed=removed)


def _take_away(unfinished: Path) -> None:
    """Of a backup that failed its manifest goes first: without one it counts for none."""
    with contextlib.suppress(OSError):
        (unfinished / NAME).unlink(missing_ok=True)
    shutil.rmtree(unfinished, ignore_errors=True)


def _taken_whole(store: Store, draft: Path, wanted: Wanted, earlier: evidence.Earlier | None) -> Manifest:
    for _ in range(_ATTEMPTS):
        draft.mkdir(mode=0o700)
        with snapshot.taken(store, draft) as connection:
            manifest = _filled(store, connection, draft, wanted, earlier)
            erased = erasures(connection, *_ERASING)
        with store.reading() as connection:
            if erasures(connection, *_ERASING) == erased:
                manifest.write(draft)
                return manifest
        shutil.rmtree(draft)
    raise ArchiveBusy(f"{store.place}: something is erased from it again and again; repeat the backup later")


def _filled(
    store: Store, connection: sa.Connection, draft: Path, wanted: Wanted, earlier: evidence.Earlier | None
) -> Manifest:
    taken = list(evidence.take(connection, EvidenceFolder.of(store.place), draft, earlier))
    sqlite.sync(draft / "evidence")  # also the names of the files that were linked
    engine: Engine = "sqlite" if store.place.path else "postgresql"
    files = [_file(draft, DATABASES[engine]), *(one.file for one in taken if one.file)]
    for name, path in wanted.also.items():
        (draft / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(path, draft / name)
        sqlite.sync(draft / name)
        files.append(_file(draft, name))
    return Manifest(
        format=FORMAT,
        made_by=version("onrecord"),
        engine=engine,
        taken_at=wanted.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        schema=upgrade.newest(),
        changes=changes.last(connection),
        erasures=erasures(connection, *ASKED_FOR),
        counts=counts(connection),
        logs={name: newest(connection, log) for name, log in LOGS.items()},
        files=files,
        damaged=[capture for one in taken for capture in one.damaged],
        elsewhere=[one.elsewhere for one in taken if one.elsewhere],
    )


def counts(connection: sa.Connection) -> dict[str, int]:
    """Rows by table."""
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def newest(connection: sa.Connection, log: sa.Table) -> str:
    """The newest hash of a chained log."""
    found = connection.execute(sa.select(log.c.hash).order_by(log.c.seq.desc()).limit(1)).scalar()
    return found or chain.FIRST


def _file(backup: Path, name: str) -> BackedFile:
    path = backup / name
    return BackedFile(path=name, length=path.stat().st_size, sha256=evidence.digest_of_file(path))


def _free(folder: Path, name: str) -> Path:
    """A name that no backup has: two may be made within a second."""
    for number in range(1, 1_000):
        path = folder / (f"{name}-{number}" if number > 1 else name)
        if not path.exists():
            return path
    raise BadBackup(f"{folder} has a thousand backups of one second; look at the clock")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveBusy(f"{folder}: another backup is being made there; let it finish") from None
    try:
        yield
    finally:
        lock.release()
