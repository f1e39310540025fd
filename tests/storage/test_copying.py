"""An archive copied from either engine to either is the same archive, whatever happens on the way.

``ONRECORD_TEST_COPIES`` says how often a copy is killed: 100 is full size.
"""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage import audit, changes, upgrade
from storage.copying import making, rows, target
from storage.copying.counters import counters
from storage.errors import ArchiveBusy, StorageError, UnfinishedCopy, UsageMistake
from storage.place import Place
from storage.store import Store
from tests.archive.world import NOW
from tests.engines import ON_SQLITE
from tests.storage.filling import dumped, fill

pytestmark = ON_SQLITE  # the source; where it is copied to is each test's own
KILLS = int(os.environ.get("ONRECORD_TEST_COPIES") or 3)
Address = str | Path
EITHER = pytest.mark.parametrize(
    "engine_of_copy", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)


@pytest.fixture(autouse=True)
def apart(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the folders of a database are; and few rows at a time, so that every table takes several."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rows, "PORTION", 5)


@pytest.fixture
def filled(store: Store) -> Store:
    """An archive with rows in every table."""
    fill(store)
    return store


@pytest.fixture
def place(engine_of_copy: str, tmp_path: Path, request: pytest.FixtureRequest) -> Address:
    """Where nothing is yet."""
    return (
        request.getfixturevalue("postgres") if engine_of_copy == "postgres" else tmp_path / "new" / "copy.db"
    )


def copied(source: Store, to: Address) -> making.Copied:
    return making.copy(source, Place.of(to))


def same(one: Store, address: Address) -> None:
    """Every row, every log, and the number that each table's next row gets."""
    with Store.at(address) as other:
        ours, theirs = dict(dumped(one)), dict(dumped(other))
        assert len(ours) == len(rows.TABLES)
        for table, ours_of in ours.items():
            assert ours_of == theirs[table], table
        with one.reading() as here, other.reading() as there:
            assert all(verdict.sound and verdict.rows for verdict in audit.verify(there).values())
            assert counters(here) == counters(there)


def test_each_table_of_the_archive_that_is_copied_has_rows(filled: Store) -> None:
    assert {name for name, held in dumped(filled) if len(held) < 12} == set()


@EITHER
def test_a_copy_is_the_same_archive(filled: Store, place: Address) -> None:
    with filled.writing() as connection:  # a number that was given once is given to no other
        connection.exec_driver_sql("delete from outbox where seq = (select max(seq) from outbox)")
    done = copied(filled, place)
    assert (done.equal, done.behind) == (True, False)
    assert {one.table: one.rows for one in done.tables} == {
        name: (len(held), len(held)) for name, held in dumped(filled)
    }
    same(filled, place)
    with Store.at(place, write=True) as copy, copy.writing() as connection:
        changes.note(connection, "article", ["article-new"], NOW)
        assert changes.last(connection) == 13


@pytest.mark.postgres
def test_there_and_back_again(filled: Store, postgres: str, tmp_path: Path) -> None:
    assert copied(filled, postgres).equal
    with Store.at(postgres) as there:
        assert copied(there, tmp_path / "back.db").equal
    same(filled, tmp_path / "back.db")
    with Store.at(tmp_path / "back.db") as back:
        assert all(one.equal for one in making.compare(filled, back))


# Counts the steps of a copy, and kills the process at one of these, or tells how many there were.
COUNTED = textwrap.dedent(
    """
    import os, signal, sys
    from storage.copying import making, rows
    from storage.place import Place
    from storage.store import Store
    at, seen = int(sys.argv[3]), 0
    rows.PORTION = 5

    def step(frame, event, arg):
        global seen
        if event in ("call", "c_call") and "/storage/copying/" in frame.f_code.co_filename:
            seen += 1
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(step)
    with Store.at(sys.argv[1]) as source:
        assert making.copy(source, Place.of(sys.argv[2])).equal
    sys.setprofile(None)
    print(seen)
    """
)


def run(source: Address, to: Address, at: int) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", COUNTED, str(source), str(to), str(at)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many a copy takes that nobody kills."""
    folder = tmp_path_factory.mktemp("whole")
    with Store.at(folder / "archive.db", write=True) as store:
        fill(store)
    return int(run(folder / "archive.db", folder / "copy.db", 0).stdout)


@EITHER
def test_killed_at_any_instant_and_repeated_it_ends_as_the_same_archive(
    filled: Store, place: Address, steps: int
) -> None:
    here = filled.place.path
    assert here
    ended = []
    for number in range(KILLS):
        ended.append(run(here, place, 1 + (number + 1) * steps // (KILLS + 1)).returncode)
        if ended[-1]:
            with contextlib.suppress(StorageError):  # nothing, or half of it, opens; a whole one may
                assert {name for name, rows in held(place).items() if rows} in (
                    set(),
                    {table.name for table in rows.TABLES},
                )
    assert ended[0] == -signal.SIGKILL
    assert copied(filled, place).equal
    same(filled, place)


@EITHER
def test_what_changed_while_the_copy_lay_unfinished_is_brought_up_to_date(
    filled: Store, place: Address, steps: int
) -> None:
    here = filled.place.path
    assert here
    assert run(here, place, steps * 3 // 5).returncode == -signal.SIGKILL
    with filled.writing() as connection:
        first, second, third = connection.exec_driver_sql(
            'select id, warc_file, "offset" from captures order by id desc limit 3'
        )
        connection.exec_driver_sql("delete from captures where id = ?", (first.id,))
        for one, other in ((second, first), (third, second)):  # as when records in a WARC file move up
            connection.exec_driver_sql(
                'update captures set warc_file = ?, "offset" = ? where id = ?',
                (other.warc_file, other.offset, one.id),
            )
        connection.exec_driver_sql("update articles set gone_reason = 'moved'")
        connection.exec_driver_sql("update models set weights = '{\"new\": [1, 2]}'")
        connection.exec_driver_sql("delete from stories where id in (select id from stories limit 2)")
        connection.exec_driver_sql("insert into hosts values ('000.example', '2024-05-01 00:00:00.000000')")
    assert copied(filled, place).equal
    same(filled, place)


def test_it_is_one_moment_of_an_archive_that_is_written_to(filled: Store, tmp_path: Path) -> None:
    done, begun = threading.Event(), threading.Event()

    def write() -> None:
        for number in range(100_000):
            with filled.writing() as connection:
                changes.note(connection, "host", [f"host-{number}"], NOW)
                connection.exec_driver_sql(
                    "insert into hosts values (?, '2024-05-01 00:00:00.000000')", (f"host-{number}",)
                )
            begun.set()
            if done.is_set():
                return

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    try:
        with Store.at(filled.place.path or "") as source:
            made = copied(source, tmp_path / "copy.db")
    finally:
        done.set()
        writer.join()
    assert (made.equal, made.behind) == (True, True)
    with Store.at(tmp_path / "copy.db") as copy, copy.reading() as connection:
        told = connection.exec_driver_sql("select count(*) from changes where what = 'host'").scalar()
        assert (
            told == connection.exec_driver_sql("select count(*) from hosts where id like 'host-%'").scalar()
        )


@EITHER
def test_a_row_that_is_damaged_is_found_and_its_table_named(filled: Store, place: Address) -> None:
    copied(filled, place)
    with Store.at(place, write=True) as copy, copy.writing() as connection:
        connection.exec_driver_sql("update report_sentences set text = 'other' where number = 3")
        connection.exec_driver_sql("delete from hosts where id = (select min(id) from hosts)")
    with Store.at(place) as copy:
        found = {one.table: one for one in making.compare(filled, copy) if not one.equal}
    assert set(found) == {"report_sentences", "hosts"}
    assert found["hosts"].rows == (12, 11)
    assert found["report_sentences"].rows == (12, 12)
    assert found["report_sentences"].first is not None
    assert found["report_sentences"].first[1] == 3


def held(address: Address) -> dict[str, Any]:
    with Store.at(address) as store:
        return dict(dumped(store))


@EITHER
def test_an_archive_that_is_there_is_refused_and_stays_as_it_is(filled: Store, place: Address) -> None:
    with Store.at(place, write=True) as other, other.writing() as connection:
        changes.note(connection, "article", ["article-1"], NOW)
    before = held(place)
    with pytest.raises(target.Occupied, match="holds an archive already; name an empty place"):
        copied(filled, place)
    assert held(place) == before


@EITHER
def test_an_archive_without_a_row_is_an_empty_place(filled: Store, place: Address) -> None:
    Store.at(place, write=True).close()
    assert copied(filled, place).equal
    assert copied(filled, place).equal, "what is finished stays so"
    same(filled, place)


@EITHER
def test_the_copy_of_another_archive_that_was_begun_is_refused(filled: Store, place: Address) -> None:
    with target.opened(Place.of(place)) as begun:
        begun.claim(Place.of(place), "/elsewhere/other.db")
    with pytest.raises(StorageError, match=r"is an unfinished copy of /elsewhere/other\.db; empty it"):
        copied(filled, place)
    with pytest.raises(UnfinishedCopy, match="repeat `onrecord archive copy`"):
        Store.at(place, write=True)


@EITHER
def test_two_copies_at_once_are_refused(
    filled: Store, place: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target, "WAIT", 0.0)
    with target.opened(Place.of(place)), pytest.raises(ArchiveBusy):
        copied(filled, place)


def test_a_copy_begun_by_another_version_is_refused(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "copy.db"
    with target.opened(Place.of(place)) as begun:
        begun.claim(Place.of(place), target.named(filled.place))
    monkeypatch.setattr(upgrade, "newest", lambda: "9999")
    with (
        pytest.raises(StorageError, match="begun by another version"),
        target.opened(Place.of(place)) as begun,
    ):
        begun.claim(Place.of(place), target.named(filled.place))


def test_an_archive_is_not_copied_onto_itself(filled: Store) -> None:
    with pytest.raises(UsageMistake, match="onto itself"):
        copied(filled, filled.place.path or "")


@pytest.mark.postgres
def test_a_database_of_something_else_is_refused(filled: Store, postgres: str) -> None:
    engine = sa.create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.exec_driver_sql("create table theirs (id integer)")
    with pytest.raises(StorageError, match="has tables of something else"):
        copied(filled, postgres)
    engine.dispose()


@pytest.mark.postgres
def test_what_postgresql_cannot_hold_is_told_with_its_table(filled: Store, postgres: str) -> None:
    with filled.writing() as connection:
        connection.exec_driver_sql(
            "update runs set kind = 'a' || char(0) where id = (select min(id) from runs)"
        )
    with pytest.raises(StorageError, match=r"^runs: a row from .* cannot be copied: .*NUL"):
        copied(filled, postgres)


def test_a_row_that_cannot_be_read_is_told_with_its_table(filled: Store, tmp_path: Path) -> None:
    with filled.writing() as connection:
        connection.exec_driver_sql("update runs set started = 'yesterday'")
    with pytest.raises(StorageError, match=r"^runs: a row cannot be read"):
        copied(filled, tmp_path / "copy.db")


def test_what_is_derived_from_an_earlier_archive_at_that_place_is_forgotten(
    filled: Store, tmp_path: Path
) -> None:
    place = Place.of(tmp_path / "copy.db")
    place.index.mkdir()
    place.quotations.mkdir()
    (place.index / "current").write_text("1")
    copied(filled, tmp_path / "copy.db")
    assert not (place.index / "current").exists()
    assert not place.quotations.exists()


def test_a_portion_is_full_by_its_rows_or_by_its_text() -> None:
    def sizes(made: Iterator[tuple[str]]) -> list[int]:
        return [len(portion) for portion in rows.portions(made)]

    assert sizes(("x",) for _ in range(12)) == [5, 5, 2]
    assert sizes(("x" * 2**21,) for _ in range(5)) == [2, 2, 1]
