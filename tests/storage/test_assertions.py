"""The log of assertions: a row for each change of what is asserted, and for nothing else; all or nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import aliases, assertions, corrections, judged, orders, regrouping, upgrade
from storage.assertions import Assertion
from storage.place import Place
from storage.records import Link
from storage.schema.links import links
from storage.schema.registers import settings
from storage.store import Store
from tests.engines import Address
from tests.linker.stored_world import a_home, a_register
from tests.storage import judging as scene
from tests.storage.judging import judge, link, undo

WHY = {"reason": "a court's order", "who": "ruth"}


@pytest.fixture
def article(store: Store) -> str:
    """An article that the linker asserts to be about the first home's inspection."""
    scene.a_register(store)
    id_ = scene.an_article(store)
    link(store, id_)
    return id_


def owned_by(number: int) -> dict[str, str]:
    """The first home is Larkspur's, the others are Dunlin's."""
    owner = "Larkspur Homes Ltd" if number == 1 else "Dunlin Care Ltd"
    return {"Organisation which owns the provider": owner}


def log(store: Store, article: str) -> list[Assertion]:
    with store.reading() as connection:
        return assertions.of_article(connection, article)


def events(store: Store, article: str) -> list[str]:
    return [one.event for one in log(store, article)]


def restrict(store: Store, article: str, hours: int) -> str:
    with store.writing() as connection:
        return orders.restrict(connection, "article", article, at=scene.at(hours), **WHY)


def take_down(store: Store, article: str, hours: int) -> None:
    with store.writing() as connection:
        orders.take_down(connection, "article", article, at=scene.at(hours), **WHY)


def test_an_assertion_is_told_once_however_often_it_is_said(store: Store, article: str) -> None:
    assert not link(store, article, 1)
    (told,) = log(store, article)
    assert (told.event, told.inspection_id, told.setting_id, told.provider_id) == (
        "asserted",
        "i-1",
        "s-1",
        "p-1",
    )
    assert (told.at, told.confirmed, told.suppressed, told.stands) == (scene.AT, False, False, True)
    with store.reading() as connection:
        standing = sa.select(links.c.id).where(links.c.rank.is_(None), links.c.status == "linked")
        assert told.link_id == connection.execute(standing).scalar_one()
        assert assertions.last(connection) == told.seq
        assert assertions.since(connection, told.seq) == []
        assert assertions.since(connection, 0, limit=5) == [told]


def test_a_relink_with_other_odds_on_the_same_record_is_no_news(store: Store, article: str) -> None:
    with store.writing() as connection:
        connection.execute(sa.update(links).values(probability=0.4))  # an older model's odds
    assert link(store, article, 1), "the links are written anew"
    assert events(store, article) == ["asserted"]


def test_what_the_linker_changes_takes_back_and_says_again_is_told(store: Store, article: str) -> None:
    link(store, article, 1, asserts=2)
    link(store, article, 2, asserts=None)
    link(store, article, 3, asserts=1)
    assert [(one.event, one.inspection_id) for one in log(store, article)] == [
        ("asserted", "i-1"),
        ("changed", "i-2"),
        ("withdrawn", "i-2"),
        ("asserted", "i-1"),
    ]


def test_what_people_decide_is_told_and_its_undoing(store: Store, article: str) -> None:
    judge(store, article, "confirmed", 1, level="inspection", record="i-1")
    undo(store, article, 2)
    judge(store, article, "confirmed", 3, level="inspection", record="i-2")
    judge(store, article, "none", 4)
    undo(store, article, 5)
    assert [(one.event, one.inspection_id, one.confirmed) for one in log(store, article)] == [
        ("asserted", "i-1", False),
        ("confirmed", "i-1", True),
        ("changed", "i-1", False),
        ("changed", "i-2", True),
        ("withdrawn", "i-2", True),
        ("asserted", "i-1", False),
    ]
    judge(store, article, "rejected", 6, reading=2)
    assert len(log(store, article)) == 6, "a second reader's word changes no link"


def test_every_copy_of_a_story_is_told_of(store: Store) -> None:
    scene.a_register(store)
    copies = [scene.an_article(store, name, story="story-1") for name in ("a", "b", "c")]
    for one in copies[:2]:
        link(store, one)
    judge(store, copies[0], "confirmed", 1, level="inspection", record="i-2")
    assert [events(store, one) for one in copies[:2]] == [["asserted", "changed"]] * 2
    assert {one.story for one in log(store, copies[1])} == {"story-1"}
    with store.writing() as connection:  # a copy that comes later, as the linker's run keeps it
        scene.links.save(connection, copies[2], 1, scene.made(copies[2]), at=scene.at(2))
        judged.carry(connection, dict.fromkeys(copies, copies))
        assertions.follow(connection, copies, scene.at(2))
    assert [(one.event, one.inspection_id) for one in log(store, copies[2])] == [("asserted", "i-2")]


def test_a_restricted_article_ends_what_was_asserted_until_the_order_is_lifted(
    store: Store, article: str
) -> None:
    order = restrict(store, article, 1)
    second = restrict(store, article, 2)
    for number, one in enumerate((order, second)):
        with store.writing() as connection:
            orders.lift(connection, one, at=scene.at(3 + number), **WHY)
    assert [(one.event, one.setting_id, one.at) for one in log(store, article)] == [
        ("asserted", "s-1", scene.AT),
        ("restricted", "s-1", scene.at(1)),
        ("restored", "s-1", scene.at(4)),
    ]


