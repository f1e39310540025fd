"""``onrecord verify`` finds each kind of damage, names it and what to do, and finds nothing where nothing is."""

import datetime as dt
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from linker.quotation_files import QuotationFolder
from linker.quotations import QuotationIndex
from linker.stored.reported import identity
from onrecord.application import app
from storage import soundness
from storage.backups import restoring
from storage.backups.making import Wanted, back_up
from storage.backups.manifest import BadBackup
from storage.evidence import EvidenceFolder
from storage.place import Place
from storage.search.indexer import open_indexer
from storage.store import Store
from storage.warc import Exchange
from tests.archive.world import NOW, World
from tests.engines import ON_SQLITE, address_of
from tests.storage.test_evidence import kept
from tests.storage.test_orders import crawled, linked, restrict, take_down


def verified(store: Store, *arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(
        app, ["verify", "--archive", address_of(store), "--json", *arguments], catch_exceptions=False
    )
    told: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (0 if told["sound"] else 1)
    return told


@pytest.fixture
def whole(store: Store) -> Store:
    """An archive with a link, an order, a log, evidence and an index."""
    article = crawled(store)
    linked(store, article)
    hidden = World(store).article("Another story of red kites.", url="https://paper.example/hidden")
    restrict(store, hidden)
    sql(
        "update article_versions set capture_id = null where capture_id not in (select id from captures where warc_file like 'onrecord-%')"
    )(store)
    sql("delete from captures where warc_file not like 'onrecord-%'")(store)
    with open_indexer(store) as indexer:
        indexer.catch_up()
    return store


def test_a_sound_archive_has_no_finding_whatever_was_done_to_it(whole: Store) -> None:
    assert verified(whole) == {"sound": True, "findings": []}
    with whole.reading() as connection:
        article = connection.scalar(sa.text("select article_id from links limit 1"))
    take_down(whole, article)
    assert verified(whole) == {"sound": True, "findings": []}, "the index is only behind"


def sql(*statements: str) -> Callable[[Store], None]:
    def run(store: Store) -> None:
        with store.writing() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    return run


def flipped(store: Store) -> None:
    (path,) = store.place.evidence.glob("*.warc.gz")
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)


def lost(store: Store) -> None:
    (path,) = store.place.evidence.glob("*.warc.gz")
    path.unlink()


def strange(store: Store) -> None:
    (store.place.evidence / "onrecord-20240101T000000Z-abcd-1-00000.warc.gz").write_bytes(b"nobody's")


def longer(store: Store) -> None:
    (path,) = store.place.evidence.glob("*.warc.gz")
    with path.open("ab") as file:
        file.write(b"and more")


def of_the_index(store: Store) -> None:
    path = next(store.place.index.glob("*/*.store"))
    content = bytearray(path.read_bytes())
    content[5] ^= 1
    path.write_bytes(content)


def renamed_index(store: Store) -> None:
    (store.place.index / "current").write_bytes(b"v2-\xff\n")


def torn(store: Store) -> None:
    store.place.quotations.mkdir()
    (store.place.quotations / "current.npz").write_bytes(b"PK torn")


def quoting_what_is_gone(store: Store) -> None:
    with store.reading() as connection:
        folder = QuotationFolder(store.place.quotations, identity(connection))
    index = QuotationIndex()
    text = "Nobody was awake at night, they wrote, and nobody had been told."
    index.add([("inspection-1", text, [(0, len(text))])])
    with folder.held():
        folder.save(index, {"inspection-1": "report-gone 7"})


