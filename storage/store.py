"""An archive, opened: transactions to read in, and transactions to write in under the writer's lock."""

import contextlib
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import sqlalchemy as sa
from filelock import FileLock, Timeout

from storage import sqlite, upgrade
from storage.errors import StorageError
from storage.fencing import Fence
from storage.patience import patiently
from storage.place import Place, note_of

if TYPE_CHECKING:
    from storage.postgresql import Server

T = TypeVar("T")


class Store:
    """One archive. ``reading()`` and ``writing()`` give SQLAlchemy connections inside a transaction."""

    def __init__(
        self,
        place: Place,
        *,
        write: bool = False,
        wait: float = 30.0,
        patience: float = 30.0,
        fence: Fence | None = None,
    ) -> None:
        """Open the archive, made or upgraded first where ``write`` allows it.

        ``wait``: seconds to wait for another writer before ArchiveBusy. ``patience``: seconds to wait for a
        server that is away where something can be done again, or must be settled. ``fence``: the job whose
        command this is; once another scheduler does it, every write is TakenOver.
        """
        if note_of(place).exists():
            raise StorageError(
                f"{place}: a restore of it was ended half-way; repeat `onrecord restore`,"
                " which first puts back what stood there"
            )
        self.place, self.writable, self.patience, self._fence = place, write, patience, fence
        self._server = _server(place.url, wait=wait, patience=patience) if place.url else None
        self._writer = sqlite.Writer(place.path, wait=wait) if place.path else None
        if self._writer and self._writer.path.is_file():
            sqlite.check_header(self._writer.path)
            self._writer.roll_back()
        try:
            if write:
                self._bring_up_to_date()
            self._open()
        except BaseException:
            if self._server:
                self._server.dispose()
            raise

    @classmethod
    def at(
        cls,
        address: str | Path,
        *,
        write: bool = False,
        evidence: str | Path | None = None,
        objects: str | None = None,
        wait: float = 30.0,
        patience: float = 30.0,
    ) -> Self:
        """Open the archive at a path or URL, for the job that the environment names, if it does."""
        place = Place.of(address, evidence=evidence, objects=objects)
        return cls(place, write=write, wait=wait, patience=patience, fence=Fence.given())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment of the archive and cannot write."""
        with self._server.reading() if self._server else self._readers.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction under the writer's lock: all of it is kept, or nothing."""
        if not self.writable:
            raise StorageError(f"{self.place} was opened for reading only")
        if self._server:
            with self._server.writing() as connection:
                self._check(connection)
                yield connection
            return
        assert self._writer is not None
        assert self._writers is not None
        with self._writer.held(), self._writer.heard():
            self._follow_a_swapped_file()
            with self._writers.begin() as connection:
                self._check(connection)
                yield connection
            self._writer.checkpoint()

    def is_free(self) -> bool:
        """Whether somebody who wants to write can begin at once; an archive is busy for moments only."""
        return self._server.is_free() if self._server else self._writer is None or self._writer.is_free()

    def read(self, function: Callable[[sa.Connection], T]) -> T:
        """What it finds; found again where the server is away, for as long as our patience lasts."""

        def once() -> T:
            with self.reading() as connection:
                return function(connection)

        return patiently(once, self.patience)

    def write(self, function: Callable[[sa.Connection], T]) -> T:
        """Have it write, in one transaction, and again where the archive was busy or its server went away."""

        def once() -> T:
            with self.writing() as connection:
                return function(connection)

        return patiently(once, self.patience)

    @contextlib.contextmanager
    def alone(self, what: str, *, wait: float) -> Iterator[bool]:
        """Do what only one process does at a time, on whichever machine; False where another still does it.

        ``wait``: seconds to wait for that other one. The lock ends with the process that holds it.
        """
        held = self._server.alone(what, wait=wait) if self._server else self._locked(what, wait)
        with held as mine:
            yield mine

    def fold(self, *, within: float = 10.0) -> bool:
        """Fold the write-ahead log into the file and empty it, so that nothing erased is left there.

        False where a reader that began before kept it for longer than ``within`` seconds.
        """
        if self._writer is None:
            return True
        deadline = time.monotonic() + within
        while True:
            with self._writer.held():
                self._writer.checkpoint(whole=True)
                if self._writer.is_folded():
                    return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.1)

    def close(self) -> None:
        """Close every connection; a writer leaves the WAL folded into the file."""
        if self._server:
            self._server.dispose()
            return
        self._readers.dispose()
        if self._writer is None or self._writers is None:
            return
        with self._writer.held():
            self._writer.checkpoint(whole=True)  # before the last connection that closes makes one of its own
            self._writers.dispose()

    @contextlib.contextmanager
    def _locked(self, what: str, wait: float) -> Iterator[bool]:
        self.place.evidence.mkdir(parents=True, exist_ok=True)
        try:
            lock = FileLock(self.place.evidence / f"{what}.lock").acquire(timeout=wait)
        except Timeout:
            yield False
            return
        with lock:
            yield True

    def _check(self, connection: sa.Connection) -> None:
        if self._fence is not None:
            self._fence.check(connection)

    def _open(self) -> None:
        if path := self.place.path:
            sqlite.check_header(path)
            self._inode = path.stat().st_ino
            self._writers = (
                sqlite.engine(path, write=True, wait=self._writer.wait)
                if self._writer and self.writable
                else None
            )
            self._readers = sqlite.engine(path, write=False)
        try:
            with self.reading() as connection:
                current = upgrade.is_current(connection, str(self.place))
        except sa.exc.DatabaseError as error:
            said = str(error.orig).splitlines()[0]
            raise StorageError(f"{self.place} cannot be opened: {said}") from None
        if not current:
            raise StorageError(f"{self.place} has an older schema; run `onrecord init` to upgrade it")

    def _bring_up_to_date(self) -> None:
        if self._server:
            with self._server.writing() as connection:
                if not upgrade.is_current(connection, str(self.place)):
                    upgrade.migrate(connection)
            return
        path = self.place.path
        assert path is not None
        assert self._writer is not None
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
        with self._writer.held():
            if not path.exists():
                upgrade.create(path)
            sqlite.check_header(path)
            engine = sqlite.engine(path, write=False)
            with engine.connect() as connection:
                current = upgrade.is_current(connection, str(path))
            engine.dispose()
            if not current:
                upgrade.upgrade(path)

    def _follow_a_swapped_file(self) -> None:
        """Reopen when an upgrade or a restore put another file in the archive's place."""
        assert self.place.path is not None
        if self.place.path.stat().st_ino != self._inode:
            self._readers.dispose()
            if self._writers is not None:
                self._writers.dispose()
            self._open()


def check_driver() -> None:
    """StorageError where PostgreSQL's driver is not installed."""
    if find_spec("psycopg") is None:
        raise StorageError('an archive in PostgreSQL needs its driver: pip install "onrecord[postgres]"')


def _server(url: str, *, wait: float, patience: float) -> "Server":
    check_driver()
    from storage.postgresql import Server  # noqa: PLC0415 (the driver is there only where it is wanted)

    return Server(url, wait=wait, patience=patience)
