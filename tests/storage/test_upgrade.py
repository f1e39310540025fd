"""An upgrade works on a copy: all of it is swapped in, or the old file stays whole."""

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import upgrade
from storage.errors import ArchiveBusy, StorageError
from storage.store import Store

NEXT = '''
"""Recreate a parent table, as SQLite must to change a column."""
import sqlalchemy as sa
from alembic import op

revision = "test_next"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade():
    {before}
    with op.batch_alter_table("articles", recreate="always") as table:
        table.add_column(sa.Column("colour", sa.String))
    {after}
'''


@pytest.fixture
def next_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the migrations to which a test may add one."""
    ours = Path(upgrade.__file__).parent / "migrations"
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for file in [ours / "env.py", *sorted((ours / "versions").glob("*.py"))]:
        target = folder / file.relative_to(ours)
        target.write_text(file.read_text())
    monkeypatch.setattr(upgrade, "_MIGRATIONS", folder)
    return folder / "versions" / "test_next.py"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of today with a parent row and its child rows."""
    path = tmp_path / "a.db"
    Store.at(path, write=True).close()
    seen = dt.datetime(2024, 5, 1).isoformat(" ")  # noqa: DTZ001
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "insert into articles (id, url, latest_version, first_seen) "
            "values ('a', 'https://x.example/', 1, ?)",
            (seen,),
        )
        connection.executemany(
            "insert into article_urls (url, article_id) values (?, 'a')",
            [(f"https://x.example/{n}",) for n in range(9)],
        )
    return path


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_recreating_a_parent_table_keeps_every_child_row(archive: Path, next_migration: Path) -> None:
    next_migration.write_text(NEXT.format(head=upgrade.newest(), before="pass", after="pass"))
    Store.at(archive, write=True).close()
    assert rows(archive, "select version_num from alembic_version") == [("test_next",)]
    assert rows(archive, "select id, colour from articles") == [("a", None)]
    assert rows(archive, "select count(*) from article_urls where article_id = 'a'") == [(9,)]
    assert rows(archive, "pragma foreign_key_check") == []


def test_a_migration_that_fails_leaves_the_old_file_whole(archive: Path, next_migration: Path) -> None:
    head = upgrade.newest()
    before = archive.read_bytes()
    next_migration.write_text(
        NEXT.format(head=head, before="pass", after="raise RuntimeError('in the middle')")
    )
    with pytest.raises(RuntimeError, match="in the middle"):
        Store.at(archive, write=True)
    assert archive.read_bytes() == before


def test_the_copy_keeps_no_log_that_could_be_lost_when_it_closes(
    archive: Path, next_migration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_migration.write_text(NEXT.format(head=upgrade.newest(), before="pass", after="pass"))
    migrate, modes = upgrade._migrate_file, []

    def watched(path: Path, target: str = "head") -> None:
        modes.extend(rows(path, "pragma journal_mode"))
        migrate(path, target)

    monkeypatch.setattr(upgrade, "_migrate_file", watched)
    Store.at(archive, write=True).close()
    assert modes == [("delete",)]


def test_a_copy_that_was_not_written_whole_is_not_swapped_in(
    archive: Path, next_migration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    next_migration.write_text(NEXT.format(head=upgrade.newest(), before="pass", after="pass"))
    monkeypatch.setattr(
        upgrade, "_migrate_file", lambda path, _: Path(f"{path}-wal").write_bytes(b"half of a page")
    )
    before = rows(archive, "select * from articles")
    with pytest.raises(StorageError, match="is unchanged: look at the disk"):
        Store.at(archive, write=True)
    assert rows(archive, "select * from articles") == before


def test_a_migration_that_would_orphan_rows_is_refused(archive: Path, next_migration: Path) -> None:
    next_migration.write_text(
        NEXT.format(head=upgrade.newest(), before="pass", after="op.execute(sa.text('delete from articles'))")
    )
    with pytest.raises(Exception, match="orphan 9 rows"):
        Store.at(archive, write=True)
    assert rows(archive, "select count(*) from article_urls") == [(9,)]


def test_an_upgrade_does_not_swap_the_file_under_a_reader(archive: Path, next_migration: Path) -> None:
    with Store.at(archive) as reader, reader.reading() as connection:
        connection.exec_driver_sql("select count(*) from articles").fetchall()
        with closing(sqlite3.connect(archive)) as other, other:
            other.execute("pragma wal_autocheckpoint=0")
            other.execute("insert into article_urls (url, article_id) values ('https://x.example/new', 'a')")
            next_migration.write_text(NEXT.format(head=upgrade.newest(), before="pass", after="pass"))
            other.commit()
            with pytest.raises(ArchiveBusy, match="stop `onrecord serve`"):
                Store.at(archive, write=True)
    assert rows(archive, "select count(*) from article_urls") == [(10,)]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_migration_killed_half_way_leaves_the_old_file_whole(
    archive: Path, next_migration: Path, moment: str
) -> None:
    head = upgrade.newest()
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    parts = {"before": "pass", "after": "pass", moment: kill}
    next_migration.write_text(NEXT.format(head=head, **parts))
    program = textwrap.dedent(
        """
        import pathlib, sys
        from storage import upgrade
        from storage.store import Store
        upgrade._MIGRATIONS = pathlib.Path(sys.argv[2])
        Store.at(sys.argv[1], write=True)
        """
    )
    folder = next_migration.parent.parent
    ended = subprocess.run(
        [sys.executable, "-c", program, archive, folder], check=False, env=dict(os.environ)
    )
    assert ended.returncode == -signal.SIGKILL
    assert rows(archive, "pragma integrity_check") == [("ok",)]
    assert rows(archive, "select count(*) from article_urls") == [(9,)]
    next_migration.write_text(NEXT.format(head=head, before="pass", after="pass"))
    Store.at(archive, write=True).close()
    assert rows(archive, "select version_num from alembic_version") == [("test_next",)]
