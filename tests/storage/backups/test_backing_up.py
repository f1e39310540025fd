"""A backup is one moment of the archive, whole, made while others write; or there is none."""

import datetime as dt
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from filelock import FileLock

from storage import captures, orders, retention, sealing, soundness
from storage.backups import checking, making, manifest, restoring
from storage.backups.making import Made, Wanted, back_up
from storage.errors import ArchiveBusy, StorageError
from storage.evidence import EvidenceFolder
from storage.place import Place
from storage.schema.crawl import captures as captured
from storage.schema.press import articles
from storage.store import Store
from tests.archive.world import NOW, World
from tests.engines import address_of
from tests.storage.test_orders import CANARY, crawled, take_down

BACKUPS = int(os.environ.get("ONRECORD_TEST_BACKUPS") or 3)
"""How many backups are made under load; 100 in the full run."""


def backed_up(store: Store, folder: Path, day: int = 0, **wanted: object) -> Made:
    return back_up(store, folder, Wanted(at=NOW + dt.timedelta(days=day), **wanted))  # type: ignore[arg-type]


def holding(folder: Path, needle: str) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and needle.encode() in unpacked(path)
    )


def unpacked(path: Path) -> bytes:
    """The bytes of a file; of a dump, what it would write."""
    if path.name != "archive.dump":
        return path.read_bytes()
    told = ["pg_restore", "--file=-", str(path)]
    return subprocess.run(told, check=True, stdout=subprocess.PIPE).stdout


def test_a_backup_says_what_it_holds(store: Store, tmp_path: Path) -> None:
    crawled(store)
    own = tmp_path / "beacon.py"
    own.write_text("name = 'beacon'\n")
    made = backed_up(store, tmp_path / "kept", also={"sources/beacon.py": own})
    said = manifest.read(made.path)
    assert said == made.manifest
    assert [one.path.split("/")[0] for one in said.files] == [
        manifest.DATABASES[said.engine],
        "evidence",
        "sources",
    ]
    assert (said.counts["articles"], said.counts["captures"], said.damaged) == (1, 3, [])
    for one in said.files:
        assert manifest.digest_of((made.path / one.path).read_bytes()) == one.sha256
    assert made.path.name == f"{making.name_of(store)}-20240603T093000Z"
    assert made.path.stat().st_mode & 0o077 == 0, "nobody else reads it"


def test_a_finished_file_is_linked_and_a_grown_one_is_copied(store: Store, tmp_path: Path) -> None:
    crawled(store)
    first = backed_up(store, tmp_path / "kept")
    (name,) = (one.path for one in first.manifest.under("evidence"))
    second = backed_up(store, tmp_path / "kept", 1)
    assert (second.path / name).samefile(first.path / name)
    assert not (second.path / name).samefile(store.place.evidence / Path(name).name), (
        "the archive's own stays its own"
    )
    with (store.place.evidence / Path(name).name).open("ab") as file:
        file.write(b"what a crawl has not indexed yet")
    third = backed_up(store, tmp_path / "kept", 2)
    assert (third.path / name).samefile(first.path / name), "nothing behind the index is taken"


def test_what_was_taken_down_is_in_no_later_backup_and_leaves_the_older_on_request(
    store: Store, tmp_path: Path
) -> None:
    article, folder = crawled(store), tmp_path / "kept"
    first = backed_up(store, folder)
    assert holding(first.path, CANARY)
    take_down(store, article)
    second = backed_up(store, folder, 1)
    assert holding(second.path, CANARY) == []
    assert holding(second.path, "tamsinworth") == []
    assert second.outdated == [first.path]
    assert first.path.exists()
    with store.reading() as connection:
        held = list(captures.each(connection))
    assert list(EvidenceFolder(second.path / "evidence").verify(iter(held))) == []
    third = backed_up(store, folder, 2, forget=True)
    assert (third.removed, third.outdated) == ([first.path], [])
    assert holding(folder, CANARY) == []
    assert second.path.exists()


def test_a_record_that_is_not_sealed_yet_is_sealed_in_the_backup(store: Store, tmp_path: Path) -> None:
    article = crawled(store)
    with store.writing() as connection:  # killed before the bytes were overwritten
        orders.take_down(connection, "article", article, reason="asked", who="Ada Moss", at=NOW)
    (live,) = store.place.evidence.glob("*.warc.gz")
    before = live.read_bytes()
    made = backed_up(store, tmp_path / "kept")
    assert made.manifest.damaged == []
    assert (made.path / "evidence" / live.name).read_bytes() != before
    assert sealing.finish(store)
    assert (made.path / "evidence" / live.name).read_bytes() == live.read_bytes()


def test_a_takedown_while_the_backup_is_made_has_it_taken_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article, take = crawled(store), making.evidence.take

    def taken_down_meanwhile(*given: object) -> object:
        with store.reading() as connection:
            standing = connection.scalar(sa.text("select restriction from articles")) is None
        if standing:
            take_down(store, article)
        return take(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making.evidence, "take", taken_down_meanwhile)
    made = backed_up(store, tmp_path / "kept")
    assert holding(made.path, CANARY) == []
    assert made.manifest.damaged == []


