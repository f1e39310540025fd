"""A restore over a live archive, killed at any step: what stood there is whole, or the next try ends it.

``ONRECORD_TEST_RESTORE_KILLS`` says at how many steps: 100 are all, the last of which swap the archive.
"""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import captures, soundness
from storage.backups import restoring
from storage.backups.making import Wanted, back_up
from storage.backups.manifest import BadBackup
from storage.errors import StorageError
from storage.evidence import EvidenceFolder
from storage.place import Place, note_of
from storage.schema.crawl import captures as captures_table
from storage.store import Store
from tests.archive.world import NOW
from tests.engines import ON_SQLITE
from tests.storage.test_evidence import an_exchange, kept
from tests.storage.test_orders import crawled

pytestmark = ON_SQLITE
KILLS = int(os.environ.get("ONRECORD_TEST_RESTORE_KILLS") or 7)
OLD, NEW = 4, 3
"""Captures in the archive that is there, and in its backup."""

# Counts what a restore does with files, and kills the process at one of these, or tells how many there were.
COUNTED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from storage.backups import restoring
    from storage.dates import utc_now
    from storage.place import Place
    at, seen = int(sys.argv[3]), 0

    def watch(event, args):
        global seen
        if event in ("os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate") or (
            event in ("open", "sqlite3.connect") and sys.argv[1] in str(args[0])
        ):
            seen += 1
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    restoring.restore(Path(sys.argv[2]), Place.of(sys.argv[1]), at=utc_now(), force=True)
    print(seen)
    """
)


@pytest.fixture
def newsroom(store: Store, tmp_path: Path) -> Path:
    """A folder with an archive of four captures, and a backup of three of these."""
    crawled(store)
    source = tmp_path / "beacon.py"
    source.write_text("name = 'beacon'\n")
    made = back_up(store, tmp_path / "kept", Wanted(at=NOW, also={"sources/beacon.py": source}))
    kept(store, EvidenceFolder(store.place.evidence), an_exchange("https://paper.example/after"))
    store.close()
    whole = tmp_path / "whole"
    whole.mkdir()
    assert store.place.path
    shutil.copyfile(store.place.path, whole / "archive.db")
    shutil.copytree(store.place.evidence, whole / "archive.db.evidence")
    shutil.copytree(made.path, whole / "backup")
    return whole


def killed(folder: Path, at: int) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", COUNTED, folder / "archive.db", folder / "backup", str(at)]
    return subprocess.run(words, check=False, capture_output=True, text=True)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith((".lock", "-shm", "-wal")))


def held(place: Place) -> int:
    """How many captures the archive has, each of them whole and all of it sound."""
    with Store(place) as store:
        assert list(soundness.strange(store)) == []
        with store.reading() as connection:
            assert list(soundness.database(connection)) == []
            assert list(EvidenceFolder(store.place.evidence).verify(captures.each(connection))) == []
            return int(connection.scalar(sa.select(sa.func.count()).select_from(captures_table)) or 0)


def kept_aside(folder: Path) -> list[int]:
    """How many captures each archive has that a restore moved aside, records and evidence of one mark."""
    found = []
    for path in folder.glob("archive.db.before-restore-*Z"):
        evidence = folder / f"archive.db.evidence{path.name.removeprefix('archive.db')}"
        found.append(held(Place.of(path, evidence=evidence)))
    return found


def test_killed_at_any_step_the_old_archive_is_whole_or_the_next_try_ends_it(
    newsroom: Path, tmp_path: Path
) -> None:
    steps = int(killed(shutil.copytree(newsroom, tmp_path / "counted"), 0).stdout)
    assert steps > 20
    refused = 0
    for number in range(min(KILLS, steps)):
        folder = shutil.copytree(newsroom, tmp_path / f"killed-{number}")
        place = Place.of(folder / "archive.db")
        assert killed(folder, steps - number).returncode == -signal.SIGKILL
        half_way = note_of(place).exists()
        if half_way:
            refused += 1
            with pytest.raises(StorageError, match="repeat `onrecord restore`"):
                Store(place)
        else:
            assert held(place) in (OLD, NEW)
        if number % 2:  # also by a try that comes to nothing
            with pytest.raises(BadBackup):
                restoring.restore(folder / "none", place, at=NOW, force=True)
            assert held(place) in (OLD, NEW)
        restoring.restore(folder / "backup", place, at=NOW, force=True)
        assert held(place) == NEW
        assert OLD in kept_aside(folder)
        assert not list(folder.glob("*.restoring")), "no draft is left"
        shutil.rmtree(folder)
    assert refused, "some of these steps lie between evidence and records"


def test_a_restore_that_fails_half_way_puts_back_what_stood_there(
    newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, replace = Place.of(newsroom / "archive.db"), os.replace

    def full(source: Path, target: Path) -> None:
        if target == place.path:
            raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    before = files(newsroom)
    with monkeypatch.context() as patched:
        patched.setattr("storage.backups.swapping.os.replace", full)
        with pytest.raises(StorageError, match="nothing was restored"):
            restoring.restore(newsroom / "backup", place, at=NOW, force=True)
    assert files(newsroom) == before
    assert held(place) == OLD
    restoring.restore(newsroom / "backup", place, at=NOW, force=True)
    assert held(place) == NEW
