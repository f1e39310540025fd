"""Killed at any moment of an upgrade, an archive is the old one or the new one, whole, and goes on.

``ONRECORD_TEST_UPGRADES`` says at how many moments: 100 is full size.
"""

import datetime as dt
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from storage import sqlite, upgrade
from storage.errors import NewerArchive
from storage.place import Place
from storage.store import Store
from tests.engines import ON_SQLITE, Address

MOMENTS = int(os.environ.get("ONRECORD_TEST_UPGRADES") or 6)
ARTICLES = 300

# Counts what the upgrade does (files opened, moved, removed, locked; every hundred steps of SQLite's) and
# kills the process at one of these, or tells how many there were.
COUNTED = textwrap.dedent(
    """
    import os, signal, sqlite3, sys
    from storage import upgrade
    from storage.store import Store
    at, seen = int(sys.argv[2]), 0

    def step():
        global seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    def watch(event, args):
        if event in ("os.rename", "os.remove", "os.link", "sqlite3.connect"):
            step()
        elif event == "open" and sys.argv[1] in str(args[0]):
            step()

    connect = sqlite3.connect

    def counted(*args, **more):
        made = connect(*args, **more)
        made.set_progress_handler(step, 100)
        return made

    sqlite3.connect = counted
    sys.addaudithook(watch)
    Store.at(sys.argv[1], write=True).close()
    print(seen)
    """
)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the first version, with articles in it."""
    path = tmp_path_factory.mktemp("first") / "archive.db"
    upgrade._migrate_file(path, "0001")
    seen = dt.datetime(2024, 5, 1).isoformat(" ")  # noqa: DTZ001
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "insert into articles (id, url, latest_version, first_seen) values (?, ?, 1, ?)",
            [(f"a{n}", f"https://x.example/{n}", seen) for n in range(ARTICLES)],
        )
        connection.executemany(
            "insert into article_urls (url, article_id) values (?, ?)",
            [(f"https://x.example/{n}", f"a{n}") for n in range(ARTICLES)],
        )
        connection.executemany(
            "insert into article_versions (id, article_id, number, text, digest, learned_at) values (?, ?, 1, ?, ?, ?)",
            [(f"v{n}", f"a{n}", f"Story {n}. " * 50, str(n), seen) for n in range(ARTICLES)],
        )
    return path


def upgraded(path: Path, at: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COUNTED, str(path), str(at)], check=False, capture_output=True, text=True
    )


def rows(path: Path) -> tuple[str, list[int]]:
    """Its schema, and how much is in it; sound to SQLite."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        (version,) = connection.execute("select version_num from alembic_version").fetchone()
        tables = ("articles", "article_urls", "article_versions")
        return version, [connection.execute(f"select count(*) from {one}").fetchone()[0] for one in tables]


def test_killed_at_any_moment_one_version_is_whole_and_the_upgrade_goes_on(
    first: Path, tmp_path: Path
) -> None:
    whole = upgraded(shutil.copyfile(first, tmp_path / "whole.db"), 0)
    steps, newest = int(whole.stdout), upgrade.newest()
    assert steps > MOMENTS, whole.stderr
    found = set()
    for number in range(MOMENTS):
        path = shutil.copyfile(first, tmp_path / f"{number}.db")
        ended = upgraded(path, 1 + number * (steps - 1) // max(1, MOMENTS - 1))
        assert ended.returncode == -signal.SIGKILL
        version, held = rows(path)
        assert version in ("0001", newest)
        assert held == [ARTICLES] * 3
        found.add(version)
        Store.at(path, write=True).close()
        assert rows(path) == (newest, [ARTICLES] * 3)
        left = {one.name for one in tmp_path.glob(f"{number}.db*")}
        assert left <= {f"{number}.db{end}" for end in ("", ".lock")}, "nothing half done is left"
        path.unlink()
    assert "0001" in found


def test_an_older_program_refuses_a_newer_archive_in_a_line(empty: Address) -> None:
    with Store.at(empty, write=True) as store, store.writing() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(NewerArchive):
        Store.at(empty, write=True)
    program = "import sys; from onrecord.cli import main; sys.argv = ['onrecord', *sys.argv[1:]]; main()"
    told = subprocess.run(
        [sys.executable, "-c", program, "orders", "--archive", str(empty)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == (
        f"onrecord: {Place.of(empty)} was written by a newer version of On Record; upgrade the program to open it\n"
    )


@ON_SQLITE
def test_an_archive_that_cannot_be_read_is_told_in_a_line(archive: Path) -> None:
    with archive.open("r+b") as file:  # its first page stays, by which it is known as an archive
        file.seek(4096)
        file.write(bytes(archive.stat().st_size - 4096))
    program = "import sys; from onrecord.cli import main; sys.argv = ['onrecord', *sys.argv[1:]]; main()"
    words = [sys.executable, "-c", program, "orders", "--archive", archive]
    told = subprocess.run(words, check=False, capture_output=True, text=True)
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (1, "", 1)
    assert "malformed" in told.stderr


WRITING = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size=1")  # so that pages go to the file before the commit
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE articles SET url = url || '#half'")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("write", [True, False])
def test_what_was_killed_while_it_wrote_a_file_without_a_log_is_undone(
    first: Path, tmp_path: Path, write: bool
) -> None:
    path = tmp_path / "archive.db"
    upgrade.create(path)  # without a log until it is first opened to be written
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            f"attach '{first}' as old; insert into articles (id, url, latest_version, first_seen)"
            " select id, url, latest_version, first_seen from old.articles"
        )
    assert subprocess.run([sys.executable, "-c", WRITING, path], check=False).returncode == -signal.SIGKILL
    assert Path(f"{path}-journal").stat().st_size > 0
    with Store.at(path, write=write) as store, store.reading() as connection:
        count = "select count(*), sum(url like '%#half') from articles"
        assert connection.exec_driver_sql(count).one() == (ARTICLES, 0)


READ_ONLY = 'mount --bind . . && mount -o remount,bind,ro . && cd $PWD && exec "$@"'


@ON_SQLITE
def test_an_archive_on_read_only_media_is_read_and_refuses_to_be_written_in_a_line(archive: Path) -> None:
    def onrecord(*words: str) -> subprocess.CompletedProcess[str]:
        program = "import sys; from onrecord.cli import main; sys.argv = ['onrecord', *sys.argv[1:]]; main()"
        inside = ["unshare", "-rm", "sh", "-c", READ_ONLY, "sh", sys.executable, "-c", program, *words]
        return subprocess.run(inside, check=False, capture_output=True, text=True, cwd=archive.parent)

    if shutil.which("unshare") is None or "Read-only" not in onrecord("init", "--archive", "new.db").stderr:
        pytest.skip("this machine lets nobody make a read-only file system of their own")
    with closing(sqlite.connect(archive, write=True)):
        pass
    assert not Path(f"{archive}-wal").exists()
    assert onrecord("orders", "--archive", "archive.db").stdout == "No orders.\n"
    refused = onrecord("init", "--archive", "archive.db")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "cannot be written to: Read-only file system" in refused.stderr
    searched = onrecord("search", "kites", "--archive", "archive.db")
    assert (searched.returncode, searched.stderr.count("\n")) == (1, 1)
