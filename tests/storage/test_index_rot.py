"""Whatever byte of the index's files rots, it is found, or what readers are given is the same.

``ONRECORD_TEST_FLIPS`` says how many bytes: 1,000 is full size; ``ONRECORD_TEST_ROUND`` chooses others.
"""

import os
import random
from pathlib import Path

import pytest
import tantivy

from storage import articles, soundness
from storage.dates import utc_now
from storage.records import Article
from storage.search import checking
from storage.search.fields import prepare
from storage.search.folder import IndexFolder
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.engines import ON_SQLITE

pytestmark = ON_SQLITE  # the files of an index are the same on either

FLIPS = int(os.environ.get("ONRECORD_TEST_FLIPS") or 60)
CHANCE = random.Random(1_000 * int(os.environ.get("ONRECORD_TEST_ROUND") or 0) + 13)


def write(store: Store, text: str) -> None:
    article = Article(url=f"https://paper.example/{text[:20]}", text=text)
    with store.writing() as connection:
        articles.save(connection, article, at=utc_now())


@pytest.fixture
def indexed(store: Store) -> IndexFolder:
    """An index of two segments, one of them with documents that were replaced."""
    for number in range(6):
        write(store, f"{number}: inspectors called at the home twice. " * 20)
    with open_indexer(store) as indexer:
        indexer.catch_up()
        write(store, "Nobody was awake at night, they wrote. ")
        indexer.catch_up()
    return IndexFolder(store.place.index)


def given(folder: IndexFolder) -> object:
    """All that is stored of every document, and the words that are found."""
    generation = folder.current()
    if generation is None:
        return None
    index = prepare(tantivy.Index.open(str(generation)))
    searcher = index.searcher()
    every = searcher.search(tantivy.Query.all_query(), 100)
    found = searcher.search(index.parse_query("inspectors", ["text"]), 100)
    documents = [searcher.doc(address).to_dict() for _, address in every.hits]
    return every.count, found.count, sorted(map(str, documents))


def put(path: Path, content: bytes) -> None:
    """Other bytes under that name: to cut short what a reader has mapped would end this process."""
    other = path.with_name(f"{path.name}.other")
    other.write_bytes(content)
    other.replace(path)


def files(folder: IndexFolder) -> list[Path]:
    generation = folder.current()
    assert generation
    inside = [path for path in generation.iterdir() if path.suffix != ".lock" and path.stat().st_size]
    return sorted([*inside, folder.root / "current"])


def test_every_flipped_byte_is_found_or_changes_nothing(store: Store, indexed: IndexFolder) -> None:
    assert list(soundness.index(store)) == []
    before, paths, missed, harmless = given(indexed), files(indexed), [], 0
    for number in range(FLIPS):
        path = paths[number % len(paths)]
        whole = path.read_bytes()
        rotten, position = bytearray(whole), CHANCE.randrange(len(whole))
        rotten[position] ^= 1 << CHANCE.randrange(8)
        put(path, bytes(rotten))
        if not checking.faults(indexed):
            harmless += 1
            if given(indexed) != before:
                missed.append((path.name, position))
        put(path, whole)
    assert missed == []
    assert harmless < FLIPS // 2
    assert checking.faults(indexed) == []


@pytest.mark.parametrize("ending", ["store", "idx", "term", "pos", "fast", "fieldnorm"])
def test_a_file_that_is_cut_or_lost_is_found(store: Store, indexed: IndexFolder, ending: str) -> None:
    path = next(path for path in files(indexed) if path.suffix == f".{ending}")
    put(path, path.read_bytes()[:-1])
    (finding,) = soundness.index(store)
    assert path.name in finding.what
    assert "onrecord index" in finding.do
    path.unlink()
    assert list(soundness.index(store))


def test_an_index_that_nobody_made_yet_is_no_fault(store: Store) -> None:
    assert list(soundness.index(store)) == []
