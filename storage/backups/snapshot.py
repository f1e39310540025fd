"""One moment of the records, as a file: SQLite's online backup, or PostgreSQL's own dump of a snapshot.

Both give the archive as it was when the copy began, however long it takes, and no writer waits meanwhile.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from storage import sqlite
from storage.backups.manifest import DATABASES, BadBackup
from storage.errors import StorageError
from storage.store import Store

_SLOWEST = 6 * 3_600  # seconds of a dump; a hundred million rows take an hour


@contextlib.contextmanager
def taken(store: Store, folder: Path) -> Iterator[sa.Connection]:
    """Write the records into the folder; gives a connection that sees them as they were written."""
    if store.place.path is None:
        with _dumped(store, folder / DATABASES["postgresql"]) as connection:
            yield connection
        return
    copy = folder / DATABASES["sqlite"]
    _copy(store.place.path, copy)
    engine = sqlite.engine(copy, write=False)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _copy(path: Path, copy: Path) -> None:
    with (
        contextlib.closing(sqlite.connect(path, write=False)) as live,
        contextlib.closing(sqlite3.connect(copy)) as made,
    ):
        live.backup(made)
        sqlite.in_one_file(made, copy)  # which opens from where nothing can be written
        (said,) = made.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise StorageError(f"{path} is damaged ({said}); no backup was made: run `onrecord verify`")
    sqlite.sync(copy)


@contextlib.contextmanager
def _dumped(store: Store, target: Path) -> Iterator[sa.Connection]:
    with store.reading() as connection:
        connection.execute(sa.text("set transaction isolation level repeatable read"))
        snapshot = connection.scalar(sa.text("select pg_export_snapshot()"))
        ask("pg_dump", store.place.url or "", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        sqlite.sync(target)
        yield connection


def ask(program: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on a database; its password stays out of the list of processes."""
    found = shutil.which(program)
    if found is None:
        raise StorageError(
            f"{program} is not installed here; install PostgreSQL's client programs"
            " (Debian: postgresql-client) of the server's version and repeat"
        )
    address = sa.make_url(url)
    secret = {"PGPASSWORD": str(address.password)} if address.password else {}
    parts = (address.username, None, address.host, address.port, address.database, address.query)
    named = sa.URL.create("postgresql", *parts).render_as_string()
    done = subprocess.run(  # noqa: S603 (a program of PostgreSQL's, and no shell)
        [found, *arguments, f"--dbname={named}"],
        env=os.environ | secret,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SLOWEST,
    )
    if done.returncode:
        said = next(iter(done.stderr.strip().splitlines()), "it did not say why")
        raise BadBackup(f"{program} failed: {said}")
