"""The embedded engine: everything that is SQLite's own stands in this module.

One file in WAL mode. SQLite before 3.51.3 can corrupt a WAL that two connections write and checkpoint
at once, so every write transaction and every checkpoint happens under one lock file, automatic
checkpoints are off, and readers open the file read-only and never wait.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from filelock import FileLock, Timeout

from storage.errors import ArchiveBusy, NoArchive, NotAnArchive, StorageError

APPLICATION_ID = 0x4F6E5265  # "OnRe", in the file's header: tells our archive from any other SQLite file
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_CHECKPOINT_ABOVE = 16 * 2**20  # bytes of WAL; a checkpoint of this size takes some 50 ms


def connect(path: Path, *, write: bool, wait: float = 30.0) -> sqlite3.Connection:
    """A raw connection with the archive's pragmas; read-only unless ``write``; it waits so many seconds."""
    mode = "rwc" if write else "ro&immutable=1" if _is_fixed(path) else "ro"
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=wait,
    )
    for pragma in ("foreign_keys=ON", "wal_autocheckpoint=0", "secure_delete=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    if write:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    else:
        connection.execute("PRAGMA query_only=ON")
    return connection


def _is_fixed(path: Path) -> bool:
    """Whether it lies on read-only media, where SQLite cannot make the files that its log needs."""
    wal = Path(f"{path}-wal")
    folded = not wal.exists() or wal.stat().st_size == 0
    return folded and path.exists() and bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def engine(path: Path, *, write: bool, wait: float = 30.0) -> sa.Engine:
    """A SQLAlchemy engine whose transactions begin explicitly (IMMEDIATE when writing)."""
    made = sa.create_engine(
        "sqlite://",
        creator=lambda: connect(path, write=write, wait=wait),
        poolclass=sa.QueuePool,
        hide_parameters=True,  # a fault that is logged tells no text
    )
    begin = "BEGIN IMMEDIATE" if write else "BEGIN"

    @sa.event.listens_for(made, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return made


def check_header(path: Path) -> None:
    """Raise unless the file is an archive of ours."""
    if not path.exists():
        raise NoArchive(f"{path}: no archive there; run `onrecord init`, or any import, to make one")
    if not path.is_file():
        raise NotAnArchive(f"{path} is a folder; name the archive file in it")
    # Through its log, which a full disk may not have folded in whole; by the file alone where a killed writer
    # must be undone first, or nothing beside it can be made.
    if APPLICATION_ID not in (_application(path, "ro"), _application(path, "ro&immutable=1")):
        raise NotAnArchive(f"{path} is no On Record archive; name another file with --archive")


def _application(path: Path, mode: str) -> int:
    """Whose file it is, 0 where that cannot be read; read by SQLite, since whoever closes a file that he
    opened himself takes the locks on it from all connections of the process.
    """
    address = f"file:{quote(str(path))}?mode={mode}"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            return int(connection.execute("PRAGMA application_id").fetchone()[0])
    except sqlite3.DatabaseError:
        return 0


def _hasty(path: Path) -> sqlite3.Connection:
    """A connection that waits for nobody."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw", uri=True, isolation_level=None, timeout=0
    )
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection


class Writer:
    """The one writer's lock of an archive file, shared by all processes that write to it."""

    def __init__(self, path: Path, *, wait: float) -> None:
        self.path, self.wait = path, wait
        self._lock = FileLock(f"{path}.lock")

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock; ArchiveBusy when another process does not let go in time."""
        try:
            self._lock.acquire(timeout=self.wait)
        except Timeout:
            raise self._busy() from None
        except OSError as error:
            raise StorageError(
                f"{self.path} cannot be written to: {error.strerror or error};"
                " look at the disk and at who owns the folder"
            ) from None
        try:
            yield
        finally:
            self._lock.release()

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Tell a file that another program has locked, past our own lock, as ArchiveBusy."""
        try:
            yield
        except sa.exc.OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF not in _BUSY:
                raise
            raise self._busy() from None

    def is_free(self) -> bool:
        """Whether somebody who wants to write can begin at once."""
        try:
            with self._lock.acquire(timeout=0), contextlib.closing(_hasty(self.path)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except Timeout:
            return False
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY:
                raise
            return False
        return True

    def _busy(self) -> ArchiveBusy:
        return ArchiveBusy(
            f"{self.path}: another process is writing to it (waited {self.wait:.0f} s);"
            " let it finish and repeat"
        )

    def roll_back(self) -> None:
        """Undo what was killed while it wrote a file without a log, as a new one is until it is first opened.

        No reader can, and all would be refused.
        """
        if Path(f"{self.path}-journal").exists():
            with self.held(), contextlib.closing(connect(self.path, write=True)) as connection:
                connection.execute("SELECT 1 FROM sqlite_master").fetchone()

    def checkpoint(self, *, whole: bool = False) -> None:
        """Fold the WAL into the file where it has grown, or always when ``whole``; the lock must be held."""
        wal = Path(f"{self.path}-wal")
        if not whole and not (wal.exists() and wal.stat().st_size > _CHECKPOINT_ABOVE):
            return
        # On a disk that fails the WAL stays as it is: nothing is lost, and the next checkpoint tries again.
        with (
            contextlib.suppress(sqlite3.DatabaseError),
            contextlib.closing(connect(self.path, write=True)) as connection,
        ):
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
            if not whole:
                connection.execute("PRAGMA busy_timeout=0")  # a reader is not waited for
            # Not PASSIVE, which leaves the file as long as it was: every commit would come here again.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def is_folded(self) -> bool:
        """Whether no write-ahead log is left beside the file."""
        wal = Path(f"{self.path}-wal")
        return not wal.exists() or wal.stat().st_size == 0


def in_one_file(copy: sqlite3.Connection, path: Path) -> None:
    """Have a copy of an archive keep no write-ahead log: what is left in one when it closes would be lost.

    A copy is born with its original's log, and closing tells nobody that it could not be folded in.
    """
    (mode,) = copy.execute("PRAGMA journal_mode=DELETE").fetchone()
    if mode != "delete":
        raise StorageError(f"{path} could not be written whole; look at the disk and repeat")


def sync(path: Path) -> None:
    """Make a file, and its name in its folder, survive a power cut."""
    for target in (path, path.parent):
        sync_folder(target)


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
