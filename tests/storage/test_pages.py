"""Every byte of an archive's file and of its log that rots is found, and nothing is found that a kill has left.

``ONRECORD_TEST_FLIPS`` says how many bytes: 1,000 is full size; ``ONRECORD_TEST_ROUND`` chooses others.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from storage import articles, rot, soundness
from storage.backups.making import Wanted, back_up
from storage.errors import StorageError
from storage.pages import Pages
from storage.records import Article
from storage.store import Store
from tests.archive.world import NOW
from tests.engines import ON_SQLITE

pytestmark = ON_SQLITE
ROOT = Path(__file__).parents[2]
FLIPS = int(os.environ.get("ONRECORD_TEST_FLIPS") or 60)
CHANCE = random.Random(1_000 * int(os.environ.get("ONRECORD_TEST_ROUND") or 0) + 11)


def write(store: Store, text: str) -> None:
    with store.writing() as connection:
        articles.save(connection, Article(url=f"https://paper.example/{text[:20]}", text=text), at=NOW)


@pytest.fixture
def filled(store: Store) -> Iterator[Path]:
    """The file of an archive with articles, and free pages where some were; nothing in its log."""
    path = store.place.path
    assert path
    for number in range(40):
        write(store, f"Story {number}. " * 300)
    with store.writing() as connection:
        connection.exec_driver_sql("create table gone (words text)")
        connection.exec_driver_sql("insert into gone values (hex(zeroblob(60000)))")
        connection.exec_driver_sql("drop table gone")
    store.close()
    assert not Path(f"{path}-wal").exists()
    return path


def flipped(path: Path, position: int) -> None:
    with path.open("r+b") as file:
        file.seek(position)
        was = file.read(1)[0]
        file.seek(position)
        file.write(bytes([was ^ 1 << CHANCE.randrange(8)]))


def pages_of(path: Path, kind: str) -> list[int]:
    """The numbers of pages of a kind, by what the first byte of each says of a tree."""
    content, size = path.read_bytes(), 4096
    if kind == "header":
        return [1]
    if kind == "free":
        first = int.from_bytes(content[32:36])
        count = int.from_bytes(content[(first - 1) * size + 4 :][:4])
        leaves = content[(first - 1) * size + 8 :]
        return [first, *(int.from_bytes(leaves[4 * n : 4 * n + 4]) for n in range(count))]
    begins = {"table": b"\x0d\x05", "index": b"\x0a\x02"}[kind]
    return [n + 1 for n in range(1, len(content) // size) if content[n * size] in begins]


@pytest.mark.parametrize("kind", ["header", "table", "index", "free"])
def test_every_flipped_byte_is_found_in_its_page(filled: Path, kind: str) -> None:
    whole, pages = filled.read_bytes(), pages_of(filled, kind)
    assert pages
    missed, unseen = [], 0
    for _ in range(-(-FLIPS // 4)):
        page = CHANCE.choice(pages)
        position = (page - 1) * 4096 + CHANCE.randrange(100 if kind == "header" else 4096)
        flipped(filled, position)
        found = rot.look(filled)
        if found is None or found.pages != [page]:
            missed.append((position, found))
        fixed = f"file:{filled}?mode=ro&immutable=1"
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(fixed, uri=True)) as connection:
            unseen += connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        filled.write_bytes(whole)
    assert missed == []
    assert unseen, "SQLite itself sees not all of them"
    assert rot.look(filled) == rot.Found(pages=[], log=None, records=0)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 4096)


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update articles set outlet = 'another'")


@pytest.mark.parametrize("harm", [cut, of_another_program])
def test_lost_pages_and_those_of_another_program_are_found(
    filled: Path, harm: Callable[[Path], None]
) -> None:
    harm(filled)
    found = rot.look(filled)
    assert found
    assert found.pages


def at_rest(path: Path, folder: Path) -> Path:
    """What a power cut leaves of an archive that is open: its file, its log and its digests."""
    folder.mkdir()
    for end in ("", "-wal", ".pages"):
        shutil.copyfile(f"{path}{end}", folder / f"archive.db{end}")
    return folder / "archive.db"


def test_every_flipped_byte_of_the_log_is_found_in_use_and_at_rest(store: Store, tmp_path: Path) -> None:
    path = store.place.path
    assert path
    store.fold()
    for number in range(4):
        write(store, f"Story {number}. " * 300)
    wal = Path(f"{path}-wal")
    whole, frame = wal.read_bytes(), 24 + 4096
    frames = (len(whole) - 32) // frame
    positions = [CHANCE.randrange(32) for _ in range(2)]
    for _ in range(FLIPS // 12):
        begin = 32 + CHANCE.randrange(frames) * frame
        positions += [begin + CHANCE.randrange(24), begin + CHANCE.randrange(frame)]
    positions.append(len(whole) - CHANCE.randrange(1, 4096))  # of the last one committed
    missed = []
    for number, position in enumerate(positions):
        wal.write_bytes(whole)
        flipped(wal, position)
        in_use = rot.found(path)
        other = at_rest(path, tmp_path / f"rest-{number}")
        with Store.at(other) as opened:
            said = list(soundness.pages(opened))
        shutil.rmtree(other.parent)
        if in_use is None or in_use.log is None or not said:
            missed.append((position, in_use, said))
    wal.write_bytes(whole)
    assert missed == []
    assert rot.found(path) == rot.Found(pages=[], log=None, records=0)


def test_a_log_overwritten_with_garbage_is_found(store: Store, tmp_path: Path) -> None:
    path = store.place.path
    assert path
    write(store, "Written, and in the log alone.")
    other = at_rest(path, tmp_path / "rest")
    Path(f"{other}-wal").write_bytes(CHANCE.randbytes(50_000))
    with Store.at(other) as opened:
        assert list(soundness.pages(opened))


def test_what_a_log_has_lost_stays_found_after_the_next_write(store: Store, tmp_path: Path) -> None:
    path = store.place.path
    assert path
    write(store, "What will be lost. " * 900)
    other = at_rest(path, tmp_path / "rest")
    flipped(Path(f"{other}-wal"), 5_000)
    with Store.at(other, write=True) as opened:
        with opened.writing() as connection:
            connection.exec_driver_sql("create table made_after (words text)")
        assert list(soundness.pages(opened))


WRITING = textwrap.dedent("""
    import itertools, sys
    from storage.store import Store
    from tests.storage.test_pages import write
    with Store.at(sys.argv[1], write=True) as store:
        for number in itertools.count():
            write(store, f"{sys.argv[2]}, {number}. " * 400)
            if number % 3 == 2:
                store.fold(within=0.0)
            print(number, flush=True)
