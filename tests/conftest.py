"""What every test may use: the store on a fresh archive, and the shared real data where it lies."""

import contextlib
import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.store import Store
from tests import a_bucket
from tests.engines import Address, Databases, Files, Fresh, engines

SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).parents[2] / "shared")


# Where the tests run behind a script Ctrl-C is ignored, by them and so by every command they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test of an archive runs on SQLite, and again on PostgreSQL, which is asked for by its mark."""
    named = any("engine" in mark.args[:1] for mark in metafunc.definition.iter_markers("parametrize"))
    if "engine" in metafunc.fixturenames and not named:
        metafunc.parametrize("engine", engines(metafunc.definition), indirect=True, scope="session")


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that the archives of a test lie in."""
    return str(request.param)


@pytest.fixture(scope="session")
def fresh(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Empty archives."""
    folder = tmp_path_factory.mktemp("fresh")
    if engine == "sqlite":
        yield Files(folder)
        return
    databases = Databases(postgres_server(), folder)
    yield databases
    databases.close()


@pytest.fixture
def archive(tmp_path: Path, fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> Iterator[Address]:
    """Where a fresh archive lies."""
    address = fresh.copy(tmp_path)
    if isinstance(address, str):
        monkeypatch.chdir(tmp_path)  # where the folders of a database are
    yield address
    fresh.drop(address)


@pytest.fixture
def store(archive: Address) -> Iterator[Store]:
    """A fresh archive, opened for writing."""
    with Store.at(archive, write=True) as opened:
        yield opened


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Address:
    """A place of the engine where no archive is yet."""
    if engine == "sqlite":
        return tmp_path / "empty" / "archive.db"
    return str(request.getfixturevalue("postgres"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared real data; absent, the test is skipped, except in CI, where it must be there."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the shared data are required in CI and are not at {SHARED}")
        pytest.skip("the shared real data are not on this machine")
    return SHARED


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of an empty database."""
    with database() as address:
        yield address


@contextlib.contextmanager
def database() -> Iterator[str]:
    """An empty database of the tests' server, which is dropped at the end."""
    server = postgres_server()
    name = f"onrecord_test_{uuid.uuid4().hex}"
    engine = sa.create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
        yield f"{server.rsplit('/', 1)[0]}/{name}"
        connection.exec_driver_sql(f"drop database {name} with (force)")
    engine.dispose()


def postgres_server() -> str:
    """The server for tests; where none is named, the test is skipped, not in CI."""
    server = os.environ.get("ONRECORD_TEST_POSTGRES")
    if server:
        return server
    if os.environ.get("CI"):
        pytest.fail("CI must name a PostgreSQL server in ONRECORD_TEST_POSTGRES")
    pytest.skip("ONRECORD_TEST_POSTGRES names no PostgreSQL server")


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a server that speaks S3."""
    with a_bucket.served() as address:
        yield address


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.objects)])
def evidence_store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty evidence store: a folder, and a bucket of that server."""
    if request.param == "folder":
        (tmp_path / "mounted").mkdir()
        return f"file://{tmp_path}/mounted"
    a_bucket.told(monkeypatch, request.getfixturevalue("s3"))
    return f"s3://{a_bucket.made(tmp_path)}/evidence"