def test_sealed_by_its_age_leaves_the_backup_with_the_next(store: Store, tmp_path: Path) -> None:
    article, folder = crawled(store), tmp_path / "kept"
    World(store).link(article, status="none", level="none")
    backed_up(store, folder)
    later = NOW + dt.timedelta(days=400)
    retention.enforce(store, retention.Days(unlinked_captures=300), at=later, who="schedule")
    made = backed_up(store, folder, 400, keep=1)
    assert [path.name for path in folder.glob("*Z")] == [made.path.name]
    (file,) = made.manifest.under("evidence")
    assert (made.path / file.path).stat().st_nlink == 1, "a new copy, since the record changed"


def test_the_newest_stay(store: Store, tmp_path: Path) -> None:
    made = [backed_up(store, tmp_path / "kept", day, keep=2).path for day in range(4)]
    assert [path.exists() for path in made] == [False, False, True, True]


def test_a_record_that_the_archive_lost_is_named_and_the_rest_is_kept(store: Store, tmp_path: Path) -> None:
    crawled(store)
    first = backed_up(store, tmp_path / "kept")
    (live,) = store.place.evidence.glob("*.warc.gz")
    damaged = bytearray(live.read_bytes())
    damaged[12] ^= 1
    live.write_bytes(damaged)
    assert backed_up(store, tmp_path / "kept", 1).manifest.damaged == [], (
        "the bytes are those of the backup before"
    )
    elsewhere = backed_up(store, tmp_path / "elsewhere").manifest
    with store.reading() as connection:
        hit = connection.scalars(sa.select(captured.c.id).where(captured.c.offset == 0)).all()
    assert elsewhere.damaged == hit
    live.unlink()
    assert len(backed_up(store, tmp_path / "another").manifest.damaged) == 3
    assert (first.path / "evidence" / live.name).exists()


def test_two_are_not_made_at_once_and_what_a_killed_one_left_goes(store: Store, tmp_path: Path) -> None:
    left = tmp_path / ".unfinished-archive.db-20240101T000000Z"
    left.mkdir()
    (left / "archive.db").write_bytes(b"half")
    with FileLock(tmp_path / ".lock"), pytest.raises(ArchiveBusy, match="another backup"):
        backed_up(store, tmp_path)
    assert left.exists()
    backed_up(store, tmp_path)
    assert not left.exists()


def test_no_room_is_one_line_and_leaves_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "kept"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="no backup was made"):
        backed_up(store, blocked)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "archive.db")

    monkeypatch.setattr(manifest.Manifest, "write", full)
    with pytest.raises(StorageError, match=r"archive\.db: No space left"):
        backed_up(store, tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == [".lock"]


WRITING = textwrap.dedent("""
    import datetime as dt, sys
    from storage import articles, captures
    from storage.evidence import EvidenceFolder
    from storage.records import Article
    from storage.store import Store
    from storage.warc import Exchange
    at = dt.datetime(2024, 3, 5, tzinfo=dt.UTC)
    with Store.at(sys.argv[1], write=True) as store, EvidenceFolder(store.place.evidence).writer(at=at) as writer:
        for number in range(10**6):
            url = f"https://p.example/{number}"
            with writer.batch() as batch:
                made = batch.keep(Exchange(url=url, fetched_at=at, body=b"%d " % number * 900, status=200))
                batch.sync()
                with store.writing() as connection:
                    captures.save(connection, [made])
                    text = f"Story {number}. " * 40
                    articles.save(connection, Article(url=url, text=text), at=at, capture_id=made.id)
            print(number, flush=True)
""")


def test_backups_under_load_are_each_one_moment_and_whole(
    store: Store, tmp_path: Path, elsewhere: Callable[[], Place]
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", WRITING, address_of(store)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child:
        rows = -1
        for number in range(BACKUPS):
            for _ in range(3):
                acknowledged = int(child.stdout.readline())
            made = backed_up(store, tmp_path / "kept", number, keep=2)
            back = restoring.restore(made.path, elsewhere(), at=NOW)
            with Store(back.place) as whole, whole.reading() as connection:
                assert list(soundness.database(connection)) == []
                held = connection.scalar(sa.select(sa.func.count()).select_from(captured))
                told = connection.scalar(sa.select(sa.func.count()).select_from(articles))
            assert held is not None
            assert held == told == made.manifest.counts["captures"], "of one transaction, all or none"
            assert held > max(rows, acknowledged), "what was acknowledged before it began is in it"
            assert made.manifest.damaged == []
            assert list(checking.backups(made.path)) == [], "each byte is as the manifest says"
            rows = held
        child.kill()


def test_a_manifest_is_plain_json(store: Store, tmp_path: Path) -> None:
    made = backed_up(store, tmp_path)
    told = json.loads((made.path / "manifest.json").read_text())["manifest"]["engine"]
    assert told == ("sqlite" if store.place.path else "postgresql")
