"""An archive, opened: transactions to read in, and transactions to write in under the writer's lock."""

import contextlib
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from storage import sqlite, upgrade
from storage.errors import StorageError
from storage.place import Place

_WRITERS_KEY = 0x4F6E5265  # PostgreSQL's advisory lock that stands for the lock file


class Store:
    """One archive. ``reading()`` and ``writing()`` give SQLAlchemy connections inside a transaction."""

    def __init__(self, place: Place, *, write: bool = False, wait: float = 30.0) -> None:
        """Open the archive, made or upgraded first where ``write`` allows it.

        ``wait``: seconds to wait for another writer before ArchiveBusy.
        """
        if place.url is not None and find_spec("psycopg") is None:
            raise StorageError('an archive in PostgreSQL needs its driver: pip install "onrecord[postgres]"')
        self.place, self.writable = place, write
        self._writer = sqlite.Writer(place.path, wait=wait) if place.path else None
        if self._writer and self._writer.path.is_file():
            sqlite.check_header(self._writer.path)
            self._writer.roll_back()
        if write:
            self._bring_up_to_date()
        self._open()

    @classmethod
    def at(
        cls,
        address: str | Path,
        *,
        write: bool = False,
        evidence: str | Path | None = None,
        wait: float = 30.0,
    ) -> Self:
        """Open the archive at a path or URL."""
        return cls(Place.of(address, evidence=evidence), write=write, wait=wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment of the archive and cannot write."""
        with self._readers.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction under the writer's lock: all of it is kept, or nothing."""
        if self._writers is None:
            raise StorageError(f"{self.place} was opened for reading only")
        if self._writer is None:
            with self._writers.begin() as connection:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS_KEY)))
                yield connection
            return
        with self._writer.held():
            self._follow_a_swapped_file()
            with self._writers.begin() as connection:
                yield connection
            self._writer.checkpoint()

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
        self._readers.dispose()
        if self._writers is None:
            return
        if self._writer is None:
            self._writers.dispose()
            return
        with self._writer.held():
            self._writers.dispose()
            self._writer.checkpoint(whole=True)

    def _open(self) -> None:
        path = self.place.path
        if path is None:
            engine = sa.create_engine(self.place.url or "", pool_pre_ping=True, hide_parameters=True)
            self._writers = engine if self.writable else None
            self._readers: sa.Engine = engine.execution_options(postgresql_readonly=True)
        else:
            sqlite.check_header(path)
            self._inode = path.stat().st_ino
            self._writers = sqlite.engine(path, write=True) if self.writable else None
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
        path = self.place.path
        if path is None:
            engine = sa.create_engine(self.place.url or "")
            with engine.begin() as connection:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS_KEY)))
                if not upgrade.is_current(connection, str(self.place)):
                    upgrade.migrate(connection)
            engine.dispose()
            return
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