@pytest.mark.parametrize("before", ["standing", "restricted", "withdrawn"])
def test_a_takedown_leaves_ids_and_moments(store: Store, article: str, before: str) -> None:
    if before == "restricted":
        restrict(store, article, 1)
    if before == "withdrawn":
        link(store, article, 1, asserts=None)
    take_down(store, article, 2)
    told = log(store, article)
    assert told[-1].event == "erased"
    assert not told[-1].stands
    assert {one.setting_id for one in told} == {"s-1"}
    for one in told:
        assert (one.level, one.probability) == (None, None)
        assert one.confirmed is False, "where it was told is known still"
    with store.writing() as connection:
        assert assertions.follow(connection, [article], scene.at(3)) == 0


def test_a_reported_mistake_takes_it_from_public_view_and_no_more(store: Store, article: str) -> None:
    judge(store, article, "confirmed", 1, level="inspection", record="i-1")
    with store.writing() as connection:
        id_ = corrections.report(connection, article, 0, said="Not that home", at=scene.at(2), suppress=True)
        assert id_
        corrections.suppress(connection, id_, on=False, who="ruth", at=scene.at(3))
        corrections.decide(connection, id_, "upheld", "It was another", who="ruth", at=scene.at(4))
    judge(store, article, "confirmed", 5, level="inspection", record="i-1")
    assert [(one.event, one.suppressed) for one in log(store, article)][2:] == [
        ("suppressed", True),
        ("released", False),
        ("suppressed", True),
        ("released", False),
    ]
    assert all(one.stands for one in log(store, article))


def test_merging_providers_and_parting_them_changes_whose_settings_are_asserted(store: Store) -> None:
    a_register(store, [a_home(number, **owned_by(number)) for number in range(1, 5)])
    article = scene.an_article(store)
    with store.writing() as connection:
        home = connection.execute(sa.select(settings.c.id).order_by(settings.c.urn)).scalars().first()
        told = {"article_id": article, "version": 1, "mention": 0, "setting_id": home, "level": "setting"}
        made = Link(**told, status="linked", answer="asserted", probability=0.9)  # type: ignore[arg-type]
        scene.links.save(connection, article, 1, [made], at=scene.AT)
        assertions.follow(connection, [article], scene.AT)
        kept, other = (aliases.find(connection, name) for name in ("Dunlin Care Ltd", "Larkspur Homes Ltd"))
        seq = regrouping.merge(connection, kept, other, ("ruth", scene.at(1), None))
        regrouping.undo(connection, seq, ("ruth", scene.at(2), None))
    assert [(one.event, one.provider_id, one.at) for one in log(store, article)] == [
        ("asserted", other, scene.AT),
        ("changed", kept, scene.at(1)),
        ("changed", other, scene.at(2)),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda store, id_: judge(store, id_, "confirmed", 1, level="inspection", record="i-2"),
        lambda store, id_: restrict(store, id_, 1),
        lambda store, id_: take_down(store, id_, 1),
        lambda store, id_: link(store, id_, 1, asserts=None),
    ],
    ids=["judgement", "restriction", "takedown", "relink"],
)
def test_what_is_not_kept_was_not_told_either(
    store: Store, article: str, change: Callable[[Store, str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction ends after the log's row was written: neither the change nor the row is there."""
    follow = assertions.follow

    def killed(*args: object) -> int:
        follow(*args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    before = _links(store), log(store, article)
    monkeypatch.setattr(assertions, "follow", killed)
    with pytest.raises(KeyboardInterrupt):
        change(store, article)
    assert (_links(store), log(store, article)) == before


def before_the_log(archive: Address, older: Address) -> None:
    """Make the archive as a version without the log would have it, in an empty place."""
    if isinstance(older, Path):
        upgrade.create(older, "0008")
    new, old = (sa.create_engine(Place.of(one).url or f"sqlite:///{one}") for one in (archive, older))
    with new.connect() as newer, old.begin() as connection:
        if not isinstance(older, Path):
            upgrade.migrate(connection, "0008")
        tables = sa.MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            rows = [dict(row) for row in newer.execute(sa.select(*table.c)).mappings()]
            if rows and table.name != "alembic_version":
                connection.execute(sa.insert(table), rows)
    new.dispose()
    old.dispose()


def test_an_older_archive_begins_with_what_stands(archive: Address, empty: Address) -> None:
    with Store.at(archive, write=True) as store:
        scene.a_register(store)
        standing, gone, nothing, hidden = (scene.an_article(store, name) for name in "abcd")
        for one in (standing, gone, hidden):
            link(store, one)
        link(store, gone, 1, asserts=None)
        link(store, nothing, asserts=None)
        judge(store, standing, "confirmed", 2, level="setting", record="s-2")
        restrict(store, hidden, 3)
        with store.writing() as connection:
            corrections.report(connection, standing, 0, said="No", at=scene.at(3), suppress=True)
        (*_, newest) = log(store, standing)
    before_the_log(archive, empty)
    with Store.at(empty, write=True) as store, store.reading() as connection:
        (begun,) = assertions.since(connection, 0)
    assert (begun.event, begun.at, begun.suppressed) == ("asserted", scene.at(2), True)
    same = ("article_id", "level", "setting_id", "provider_id", "confirmed", "link_id", "model_id")
    assert [getattr(begun, name) for name in same] == [getattr(newest, name) for name in same]
    with Store.at(empty, write=True) as store, store.writing() as connection:
        ids = (standing, gone, nothing, hidden)
        assert assertions.follow(connection, ids, scene.at(4)) == 0, "it says all there is to say"


def _links(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(sa.select(links).order_by(links.c.id))]
