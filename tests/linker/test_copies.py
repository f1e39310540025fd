"""Copies of a story inherit its decision, shown as such, with the characters of their own words."""

import pytest
import sqlalchemy as sa

from linker import run
from linker.explain import as_text
from storage import links, stories
from storage.records import Link
from storage.schema.press import articles
from storage.store import Store
from tests.linker.stored_world import AT, a_home, a_register, decisions, link, save, told

HOME = a_home(7)
WHOLE = told(HOME, more="Nobody was hurt, and the home stays open while the work goes on.")
CUT = WHOLE.split(" Leaders were")[0].replace("cannot be named", "may not be named")


@pytest.fixture
def press(store: Store) -> Store:
    """A story, a cut copy without a date, and a story of its own."""
    a_register(store)
    save(store, "gazette", WHOLE, published="2022-12-14")
    save(store, "aggregator", "Read on.\n\n" + CUT)
    save(
        store,
        "courier",
        told(a_home(11)).replace("bright", "small") + " It had snowed.",
        published="2022-12-20",
    )
    return store


def standing(store: Store, outlet: str) -> list[Link]:
    with store.reading() as connection:
        id_ = connection.execute(sa.select(articles.c.id).where(articles.c.outlet == outlet)).scalar_one()
        return [one for one, _ in links.of_article(connection, id_) if one.status != "withdrawn"]


def test_a_copy_has_the_storys_decision(press: Store) -> None:
    link(press)
    made = decisions(press)
    assert made["https://gazette.example/home"][1] == "asserted"
    assert made["https://aggregator.example/home"] == made["https://gazette.example/home"]
    assert made["https://courier.example/home"] != made["https://gazette.example/home"]


def test_it_is_shown_as_decided_elsewhere(press: Store) -> None:
    link(press)
    own, copied = standing(press, "gazette.example")[0], standing(press, "aggregator.example")[0]
    assert own.origin is None
    assert copied.origin == own.article_id
    assert copied.evidence[0].clue == "story"
    assert copied.evidence[0].told == "decided on the copy of this story in gazette.example"
    (told,) = run.explain(press, copied.article_id)
    assert told["copy_of"] == "https://gazette.example/home"
    assert len(told["copies"]) == 2


def test_evidence_points_into_the_copys_own_words(press: Store) -> None:
    link(press)
    text = "Read on.\n\n" + CUT
    for one in standing(press, "aggregator.example")[0].evidence:
        if one.start is not None and one.field == "text":
            assert text[one.start : one.end] == one.text
    placed = [one for one in standing(press, "aggregator.example")[0].evidence if one.start is not None]
    assert placed


def test_the_best_known_date_helps_every_copy(store: Store) -> None:
    a_register(store)
    save(store, "aggregator", WHOLE + " Copied here for you.")
    link(store)
    save(store, "gazette", CUT, published="2022-12-14")
    assert len(link(store)) == 2
    with store.reading() as connection:
        ids = list(connection.execute(sa.select(articles.c.id)).scalars())
    for id_ in ids:
        (told,) = run.explain(store, id_)
        assert "recency" in {step["clue"] for step in told["candidates"][0]["steps"]}


def test_where_copies_differ_is_kept(press: Store) -> None:
    altered = CUT.replace("rated good", "rated inadequate").replace("up to", "no more than")
    save(press, "mirror", altered, published="2022-12-15")
    link(press)
    with press.reading() as connection:
        id_ = standing(press, "mirror.example")[0].article_id
        differing = stories.differences(connection, id_)
    assert set(differing["judgement"]) == {"Good", "Inadequate"}
    assert [one["article_id"] for one in differing["judgement"]["Inadequate"]] == [id_]


def test_parted_by_hand_it_is_linked_by_itself(press: Store) -> None:
    link(press)
    id_ = standing(press, "aggregator.example")[0].article_id
    with press.writing() as connection:
        stories.split(connection, [id_], who="ruth", at=AT)
    assert id_ in link(press)
    assert standing(press, "aggregator.example")[0].origin is None


def test_a_new_version_that_is_no_copy_leaves_the_story(press: Store) -> None:
    link(press)
    save(press, "aggregator", told(a_home(25)).replace("bright", "grey") * 2, published="2022-12-14")
    again = link(press)
    assert len(again) == 2
    assert standing(press, "aggregator.example")[0].origin is None


def test_nothing_is_compared_or_linked_twice(press: Store) -> None:
    assert len(link(press)) == 3
    assert link(press) == []


def test_the_explanation_tells_of_the_copies(press: Store) -> None:
    save(press, "mirror", CUT.replace("up to 3", "up to 9"), published="2022-12-15")
    link(press)
    told = as_text(run.explain(press, standing(press, "mirror.example")[0].article_id))
    assert "one of 3 copies of a story" in told
    assert "decided on its copy https://gazette.example/home" in told
    assert "copies differ in capacity: " in told
