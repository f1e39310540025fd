"""After `onrecord takedown` no byte of an article or a report is in any file, nor in the next backup."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linker.stored.quotations import index_of
from onrecord.application import app
from storage import audit
from storage.evidence import EvidenceFolder
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.world import World
from tests.engines import ON_SQLITE, address_of
from tests.storage.test_orders import CANARY, URL, crawled, linked

REPORT = "https://reports.ofsted.example/50123/"
SAID = "Quillfennock the goat was fed crisps while workers slept in the van"


def told(store: Store, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--archive", address_of(store)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def holders(folder: Path, *words: str) -> set[str]:
    """Files below the folder that hold a word, plainly or in a gzip member, as 8 or 16 bits a character."""
    sought = [form for word in words for form in (word.lower().encode(), word.lower().encode("utf-16-le"))]
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".gz":
                content += gzip.decompress(content)
            if any(one in content.lower() for one in sought):
                found.add(path.relative_to(folder).parts[0])
    return found


@pytest.fixture
def kept(store: Store) -> Store:
    """An archive with an article and a report, both linked, indexed and quoted from."""
    linked(store, crawled(store))
    world = World(store)
    setting = world.setting("SC990077")
    text = f"{SAID}. {CANARY} was visited.\n\nChildren told us that nobody was awake at night."
    world.report(setting, world.inspection(setting), text=text, url=REPORT)
    _indexed(store)
    return store


def _indexed(store: Store) -> None:
    with open_indexer(store) as indexer:
        indexer.catch_up()
    with store.reading() as connection:
        index_of(store, connection)


@ON_SQLITE  # a server's tables and dumps are looked into beside its orders and backups
def test_nothing_of_what_was_taken_down_is_in_any_file(kept: Store, tmp_path: Path) -> None:
    assert kept.place.path
    words = (CANARY, "tamsinworth", "awake at night", "quillfennock", "slept in the van")
    before = holders(tmp_path, *words)
    beside = {place.name for place in (kept.place.index, kept.place.evidence, kept.place.quotations)}
    assert {f"{kept.place.path.name}-wal", *beside} <= before, "the search can find it in each"
    kept.close()  # what was in the log is in the database now
    assert kept.place.path.name in holders(tmp_path, *words)
    for address in (URL, REPORT):
        told(kept, "takedown", address, "--reason", "asked by the family")
    assert holders(tmp_path, *words) <= {kept.place.index.name}, "the index is left to who keeps it"
    _indexed(kept)
    backups = tmp_path / "kept"
    told(kept, "backup", str(backups), "--forget")
    assert holders(tmp_path, *words) == set()
    assert any(backups.rglob("*.gz")), "the evidence is in the backup"
    with kept.reading() as connection:
        assert [one.action for one in audit.entries(connection)] == ["taken down", "taken down"]
        assert all(verdict.sound for verdict in audit.verify(connection).values())
    orders = json.loads(told(kept, "orders", "--json"))
    assert [one["kind"] for one in orders] == ["taken down"] * 2, "the tombstones"
    assert EvidenceFolder(kept.place.evidence).path.is_dir()
    told(kept, "verify")