DAMAGE: dict[str, tuple[Callable[[Store], None], str]] = {
    "evidence": (flipped, "altered since it was kept"),
    "a lost file": (lost, "No such file"),
    "a strange file": (strange, "no record of the archive lies in it"),
    "a longer file": (longer, "8 bytes lie behind its last record"),
    "a byte of the index": (of_the_index, "its bytes are not those of its checksum"),
    "an index that is not there": (renamed_index, "it names no index that is there"),
    "logs": (sql("update audit set reason = 'another' where seq = 1"), "row 1 of the log of audit"),
    "a version": (sql("update articles set latest_version = 7"), "without its latest version"),
    "a link": (sql("update links set version = 7"), "on a version that its article has not"),
    "a silent change": (sql("delete from changes where what = 'article'"), "does not tell of"),
    "an order": (sql("update orders set lifted_at = '2024-06-03'"), "without a standing order"),
    "erased words": (
        sql("update articles set restriction = 'taken down' where restriction is not null"),
        "words are left",
    ),
    "index": (
        sql("update article_versions set digest = 'other'"),
        "is not in the index as it is in the archive",
    ),
    "torn words": (torn, "cannot be read"),
    "words that are gone": (quoting_what_is_gone, "report-gone: words of it are kept"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_damage_is_found_and_told_with_what_to_do(whole: Store, damage: str) -> None:
    make, said = DAMAGE[damage]
    make(whole)
    found = verified(whole)["findings"]
    assert any(said in one["what"] for one in found), found
    assert all(one["do"] for one in found)


@ON_SQLITE  # a server takes no such row
def test_a_row_that_refers_to_none_is_found(whole: Store) -> None:
    whole.close()
    assert whole.place.path
    with sqlite3.connect(whole.place.path) as connection:
        connection.execute("insert into article_urls values ('https://paper.example/x', 'article-none')")
    connection.close()
    found = verified(whole)["findings"]
    assert any("refers to a row of articles that is not there" in one["what"] for one in found)


def test_a_backup_is_verified_without_putting_it_back(whole: Store, tmp_path: Path) -> None:
    def found(folder: Path) -> list[str]:
        return [one["what"] for one in verified(whole, "--backup", str(folder))["findings"]]

    folder = tmp_path / "kept"
    first, second = (back_up(whole, folder, Wanted(at=NOW + dt.timedelta(days=day))).path for day in range(2))
    assert found(folder) == found(first) == []
    (second / "evidence" / "another.warc.gz").write_bytes(b"nobody's")
    assert found(folder) == [f"{second}: evidence/another.warc.gz is no file of this backup"]
    with pytest.raises(BadBackup, match="is no file of this backup; move it away"):
        restoring.restore(second, Place.of(tmp_path / "new.db"), at=NOW)
    next((first / "evidence").iterdir()).unlink()
    said = (second / "manifest.json").read_text()
    (second / "manifest.json").write_text(said.replace("2024-06", "2024-07"))
    missing, edited = found(folder)
    assert "No such file" in missing
    assert "was altered since the backup was made" in edited
    (second / "manifest.json").unlink()
    assert "its manifest, manifest.json: it has none" in found(folder)[1]


def test_shares_of_the_evidence_go_around(store: Store) -> None:
    folder = EvidenceFolder(store.place.evidence, rotate_above=1)
    for number in range(5):
        kept(
            store,
            folder,
            Exchange(url=f"https://p.example/{number}", fetched_at=NOW, body=b"x" * 500, status=200),
        )
    seen = [verified(store, "--share", "0.4")["warc_files"] for _ in range(5)]
    files = sorted(path.name for path in store.place.evidence.glob("*.warc.gz"))
    read = [name for one in seen for name in one]
    assert read == (files * 3)[: len(read)], "round and round, none left out, none sooner again"
    assert 10 <= len(read) < 15
    with store.reading() as connection:
        assert soundness.portion(connection, 1.0, None) == files
        assert len(soundness.portion(connection, 0.0, "zzz")) == 1


def test_nothing_is_written_without_a_share(whole: Store, tmp_path: Path) -> None:
    def rows() -> int:
        with whole.reading() as connection:
            return int(connection.scalar(sa.text("select count(*) from runs")) or 0)

    before = rows()
    verified(whole)
    assert rows() == before
    verified(whole, "--share", "1")
    assert rows() == before + 1
