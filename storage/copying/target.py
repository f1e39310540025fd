"""Where an archive is copied to: empty, or begun before and not finished, and nobody else's meanwhile.

Until the copy is finished no program opens it as an archive: the revision of its schema says so, and a small
table of what it is a copy. Both go in the transaction that finishes it.
"""

import contextlib
import time
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from storage import sqlite, upgrade
from storage.copying.rows import TABLES, Row, in_order
from storage.errors import ArchiveBusy, StorageError
from storage.place import Place
from storage.store import check_driver

WAIT = 10.0
"""Seconds to wait for another process that writes there."""
_COPYING = sa.table("copying", sa.column("source", sa.String), sa.column("revision", sa.String))
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))


class Occupied(StorageError):
    """There is an archive already, and no copy that was begun."""


def named(place: Place) -> str:
    """A place as it is told to people, without the password of its database."""
    if place.url is None:
        return str(place.path)
    url = sa.make_url(place.url)
    return f"postgresql://{url.host or ''}:{url.port or 5432}/{url.database}"


class Target:
    """The place that is written to. ``begun``: whether an earlier run left some of the rows there."""

    def __init__(self, connection: sa.Connection, readers: sa.Engine, writer: sqlite.Writer | None) -> None:
        self._connection, self._readers, self._writer = connection, readers, writer
        self.begun = False

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction: all of it is kept, or nothing."""
        with self._connection.begin():
            yield self._connection
        if self._writer is not None:
            self._writer.checkpoint()

    def rows(self, table: sa.Table, columns: Sequence[str]) -> Iterator[Row]:
        """What is there of a table; after the last row nothing is open that a checkpoint waits for."""
        with self._readers.connect() as connection:
            yield from in_order(connection, table, columns)

    def claim(self, place: Place, source: str) -> None:
        """Make it the unfinished copy of that source; Occupied or StorageError where it is anything else."""
        with self.writing() as connection:
            if upgrade.revision_of(connection) == upgrade.COPYING:
                self._go_on(connection, place, source)
                return
            if not upgrade.is_current(connection, named(place)):
                raise StorageError(f"{named(place)} has an older schema; name an empty place")
            if any(connection.execute(sa.select(sa.exists(one.select()))).scalar() for one in TABLES):
                raise Occupied(f"{named(place)} holds an archive already; name an empty place")
            connection.exec_driver_sql(
                "create table copying (source varchar not null, revision varchar not null)"
            )
            connection.execute(sa.insert(_COPYING).values(source=source, revision=upgrade.newest()))
            connection.execute(sa.update(_VERSION).values(version_num=upgrade.COPYING))

    def _go_on(self, connection: sa.Connection, place: Place, source: str) -> None:
        begun = connection.execute(sa.select(_COPYING)).one()
        if begun.source != source:
            raise StorageError(
                f"{named(place)} is an unfinished copy of {begun.source}; empty it, or go on with that"
            )
        if begun.revision != upgrade.newest():
            raise StorageError(
                f"{named(place)} was begun by another version of On Record; empty it and repeat"
            )
        self.begun = True

    def finish(self) -> None:
        """Let it be an archive."""
        with self.writing() as connection:
            connection.exec_driver_sql("drop table copying")
            connection.execute(sa.update(_VERSION).values(version_num=upgrade.newest()))
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("analyze")  # or its first queries are planned for empty tables


@contextlib.contextmanager
def opened(place: Place) -> Iterator[Target]:
    """Open the place to copy to, made where nothing is; ArchiveBusy where somebody else writes there."""
    with _file(place) if place.path else _database(place) as target:
        yield target


@contextlib.contextmanager
def _file(place: Place) -> Iterator[Target]:
    assert place.path is not None
    place.path.parent.mkdir(parents=True, exist_ok=True)
    writer = sqlite.Writer(place.path, wait=WAIT)
    with writer.held(), contextlib.ExitStack() as stack:
        if not place.path.exists():
            upgrade.create(place.path)
        sqlite.check_header(place.path)
        writer.roll_back()
        engine, readers = (sqlite.engine(place.path, write=write) for write in (True, False))
        stack.callback(lambda: writer.checkpoint(whole=True))
        stack.callback(engine.dispose)
        stack.callback(readers.dispose)
        yield Target(stack.enter_context(engine.connect()), readers, writer)


@contextlib.contextmanager
def _database(place: Place) -> Iterator[Target]:
    check_driver()
    from storage import postgresql  # noqa: PLC0415 (the driver is there only where it is wanted)

    # Every connection is closed after its use: what is left of one would be told when it is collected.
    engine = postgresql.engine(place.url or "", poolclass=sa.NullPool)
    with postgresql.told(writes=True), engine.connect() as connection:
        _lock(connection, place, postgresql.WRITERS_KEY)
        with connection.begin():
            _make(connection, place)
        yield Target(connection, engine, None)


def _lock(connection: sa.Connection, place: Place, key: int) -> None:
    """Take the writers' lock until the connection ends; a server may not know yet that one was killed."""
    deadline = time.monotonic() + WAIT
    while not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(key))):
        if time.monotonic() >= deadline:
            raise ArchiveBusy(f"{named(place)}: another process is writing to it; let it finish and repeat")
        time.sleep(0.1)
    connection.commit()


def _make(connection: sa.Connection, place: Place) -> None:
    if upgrade.revision_of(connection) is not None:
        return
    if sa.inspect(connection).get_table_names():
        raise StorageError(f"{named(place)} has tables of something else; name an empty database")
    upgrade.migrate(connection)
