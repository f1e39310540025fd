"""The index follows the store through every change, is mended at the start, and forgets what was erased."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import changes
from storage.schema.people import changes as change_table
from storage.schema.press import article_versions as version_table
from storage.schema.press import articles as article_table
from storage.search.comparing import differing
from storage.search.errors import IndexerBusy
from storage.search.found import Search
from storage.search.indexer import Indexer, open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.world import NOW, World
from tests.storage.finding import Find, find, world

__all__ = ["find", "world"]


def test_a_report_is_found_and_knows_whether_the_press_covered_it(world: World, find: Find) -> None:
    setting = world.setting()
    inspection = world.inspection(setting)
    report = world.report(setting, inspection)
    assert find("kind:report linked:no judgement:inadequate") == [report]
    article = world.article()
    world.link(article, inspection_id=inspection, setting_id=setting)
    assert find("kind:report linked:no") == []
    assert find("kind:report linked:yes") == [report]


def test_a_link_that_moves_leaves_the_old_report_uncovered(world: World, store: Store, find: Find) -> None:
    setting = world.setting()
    old = world.inspection(setting)
    report = world.report(setting, old)
    article = world.article()
    link = world.link(article, inspection_id=old, setting_id=setting)
    assert find("kind:report linked:yes") == [report]
    with store.writing() as connection:
        connection.execute(
            sa.text("UPDATE links SET inspection_id = NULL, level = 'setting' WHERE id = :id"), {"id": link}
        )
        changes.note(connection, "link", [link], NOW)
    assert find("kind:report linked:yes") == []


def test_a_new_version_replaces_the_old(world: World, find: Find) -> None:
    article = world.article("the first words", url="https://www.bolton-beacon.example/a")
    assert find("first") == [article]
    world.article("the second words", url="https://www.bolton-beacon.example/a")
    assert (find("first"), find("second")) == ([], [article])


def test_a_restricted_article_leaves_the_index(world: World, store: Store, find: Find) -> None:
    article = world.article("secret words")
    assert find("secret") == [article]
    with store.writing() as connection:
        connection.execute(sa.update(article_table).values(restriction="restricted"))
        changes.note(connection, "article", [article], NOW)
    assert find("secret") == []


def test_what_is_erased_is_in_no_file_of_the_index(world: World, store: Store, find: Find) -> None:
    article = world.article("unforgettableword")
    world.article("another")
    assert find("unforgettableword") == [article]
    with store.writing() as connection:
        connection.execute(sa.delete(article_table).where(article_table.c.id == article))
        changes.note(connection, "article", [article], NOW, "erased")
    assert find("unforgettableword") == []
    files = [path for path in store.place.index.rglob("*") if path.is_file()]
    assert files
    assert not any(b"unforgettableword" in path.read_bytes() for path in files)


def test_the_index_is_mended_at_the_start(world: World, store: Store, find: Find) -> None:
    article = world.article("kept words")
    find("kept")
    with store.writing() as connection:  # a change that no sequence tells of
        connection.execute(sa.delete(change_table))
        connection.execute(sa.update(version_table).values(text="other words", digest="other"))
        later = {"seq": 1001, "what": "place", "id": "x", "change": "saved", "at": NOW}
        connection.execute(sa.insert(change_table).values(later))
    with open_indexer(store) as indexer:
        assert indexer.repair().indexed == 1
        assert indexer.repair().indexed == 0
    assert (find("kept"), find("other")) == ([], [article])


def test_a_store_that_went_back_in_time_gets_a_new_index(world: World, store: Store, find: Find) -> None:
    article = world.article("some words")
    find("some")
    with store.writing() as connection:
        connection.execute(sa.delete(change_table))
    with open_indexer(store) as indexer:
        assert indexer.repair().rebuilt
    assert find("some") == [article]


def test_an_index_that_was_deleted_comes_back(world: World, store: Store) -> None:
    world.article()
    with open_indexer(store) as indexer:
        shutil.rmtree(store.place.index)
        assert indexer.catch_up().rebuilt
        assert SearchIndex(store.place.index).search(Search()).total == 1


def test_a_rebuild_that_breaks_off_half_way_is_made_good_by_the_next(
    world: World, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.article("A story of red kites.")
    with open_indexer(store) as indexer:
        with monkeypatch.context() as broken:

            def unreadable(self: Indexer, generation: Path) -> None:
                raise OSError(5, "Input/output error")

            broken.setattr(Indexer, "_use", unreadable)
            with pytest.raises(OSError, match="Input/output"):
                indexer.rebuild()
        world.article("A story of grebes.")
        assert indexer.catch_up().rebuilt
        assert differing(store) == []


def test_one_indexer_at_a_time(store: Store) -> None:
    with open_indexer(store), pytest.raises(IndexerBusy, match="another process"), open_indexer(store):
        pass


def test_readers_follow_commits_and_swaps(world: World, store: Store) -> None:
    with open_indexer(store) as indexer:
        reader = SearchIndex(store.place.index)
        assert reader.search(Search()).total == 0
        world.article()
        indexer.catch_up()
        assert reader.search(Search()).total == 1
        indexer.rebuild()
        assert reader.search(Search()).total == 1
        world.article("another")
        indexer.catch_up()
        assert reader.search(Search()).total == 2
