"""The engines that an archive can lie in, and empty archives of each for the tests."""

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

import pytest
import sqlalchemy as sa

from storage.place import Place
from storage.schema import metadata
from storage.store import Store

Address = Path | str
"""A file, or the URL of a database."""
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For tests of what the embedded store alone has, its file and its log; and of what no engine decides."""
ON_BOTH = pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""For tests that say so themselves; every other test of an archive runs on both as well."""


ON_ONE: Final = frozenset({"real", "browser", "ftm", "baselines"})
"""Marks of tests of what no engine decides: whole lists of real data, what Chromium draws, others' libraries."""


def engines(test: pytest.Function) -> list[Any]:
    """The engines that the archives of a test lie in, where it names none."""
    if any(mark.name in ON_ONE for mark in test.iter_markers()):
        return ["sqlite"]
    return ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def address_of(store: Store) -> str:
    """What another process calls the archive; the folders of a database lie in the working directory."""
    return str(store.place.path or store.place.url)


def folder_of(address: Address) -> Path:
    """Where the folders of the archive lie: beside its file, or in the working directory."""
    return Place.of(address).index.parent


class Fresh(Protocol):
    """Empty archives of one engine: the migrations make one, and copies of it cost a tenth of making others."""

    def copy(self, folder: Path) -> Address:
        """Another one; its file, where it is one, lies in ``folder``."""
        ...

    def drop(self, address: Address) -> None:
        """Have done with it."""
        ...


@contextlib.contextmanager
def opened(fresh: Fresh, folder: Path) -> Iterator[Store]:
    """An archive with all its folders in ``folder``, which is made; opened for writing."""
    folder.mkdir(exist_ok=True)
    with contextlib.chdir(folder):
        store = Store.at(fresh.copy(folder), write=True)
    with store:
        yield store


class Files:
    """Archives of SQLite; pytest clears their folders away."""

    def __init__(self, folder: Path) -> None:
        self._made = folder / "archive.db"
        Store.at(self._made, write=True).close()

    def copy(self, folder: Path) -> Path:
        """A copy of the file."""
        return shutil.copyfile(self._made, folder / "archive.db")

    def drop(self, address: Address) -> None:
        """Nothing."""


class Databases:
    """Archives of PostgreSQL, on the server of this URL: one that a test has done with is emptied for the next."""

    def __init__(self, server: str, folder: Path) -> None:
        self._server = server.rsplit("/", 1)[0]
        self._admin = _engine(server)
        self._made: set[str] = set()
        self._free: list[str] = []
        self._template = self._create("template0")
        with contextlib.chdir(folder):
            Store.at(f"{self._server}/{self._template}", write=True).close()

    def copy(self, folder: Path) -> str:
        """An empty one; its folders lie in the working directory of whoever opens it."""
        name = self._free.pop() if self._free else self._create(self._template)
        return f"{self._server}/{name}"

    def drop(self, address: Address) -> None:
        """Empty it, and let the next have it."""
        engine = _engine(str(address))
        with engine.connect() as connection:
            connection.exec_driver_sql(_ALONE)
            filled = list(connection.exec_driver_sql(_FILLED).scalars())
            connection.exec_driver_sql("set session_replication_role = replica")  # in whatever order
            for table in filled:
                connection.exec_driver_sql(f"delete from {table}")
            connection.exec_driver_sql(_FROM_ONE)
        engine.dispose()
        self._free.append(str(address).rsplit("/", 1)[1])

    def close(self) -> None:
        """Drop all of them, whoever still has one open."""
        for name in sorted(self._made):
            self._say(f"drop database {name} with (force)")
        self._admin.dispose()

    def _create(self, template: str) -> str:
        name = f"onrecord_test_{uuid.uuid4().hex}"
        self._say(f"create database {name} template {template}")
        self._made.add(name)
        return name

    def _say(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


_FILLED: Final = " union all ".join(
    f"select '{name}' where exists (select from {name})" for name in metadata.tables
)
_FROM_ONE: Final = """select setval(format('%%I.%%I', schemaname, sequencename)::regclass, 1, false)
    from pg_sequences where last_value is not null"""
_ALONE: Final = """select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid != pg_backend_pid()"""


def _engine(address: str) -> sa.Engine:
    url = address.replace("postgresql://", "postgresql+psycopg://")
    return sa.create_engine(url, isolation_level="AUTOCOMMIT")
