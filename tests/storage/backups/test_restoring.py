"""A backup comes back to the bit beside what is there, and a bad one leaves everything as it was."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage import captures, soundness
from storage.backups import manifest, restoring
from storage.backups.making import Made, Wanted, back_up
from storage.backups.manifest import BadBackup
from storage.errors import NewerArchive, StorageError, UsageMistake
from storage.evidence import EvidenceFolder
from storage.ids import digest_of
from storage.place import Place
from storage.schema.press import articles
from storage.store import Store
from tests.archive.world import NOW, World
from tests.engines import ON_SQLITE
from tests.storage.test_orders import CANARY, crawled, take_down


@pytest.fixture
def made(store: Store, tmp_path: Path) -> Made:
    crawled(store)
    source = tmp_path / "beacon.py"
    source.write_text("name = 'beacon'\n")
    return back_up(store, tmp_path / "kept", Wanted(at=NOW, also={"sources/beacon.py": source}))


def files_at(path: Path | None) -> dict[str, bytes]:
    return {str(path): path.read_bytes()} if path else {}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_backup_comes_back_whole(made: Made, tmp_path: Path, elsewhere: Callable[[], Place]) -> None:
    back = restoring.restore(made.path, elsewhere(), at=NOW)
    with Store(back.place) as store, store.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(articles)) == 1
        assert list(EvidenceFolder(store.place.evidence).verify(captures.each(connection))) == []
        assert list(soundness.orphans(connection)) == []
    name = back.place.index.stem
    assert back.settings == tmp_path / "new" / f"{name}.settings"
    assert (back.settings / "sources" / "beacon.py").read_text() == "name = 'beacon'\n"
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        *(["archive.db"] if back.place.path else []),
        f"{name}.evidence",
        f"{name}.settings",
    ]


def test_the_newest_of_a_folder_is_taken(
    store: Store, made: Made, tmp_path: Path, elsewhere: Callable[[], Place]
) -> None:
    later = back_up(store, tmp_path / "kept", Wanted(at=NOW + dt.timedelta(days=1)))
    assert restoring.chosen(tmp_path / "kept") == later.path
    assert restoring.chosen(made.path) == made.path
    (tmp_path / "latest").symlink_to(later.path)
    restoring.restore(tmp_path / "latest", elsewhere(), at=NOW)
    with pytest.raises(BadBackup, match="holds no backup"):
        restoring.chosen(tmp_path / "nowhere")


@ON_SQLITE  # into a server nothing is restored but into an empty database
def test_an_archive_that_is_there_stays_unless_told(store: Store, made: Made, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is there already"):
        restoring.restore(made.path, store.place, at=NOW)
    World(store).article("What came after the backup.", url="https://paper.example/after")
    back = restoring.restore(made.path, store.place, at=NOW, force=True)
    with store.writing() as connection:  # it was open all the while, and goes on with what was restored
        assert connection.scalar(sa.select(sa.func.count()).select_from(articles)) == 1
    kept = next(path for path in back.aside if path.name.startswith("archive.db.before-restore-"))
    with Store.at(kept) as old, old.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(articles)) == 2


def test_evidence_without_its_records_is_not_overwritten(made: Made, elsewhere: Callable[[], Place]) -> None:
    place = elsewhere()
    place.evidence.mkdir(parents=True)
    (place.evidence / "of-another.warc.gz").write_bytes(b"kept")
    with pytest.raises(StorageError, match=r"\.evidence is there already"):
        restoring.restore(made.path, place, at=NOW)
    assert files(place.evidence.parent) == {str(place.evidence / "of-another.warc.gz"): b"kept"}


@ON_SQLITE  # since there it replaces what stands
def test_what_was_erased_after_the_backup_is_named(store: Store, made: Made) -> None:
    with store.reading() as connection:
        article = connection.scalar(sa.select(articles.c.id))
    assert article
    take_down(store, article)
    back = restoring.restore(made.path, store.place, at=NOW, force=True)
    assert list(back.erased_since) == [article]
    assert CANARY.encode() in store.place.path.read_bytes() if store.place.path else False


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def linked_elsewhere(path: Path) -> None:
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target)


def resigned(backup: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """As somebody would who signs what they changed."""
    path = backup / manifest.NAME
    said = json.loads(path.read_text())["manifest"]
    change(said)
    digest = digest_of(json.dumps(said, sort_keys=True, separators=(",", ":")).encode())
    path.write_text(json.dumps({"sha256": digest, "manifest": said}))


DAMAGE: dict[str, Callable[[Path], None]] = {
    "a bit of a record": lambda path: flip(next((path / "evidence").iterdir())),
    "a bit of the database": lambda path: flip(next(path.glob("archive.d*"))),
    "a bit of the manifest": lambda path: flip(path / "manifest.json"),
    "a cut file": lambda path: os.truncate(next((path / "evidence").iterdir()), 100),
    "a file that grew to a bomb": lambda path: os.truncate(next(path.glob("archive.d*")), 2**40),
    "a missing file": lambda path: next((path / "evidence").iterdir()).unlink(),
    "a strange file": lambda path: (path / "evidence" / "another.warc.gz").touch(),
    "a link": lambda path: linked_elsewhere(next(path.glob("archive.d*"))),
    "a folder that is a link": lambda path: linked_elsewhere(path / "evidence"),
    "no manifest": lambda path: (path / "manifest.json").unlink(),
    "a manifest of another shape": lambda path: (path / "manifest.json").write_text("[1, 2]"),
    "other counts": lambda path: resigned(path, lambda said: said["counts"].update(articles=2)),
    "a number that is a word": lambda path: resigned(path, lambda said: said["files"][0].update(length="9")),
    "a name twice": lambda path: resigned(path, lambda said: said["files"].append(said["files"][0])),
    "no database": lambda path: resigned(path, lambda said: said["files"].pop(0)),
    "a newer schema": lambda path: resigned(path, lambda said: said.update(schema="9999")),
    "a newer format": lambda path: resigned(path, lambda said: said.update(format=99)),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_backup_that_is_not_as_it_was_made_is_refused_in_a_line(
    store: Store, made: Made, tmp_path: Path, elsewhere: Callable[[], Place], damage: str
) -> None:
    DAMAGE[damage](made.path)
    store.close()
    live = files(store.place.evidence) | files_at(store.place.path)
    new = elsewhere()
    for place in (new, store.place) if store.place.path else (new,):
        with pytest.raises((BadBackup, NewerArchive)) as told:
            restoring.restore(restoring.chosen(made.path), place, at=NOW, force=True)
        assert "\n" not in str(told.value)
    assert not list((tmp_path / "new").glob("*")), "nothing half restored is left"
    assert files(store.place.evidence) | files_at(store.place.path) == live
    if new.url:
        engine = sa.create_engine(new.url)
        assert sa.inspect(engine).get_table_names() == []
        engine.dispose()


@pytest.mark.parametrize(
    "name",
    [
        "evidence/../../outside.warc.gz",
        "../outside.db",
        "/etc/outside.db",
        "evidence/..",
        "evidence/a/b",
        "evidence\\..\\outside",
        "sources/.hidden.py",
        "settings/other.toml",
        "archive.db/x",
        "",
        "evidence/a\n",
    ],
)
def test_a_name_leads_nowhere_but_into_the_backup(
    made: Made, tmp_path: Path, elsewhere: Callable[[], Place], name: str
) -> None:
    resigned(
        made.path, lambda said: said["files"].append({"path": name, "length": 0, "sha256": digest_of(b"")})
    )
    before, place = files(tmp_path), elsewhere()
    with pytest.raises(BadBackup, match="no name of a backup's file"):
        restoring.restore(made.path, place, at=NOW)
    assert files(tmp_path) == before


def test_a_backup_that_needs_more_room_than_there_is_is_refused_before_it_is_read(
    made: Made, elsewhere: Callable[[], Place]
) -> None:
    resigned(made.path, lambda said: said["files"][0].update(length=2**60))
    with pytest.raises(StorageError, match="bytes free, the backup needs"):
        restoring.restore(made.path, elsewhere(), at=NOW)


def test_it_is_restored_to_the_engine_it_came_from(made: Made, engine: str, tmp_path: Path) -> None:
    server, file = Place.of("postgresql://localhost/press", evidence=tmp_path), Place.of(tmp_path / "new.db")
    other, into = (server, "a path") if engine == "sqlite" else (file, "postgresql://")
    with pytest.raises(UsageMistake, match=f"--into {into}"):
        restoring.restore(made.path, other, at=NOW)
