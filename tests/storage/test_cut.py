"""A connection that is cut as something is being kept: it is known what became of it, and nothing is done twice."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage import audit, captures
from storage.dates import utc_now
from storage.errors import ArchiveBusy, ServerAway, Unsettled
from storage.evidence import EvidenceFolder
from storage.schema.commits import commits
from storage.store import Store
from storage.warc import Exchange
from tests.storage.cut import Way, a_way

pytestmark = pytest.mark.postgres
URL = "https://www.paper.example/1/"


@pytest.fixture
def way(postgres: str) -> Iterator[Way]:
    with a_way(postgres) as made:
        yield made


def note(connection: sa.Connection) -> None:
    audit.note(connection, "noted", "archive", "entry", who="writer", at=utc_now())


def entries(store: Store) -> int:
    with store.reading() as connection:
        return len(audit.entries(connection))


def test_a_commit_whose_answer_is_cut_off_is_told_as_kept(way: Way) -> None:
    with Store.at(way.address, write=True) as store:
        way.cut = "after"
        with store.writing() as connection:
            note(connection)
        assert way.cut is None, "it was never cut"
        assert entries(store) == 1


def test_a_commit_that_never_came_is_told_as_refused(way: Way) -> None:
    with Store.at(way.address, write=True) as store:
        way.cut = "before"
        with pytest.raises(ServerAway, match="the database server is away"), store.writing() as connection:
            note(connection)
        assert entries(store) == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_may_be_done_again_is_done_once(way: Way, when: Any) -> None:
    with Store.at(way.address, write=True) as store:
        way.cut = when
        store.write(note)
        assert way.cut is None
        assert entries(store) == 1


@pytest.mark.parametrize(("when", "kept"), [("before", 0), ("after", 1)])
def test_what_nobody_can_tell_of_keeps_its_evidence_until_the_index_is_asked(
    way: Way, postgres: str, when: Any, kept: int, tmp_path: Path
) -> None:
    folder, page = EvidenceFolder(tmp_path), Exchange(url=URL, fetched_at=utc_now(), body=b"x", status=200)
    way.cut, way.stays_cut = None, True
    with (
        Store.at(way.address, write=True, patience=0) as store,
        folder.writer(at=utc_now()) as writer,
        pytest.raises(Unsettled, match="look whether it was"),
        writer.batch() as batch,
    ):
        capture = batch.keep(page)
        batch.sync()
        with store.writing() as connection:
            captures.save(connection, [capture])
            way.cut = when
    with Store.at(postgres, write=True) as other:
        other.write(lambda connection: None)  # whoever was cut off has ended
        indexed, ends = other.read(lambda connection: [*captures.each(connection)]), other.read(captures.ends)
    assert len(indexed) == kept
    assert len(folder.recover(ends)) == 1 - kept, "its tail is moved aside where it was not kept"
    assert list(folder.verify(iter(indexed))) == []


def test_another_writer_meanwhile_hides_nothing(way: Way, postgres: str) -> None:
    with Store.at(way.address, write=True) as store, Store.at(postgres, write=True) as other:
        other.write(note)
        way.cut = "after"
        store.write(note)
        other.write(note)
        way.cut = "before"
        store.write(note)
        assert entries(other) == 4
        with other.reading() as connection:
            kept = sa.select(sa.func.count()).select_from(commits)
            assert connection.scalar(kept) == 3, "a row for each connection that kept something"


def test_who_reads_connects_anew(postgres: str) -> None:
    with Store.at(postgres, write=True) as store, Store.at(postgres, write=True) as other:
        assert entries(store) == 0
        with other.reading() as connection:
            connection.execute(
                sa.text(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid != pg_backend_pid()"
                )
            )
        assert entries(store) == 0
        store.write(note)
        assert entries(store) == 1


def test_a_server_that_is_not_the_first_yet_is_waited_for(postgres: str) -> None:
    with Store.at(postgres, write=True) as store, Store.at(postgres, write=True) as other:
        with other.reading() as connection:
            name = connection.scalar(sa.text("select current_database()"))
        standby = sa.text(f"alter database {name} set default_transaction_read_only = on")
        other.write(lambda connection: connection.execute(standby))
        others = sa.text(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid != pg_backend_pid()"
        )
        with other.reading() as connection:
            connection.execute(others)
        with pytest.raises(ServerAway, match="read-only"), store.writing() as connection:
            note(connection)
        assert entries(store) == 0

        def made_first() -> None:
            time.sleep(1)
            with other.reading() as connection:
                connection.execute(sa.text("set transaction read write"))
                connection.execute(sa.text(f"alter database {name} reset default_transaction_read_only"))
                connection.commit()
                connection.execute(others)

        with ThreadPoolExecutor(1) as pool:
            making = pool.submit(made_first)
            store.write(note)
            making.result()
        assert entries(store) == 1


def test_a_writer_that_takes_too_long_is_told_of(postgres: str) -> None:
    with Store.at(postgres, write=True) as store, Store.at(postgres, write=True, wait=0.1) as other:
        with store.writing(), pytest.raises(ArchiveBusy, match="another process is writing"), other.writing():
            pass
        other.write(note)
        assert entries(store) == 1


def test_what_only_takes_long_is_waited_for(postgres: str) -> None:
    with Store.at(postgres, write=True) as store, store.reading() as connection:
        begun = time.monotonic()
        assert connection.scalar(sa.text("select 1 from pg_sleep(7)")) == 1
        assert time.monotonic() - begun >= 7, "longer than the silence after which the server is looked at"
