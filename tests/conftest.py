"""What every test may use: the store on a fresh archive, and the shared real data where it lies."""

import os
import shutil
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.store import Store

SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).parents[2] / "shared")


# Where the tests run behind a script Ctrl-C is ignored, by them and so by every command they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty archive, made by the migrations once: copies of it cost a tenth of making others."""
    path = tmp_path_factory.mktemp("fresh") / "archive.db"
    Store.at(path, write=True).close()
    return path


@pytest.fixture
def archive(tmp_path: Path, fresh: Path) -> Path:
    """Where a fresh archive lies."""
    return shutil.copyfile(fresh, tmp_path / "archive.db")


@pytest.fixture
def store(archive: Path) -> Iterator[Store]:
    """A fresh archive, opened for writing."""
    with Store.at(archive, write=True) as opened:
        yield opened


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
    """The address of a database made for one test; where no server is named, the test is skipped, not in CI."""
    server = os.environ.get("ONRECORD_TEST_POSTGRES")
    if not server:
        if os.environ.get("CI"):
            pytest.fail("CI must name a PostgreSQL server in ONRECORD_TEST_POSTGRES")
        pytest.skip("ONRECORD_TEST_POSTGRES names no PostgreSQL server")
    name = f"onrecord_test_{uuid.uuid4().hex}"
    engine = sa.create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
        yield f"{server.rsplit('/', 1)[0]}/{name}"
        connection.exec_driver_sql(f"drop database {name} with (force)")
    engine.dispose()
