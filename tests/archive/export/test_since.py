"""Since a cursor: what changed, what was withdrawn, and what is held no more, by its id alone."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive.export import changed
from archive.export.exporting import Asked, export
from archive.public import Opening
from storage import changes, judgements, orders
from storage.errors import UsageMistake
from storage.judgements import Judgement
from storage.schema.registers import settings
from storage.store import Store
from tests.archive.export.reading_back import Rows, exported, rows
from tests.archive.world import NOW, World

OPEN = Opening(open=True)


def now(store: Store) -> str:
    with store.reading() as connection:
        return changed.now(connection)


def a_story(world: World, urn: str = "SC990011", **more: Any) -> tuple[str, str]:
    """An article that is linked to a setting, one of its provider's two in the authority."""
    provider = world.provider(f"Larkspur {urn} Limited")
    setting = world.setting(urn, provider=provider)
    world.setting(f"{urn}9", provider=provider)
    article = world.article()
    world.link(article, level="setting", setting_id=setting, provider_id=provider, **more)
    return article, setting


def judge(store: Store, article: str, decision: Any, record: str | None = None) -> None:
    level: Any = "setting" if record else "none"
    with store.writing() as connection:
        said = Judgement(
            article_id=article,
            mention=0,
            decision=decision,
            who="Ada Moss",
            at=NOW,
            version=1,
            shown={},
            level=level,
            record=record,
        )
        judgements.judge(connection, said)


def restrict(store: Store, article: str) -> None:
    with store.writing() as connection:
        orders.restrict(connection, "article", article, reason="section 39", who="Ada Moss", at=NOW)


def told(found: Rows) -> Rows:
    """Rows without what is empty."""
    return [{name: value for name, value in row.items() if value not in (None, [])} for row in found]


def test_nothing_changed_and_nothing_is_told(store: Store, tmp_path: Path) -> None:
    world = World(store)
    a_story(world)
    _, done = exported(store, tmp_path, "links", "jsonl")
    assert done.about.cursor == now(store)
    for what in ("links", "articles", "settings", "providers", "inspections", "judgements"):
        assert rows(store, tmp_path, what, since=done.about.cursor) == []
        assert rows(store, tmp_path, what, "parquet", since=done.about.cursor) == []


def test_what_changed_is_told_and_nothing_else(store: Store, tmp_path: Path) -> None:
    world = World(store)
    first, _ = a_story(world)
    cursor = now(store)
    second, setting = a_story(world, "SC990012")
    judge(store, second, "rejected")
    found = rows(store, tmp_path, "links", since=cursor)
    assert {row["article_id"] for row in found} == {second}
    assert sorted(row["status"] for row in found) == ["none", "withdrawn"]
    assert {row["setting_id"] for row in rows(store, tmp_path, "settings", since=cursor)} >= {setting}
    (judgement,) = rows(store, tmp_path, "judgements", since=cursor)
    assert (judgement["article_id"], judgement["decision"]) == (second, "rejected")
    whole = rows(store, tmp_path, "links", since=changed.START)
    assert {row["article_id"] for row in whole} == {first, second}


def test_what_an_order_holds_back_is_told_by_its_id_alone(store: Store, tmp_path: Path) -> None:
    world = World(store)
    article, setting = a_story(world)
    judge(store, article, "confirmed", setting)
    cursor = now(store)
    (link,) = [row for row in rows(store, tmp_path, "links") if row["status"] == "linked"]
    restrict(store, article)
    gone = {"article_id": article, "status": "restricted"}
    for form in ("jsonl", "csv", "parquet", "sqlite", "datapackage"):
        assert told(rows(store, tmp_path, "links", form, since=cursor)) == [
            gone | {"mention": 0, "link_id": link["link_id"]}
        ]
    assert told(rows(store, tmp_path, "articles", since=cursor)) == [gone]
    assert told(rows(store, tmp_path, "judgements", since=cursor)) == [gone]
    assert rows(store, tmp_path, "links") == rows(store, tmp_path, "articles") == []
    with store.writing() as connection:
        orders.take_down(connection, "article", article, reason="asked", who="Ada Moss", at=NOW)
    assert told(rows(store, tmp_path, "articles", since=cursor)) == [gone | {"status": "erased"}]


def test_a_record_that_is_held_no_more_is_told(store: Store, tmp_path: Path) -> None:
    setting = World(store).setting("SC55")
    cursor = now(store)
    with store.writing() as connection:
        connection.execute(sa.delete(settings).where(settings.c.id == setting))
        changes.note(connection, "setting", [setting], NOW, "erased")
    found = rows(store, tmp_path, "settings", since=cursor)
    assert told(found) == [{"setting_id": setting, "status": "erased"}]


def test_a_cursor_of_another_moment_is_refused(store: Store, tmp_path: Path) -> None:
    World(store).setting("SC55")
    cursor = now(store)
    for wrong in (cursor[:-1] + ("0" if cursor[-1] != "0" else "1"), "ffffff.1-" + cursor[-12:], "", "x"):
        with (
            (tmp_path / "out").open("wb") as out,
            pytest.raises(UsageMistake, match="no cursor of this archive"),
        ):
            export(store, Asked(what="links", form="csv", since=wrong or " "), out)


def test_the_public_hears_of_an_end_only_where_it_saw_a_beginning(store: Store, tmp_path: Path) -> None:
    world = World(store)
    seen, setting = a_story(world)
    judge(store, seen, "confirmed", setting)
    unseen, _ = a_story(world, "SC990013")
    judge(store, unseen, "rejected")
    cursor = now(store)
    for article in (seen, unseen):
        restrict(store, article)
    found = rows(store, tmp_path, "links", opening=OPEN, since=cursor)
    assert told(found) == [{"article_id": seen, "mention": 0, "status": "withdrawn"}]
    assert rows(store, tmp_path, "links", opening=OPEN) == []


def test_the_public_hears_that_a_person_took_their_word_back(store: Store, tmp_path: Path) -> None:
    article, setting = a_story(World(store))
    judge(store, article, "confirmed", setting)
    cursor = now(store)
    with store.writing() as connection:
        judgements.undo(connection, (article, 0), who="Ada Moss", at=NOW)
    found = rows(store, tmp_path, "links", opening=OPEN, since=cursor)
    assert [(row["article_id"], row["status"]) for row in found] == [(article, "withdrawn")]
    machine = Opening(open=True, machine_links=True)
    (still,) = rows(store, tmp_path, "links", opening=machine, since=cursor)
    assert (still["status"], still["confirmed"]) == ("linked", False)
