"""``onrecord backup`` and ``restore``, and the drill, as an operator types them."""

import json
import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from onrecord import drilling
from onrecord.application import app
from storage.backups import snapshot
from storage.backups.manifest import BadBackup
from storage.errors import StorageError, UsageMistake
from storage.schema.press import articles
from storage.store import Store
from tests.archive.world import World
from tests.engines import ON_SQLITE, address_of
from tests.storage.test_orders import crawled, linked, take_down

ON_FILES = ON_SQLITE
"""A server is restored to an empty database alone, and its drill named one: the last test."""
RESTORES = int(os.environ.get("ONRECORD_TEST_RESTORES") or 1)
"""How many drills are run; 100 in the full run."""


@pytest.fixture(autouse=True)
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with settings, and a source of the newsroom's own."""
    folder = tmp_path / "newsroom"
    (folder / "sources").mkdir(parents=True)
    (folder / "onrecord.toml").write_text('contact = "desk@paper.example"\n')
    (folder / "sources" / "beacon.py").write_text("name = 'beacon'\n")
    monkeypatch.chdir(folder)
    return folder


def onrecord(store: Store, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--archive", address_of(store)], catch_exceptions=False)


@ON_FILES
def test_a_drill_proves_the_newest_backup_and_leaves_nothing(store: Store, tmp_path: Path) -> None:
    linked(store, crawled(store))
    kept = str(tmp_path / "kept")
    made = json.loads(onrecord(store, "backup", kept, "--json").stdout)
    assert made["files"] == 4, "records, evidence, settings, a source"
    before = sorted(tmp_path.rglob("*"))
    for _ in range(RESTORES):
        drilled = onrecord(store, "restore", kept, "--drill", "--json")
        told = json.loads(drilled.stdout)
        assert (drilled.exit_code, told["passed"]) == (0, True), told
    tried = [proof["what"] for proof in told["proofs"]]
    assert tried == ["bytes", "records", "counts", "logs", "evidence", "index", "page"]
    assert sorted(tmp_path.rglob("*")) == before
    said = onrecord(store, "restore", kept, "--drill").stdout
    assert "/articles/article-" in said
    assert said.endswith("would give the archive back\n")


@ON_FILES
def test_a_drill_fails_on_what_a_restore_alone_does_not_see(store: Store, tmp_path: Path) -> None:
    article = crawled(store)
    kept = tmp_path / "kept"
    with store.writing() as connection:
        connection.execute(sa.text("delete from changes"))
    onrecord(store, "backup", str(kept))
    drilled = onrecord(store, "restore", str(kept), "--drill")
    assert drilled.exit_code == 1
    assert f"records: {article}: an article that the change sequence does not tell of" in drilled.stderr
    with pytest.raises(UsageMistake, match="replaces nothing"):
        onrecord(store, "restore", str(kept), "--drill", "--force")
    with pytest.raises(UsageMistake, match="a place of its own"):
        onrecord(store, "restore", str(kept), "--drill", "--into", str(tmp_path / "new.db"))
    assert not list(tmp_path.glob("new.db*"))


@ON_FILES
def test_an_archive_is_restored_and_opened(store: Store, tmp_path: Path) -> None:
    article = crawled(store)
    kept, new = str(tmp_path / "kept"), tmp_path / "new.db"
    onrecord(store, "backup", kept)
    said = onrecord(store, "restore", kept, "--into", str(new)).stdout
    assert "look at them and put them in their place" in said
    assert (tmp_path / "new.db.settings" / "settings" / "onrecord.toml").is_file()
    with Store.at(new) as back, back.reading() as connection:
        assert connection.scalars(sa.select(articles.c.id)).all() == [article]
    with pytest.raises(StorageError, match="is there already"):
        onrecord(store, "restore", kept)


@ON_FILES
def test_the_operator_is_told_what_older_backups_and_a_restore_bring_back(
    store: Store, tmp_path: Path
) -> None:
    article = crawled(store)
    kept = str(tmp_path / "kept")
    first = json.loads(onrecord(store, "backup", kept, "--json").stdout)["backup"]
    take_down(store, article)
    warned = onrecord(store, "backup", kept, "--keep", "5")
    assert (warned.exit_code, "1 older backup holds what was erased" in warned.stderr) == (0, True)
    back = onrecord(store, "restore", first, "--force")
    assert (back.exit_code, article in back.stderr) == (1, True)
    take_down(store, article)
    forgotten = json.loads(onrecord(store, "backup", kept, "--forget", "--json").stdout)
    assert first in forgotten["removed"]


@ON_FILES
def test_a_name_that_was_erased_is_in_no_later_backup(store: Store, tmp_path: Path) -> None:
    crawled(store)
    kept = tmp_path / "kept"
    first = Path(json.loads(onrecord(store, "backup", str(kept), "--json").stdout)["backup"])
    assert b"Rowan Ash" in (first / "archive.db").read_bytes()
    onrecord(store, "person", "erase", "Rowan Ash", "--reason", "asked on 3 March", "--in-evidence", "--yes")
    onrecord(store, "backup", str(kept), "--forget")
    held = [path for path in kept.rglob("*") if path.is_file()]
    assert held
    assert not [path for path in held if b"Rowan Ash" in path.read_bytes()]
    assert onrecord(store, "restore", str(kept), "--drill").exit_code == 0


def test_the_password_of_a_database_is_told_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho ${PGPASSWORD:+has} it: "$@" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(BadBackup) as told:
        snapshot.ask("pg_dump", "postgresql+psycopg://desk:s3cret@localhost:1/press", "--format=custom")
    said = "pg_dump failed: has it: --format=custom --dbname=postgresql://desk@localhost:1/press"
    assert str(told.value) == said, (
        "it got the password by the environment, and no list of processes shows it"
    )


@ON_FILES
def test_evidence_of_the_settings_is_not_touched_by_a_restore_elsewhere(
    store: Store, tmp_path: Path, newsroom: Path
) -> None:
    crawled(store)
    onrecord(store, "backup", str(tmp_path / "kept"))
    (newsroom / "onrecord.toml").write_text(f'evidence = "{store.place.evidence}"\n')
    before = sorted(store.place.evidence.iterdir())
    onrecord(store, "restore", str(tmp_path / "kept"), "--into", str(tmp_path / "new.db"), "--force")
    assert sorted(store.place.evidence.iterdir()) == before


@ON_FILES
def test_an_empty_archive_can_be_drilled(store: Store, tmp_path: Path) -> None:
    onrecord(store, "backup", str(tmp_path / "kept"))
    assert onrecord(store, "restore", str(tmp_path / "kept"), "--drill").exit_code == 0


@pytest.mark.postgres
def test_an_archive_in_postgresql_is_dumped_and_drilled(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = postgres.rsplit("/", 1)[1]
    engine = sa.create_engine(
        postgres.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with Store.at(postgres, write=True, evidence=tmp_path / "warcs") as store:
        World(store).article("A story of red kites.")
        at = ["--archive", postgres, "--evidence", str(tmp_path / "warcs")]
        made = CliRunner().invoke(
            app, ["backup", str(tmp_path / "kept"), *at, "--json"], catch_exceptions=False
        )
        backup = Path(json.loads(made.stdout)["backup"])
        with pytest.raises(UsageMistake, match="an empty database"):
            drilling.drill(backup)
        with pytest.raises(StorageError, match="has tables"):
            drilling.drill(backup, into=postgres)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"create database {name}_drill")
        try:
            assert drilling.drill(backup, into=f"{postgres}_drill").passed
        finally:
            with engine.connect() as connection:
                connection.exec_driver_sql(f"drop database {name}_drill with (force)")
            engine.dispose()
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(StorageError, match="pg_dump is not installed here; install"):
            CliRunner().invoke(app, ["backup", str(tmp_path / "kept"), *at], catch_exceptions=False)