""")


def test_nothing_is_found_while_it_is_written_nor_after_a_kill(filled: Path) -> None:
    for number in range(3):
        words = [sys.executable, "-c", WRITING, str(filled), str(number)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
            assert child.stdout is not None
            for _ in range(CHANCE.randrange(2, 12)):
                assert child.stdout.readline()
                with Store.at(filled) as store:
                    assert list(soundness.pages(store)) == []
            os.kill(child.pid, signal.SIGKILL)
        for write in (False, True, False):
            with Store.at(filled, write=write) as store:
                assert list(soundness.pages(store)) == []


def test_a_commit_that_a_killed_writer_did_not_record_is_recorded_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.place.path
    assert path
    with monkeypatch.context() as patched:
        patched.setattr(Pages, "follow", lambda self: None)
        write(store, "Committed, and no more. " * 300)
    told, wal = Pages(path).read(), Path(f"{path}-wal")
    assert told
    assert told.salts != wal.read_bytes()[16:24] or told.frame * 4_120 + 32 < wal.stat().st_size
    assert list(soundness.pages(store)) == []
    store.fold()
    assert wal.stat().st_size == 0
    assert list(soundness.pages(store)) == []


def test_digests_are_shortened_and_say_the_same(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.pages._SPARE", 10)
    before = Pages(filled).path.stat().st_size
    with Store.at(filled, write=True) as store:
        for number in range(80):
            write(store, f"{number} again. " * 900)
            if number % 20 == 0:
                store.fold()
    assert Pages(filled).path.stat().st_size < 6 * before
    with Store.at(filled) as store:
        assert list(soundness.pages(store)) == []


def test_digests_that_rot_are_told_from_pages_that_do(filled: Path) -> None:
    pages = Pages(filled)
    for position in (3, 20 + 28 * 20 + 9):
        whole = pages.path.read_bytes()
        flipped(pages.path, position)
        with Store.at(filled) as store:
            found = list(soundness.pages(store))
        assert "digests of pages are not as they were written" in found[0].what
        assert len(found) == 1
        pages.path.write_bytes(whole)


def test_digests_of_a_large_file_are_the_same(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Pages(filled).path.read_bytes()
    Pages(filled).drop()
    monkeypatch.setattr("storage.pages._HELD", 4_096)
    Store.at(filled, write=True).close()
    assert {before[at : at + 12] for at in range(20, len(before), 28)} >= {
        Pages(filled).path.read_bytes()[at : at + 12] for at in range(20, 28 * 90, 28)
    }
    assert rot.look(filled) == rot.Found(pages=[], log=None, records=0)


def test_digests_that_cannot_be_kept_are_made_anew(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    with Store.at(filled, write=True) as store:
        with monkeypatch.context() as patched:
            patched.setattr("storage.pages._record", full)
            write(store, "It is kept all the same.")
        assert not Pages(filled).path.exists()
        assert list(soundness.pages(store)) == []
    with Store.at(filled, write=True):
        assert Pages(filled).path.exists()
    assert rot.found(filled) == rot.Found(pages=[], log=None, records=0)


def test_what_rotted_goes_into_no_backup(filled: Path, tmp_path: Path) -> None:
    page = pages_of(filled, "free")[-1]
    flipped(filled, page * 4096 - 9)
    with Store.at(filled) as store, pytest.raises(StorageError, match="no backup was made"):
        back_up(store, tmp_path / "kept", Wanted(at=NOW))
