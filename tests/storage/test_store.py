"""An archive opens whole, is written by one, and refuses what it is not."""

import datetime as dt
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import changes
from storage.errors import ArchiveBusy, NewerArchive, NoArchive, NotAnArchive, StorageError, UsageMistake
from storage.place import Place
from storage.store import Store
from tests.engines import ON_SQLITE, address_of

NOON = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)


def test_what_is_written_is_read_back_by_another(tmp_path: Path) -> None:
    with Store.at(tmp_path / "a.db", write=True) as store, store.writing() as connection:
        changes.note(connection, "article", ["article-1", "article-2"], NOON)
    with Store.at(tmp_path / "a.db") as reader, reader.reading() as connection:
        assert [tuple(row) for row in changes.since(connection, 1)] == [(2, "article", "article-2", "saved")]
        assert changes.last(connection) == 2


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError), store.writing() as connection:
        changes.note(connection, "article", ["article-1"], NOON)
        connection.exec_driver_sql("insert into article_urls values ('https://x.example/', 'none')")
    with store.reading() as connection:
        assert changes.last(connection) == 0


def test_a_reader_does_not_wait_for_the_writer(store: Store) -> None:
    with store.writing() as connection:
        changes.note(connection, "article", ["article-1"], NOON)
        with store.reading() as other:
            assert changes.last(other) == 0


@ON_SQLITE
def test_the_log_is_folded_in_as_it_grows_but_no_reader_is_waited_for(store: Store) -> None:
    log = store.place.path.with_name(f"{store.place.path.name}-wal")  # type: ignore[union-attr]

    def write_much() -> None:
        with store.writing() as connection:
            connection.exec_driver_sql("create table if not exists much (bytes blob)")
            connection.exec_driver_sql("insert into much values (zeroblob(20000000))")

    write_much()
    assert log.stat().st_size == 0
    with store.reading() as reading:
        reading.exec_driver_sql("select count(*) from much").scalar()
        begun = time.monotonic()
        write_much()
        assert time.monotonic() - begun < 20, "the patience of a connection is 30 s"
        assert log.stat().st_size > 0
        assert reading.exec_driver_sql("select count(*) from much").scalar() == 1
    write_much()
    assert log.stat().st_size == 0


def test_a_reader_cannot_write(store: Store) -> None:
    with store.reading() as connection, pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
        changes.note(connection, "article", ["article-1"], NOON)


def test_a_store_opened_for_reading_refuses_to_write(store: Store) -> None:
    with Store(store.place) as reader, pytest.raises(StorageError, match="reading only"), reader.writing():
        pass


def test_a_second_writer_waits_and_then_says_so(store: Store) -> None:
    with Store(store.place, write=True, wait=0.1) as second:
        holding = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys, time\nfrom storage.store import Store\n"
                "with Store.at(sys.argv[1], write=True) as s, s.writing():\n"
                "    print('held', flush=True); time.sleep(60)",
                address_of(store),
            ],
            stdout=subprocess.PIPE,
        )
        assert holding.stdout is not None
        with holding:
            assert holding.stdout.readline() == b"held\n"
            with pytest.raises(ArchiveBusy, match="another process is writing"), second.writing():
                pass
            holding.kill()
        with second.writing() as connection:
            changes.note(connection, "article", ["article-1"], NOON)


def test_there_is_no_archive_to_read(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="no archive there"):
        Store.at(tmp_path / "none.db")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"SQLite format 3\x00" + b"\x00" * 100])
@pytest.mark.parametrize("write", [False, True])
def test_another_file_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes, write: bool) -> None:
    other = tmp_path / "register.csv"
    other.write_bytes(content)
    with pytest.raises(NotAnArchive, match="no On Record archive"):
        Store.at(other, write=write)
    assert other.read_bytes() == content


def test_someone_elses_sqlite_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "notes.db"
    with sqlite3.connect(other) as connection:
        connection.execute("create table notes (id integer)")
    connection.close()
    with pytest.raises(NotAnArchive):
        Store.at(other, write=True)


def test_an_archive_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Store.at(path, write=True).close()
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    for write in (False, True):
        with pytest.raises(NewerArchive, match="newer version"):
            Store.at(path, write=write)


def test_an_address_of_neither_kind_is_refused() -> None:
    with pytest.raises(UsageMistake, match="a path or a postgresql"):
        Place.of("mysql://root@localhost/press")


def test_the_folders_lie_beside_the_archive(tmp_path: Path) -> None:
    place = Place.of(tmp_path / "news.db")
    assert (place.index, place.evidence) == (tmp_path / "news.db.index", tmp_path / "news.db.evidence")
    assert Place.of(tmp_path / "news.db", evidence=tmp_path / "warcs").evidence == tmp_path / "warcs"


def test_a_naive_moment_is_refused(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError, match="time zone"), store.writing() as connection:
        changes.note(connection, "article", ["article-1"], dt.datetime(2024, 5, 1))  # noqa: DTZ001
