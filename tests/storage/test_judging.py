"""People's judgements among the links: they show at once, outlive every rerun, and can be taken back."""

import pytest
import sqlalchemy as sa

from storage import articles, audit, changes, judged, judgements
from storage.errors import NotFound, UsageMistake
from storage.records import Article
from storage.schema import links as linking
from storage.store import Store
from tests.storage import judging as scene
from tests.storage.judging import decision, judge, link, told, undo, withdrawn


@pytest.fixture
def article(store: Store) -> str:
    """An article that the linker asserts to be about the first home's inspection."""
    scene.a_register(store)
    id_ = scene.an_article(store)
    link(store, id_)
    return id_


def test_a_confirmation_shows_at_once(store: Store, article: str) -> None:
    judge(store, article, "confirmed", level="inspection", record="i-1", reason="the dates agree")
    row = decision(store, article)
    assert (row.status, row.answer, row.level, row.inspection_id) == (
        "linked",
        "asserted",
        "inspection",
        "i-1",
    )
    assert (row.decided_by, row.confirmed, row.probability) == ("Ada Moss", True, 1.0)
    assert withdrawn(store, article) == [], "the same assertion was not withdrawn"
    assert told(store, article) == ["Fernlea is where home 1 is"]


def test_another_candidate_withdraws_what_was_asserted(store: Store, article: str) -> None:
    with store.reading() as connection:
        before = changes.last(connection)
    judge(store, article, "confirmed", level="inspection", record="i-2")
    row = decision(store, article)
    assert (row.inspection_id, row.setting_id, row.provider_id) == ("i-2", "s-2", "p-2")
    assert withdrawn(store, article) == ["i-1"]
    assert told(store, article) == ["Fernlea is where home 2 is"]
    with store.reading() as connection:
        noted = {(what, change) for _, what, _, change in changes.since(connection, before)}
    assert noted == {("judgement", "saved"), ("link", "saved"), ("article", "saved")}


@pytest.mark.parametrize(
    ("level", "record", "reached"),
    [
        ("inspection", "i-2", ("i-2", "s-2", "p-2")),
        ("setting", "s-2", (None, "s-2", "p-2")),
        ("provider", "p-2", (None, None, "p-2")),
    ],
)
def test_a_confirmation_reaches_as_far_as_the_person_is_sure(
    store: Store, article: str, level: str, record: str, reached: tuple[str | None, ...]
) -> None:
    judge(store, article, "confirmed", level=level, record=record)
    row = decision(store, article)
    assert (row.level, row.inspection_id, row.setting_id, row.provider_id) == (level, *reached)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("rejected", None),
        ("none", None),
        ("not_in_register", "not_in_register"),
        ("several_fit", "several_fit"),
        ("not_about_a_setting", "not_about_a_setting"),
    ],
)
def test_every_other_decision_asserts_nothing(
    store: Store, article: str, said: str, answer: str | None
) -> None:
    judge(store, article, said)
    row = decision(store, article)
    assert (row.status, row.level, row.answer, row.inspection_id) == ("none", "none", answer, None)
    assert row.confirmed
    assert withdrawn(store, article) == ["i-1"]


def test_a_rerun_never_overwrites_a_judgement(store: Store, article: str) -> None:
    judge(store, article, "confirmed", level="inspection", record="i-2")
    link(store, article, 2, asserts=None)
    link(store, article, 3, asserts=1)
    row = decision(store, article)
    assert (row.inspection_id, row.decided_by) == ("i-2", "Ada Moss")
    with store.reading() as connection:
        query = sa.select(linking.links.c.rank).where(linking.links.c.status == "candidate")
        assert sorted(connection.execute(query).scalars()) == [1, 2], (
            "the candidates stay, for the next reader"
        )
    assert not link(store, article, 4, asserts=1), "and the same again writes nothing"


def test_a_judgement_stands_on_a_newer_text(store: Store, article: str) -> None:
    judge(store, article, "confirmed", level="inspection", record="i-2")
    with store.writing() as connection:
        newer = Article(url="https://a.example/story", text=f"{scene.TEXT} It said so.", outlet="a")
        articles.save(connection, newer, at=scene.at(2))
    assert link(store, article, 3, version=2)
    row = decision(store, article)
    assert (row.version, row.inspection_id, row.decided_by) == (2, "i-2", "Ada Moss")
    with store.reading() as connection:
        (last,) = judgements.history(connection, article, 0)
        assert (last.version, articles_version(connection, article)) == (1, 2), (
            "it is known to be of the older"
        )


def articles_version(connection: sa.Connection, article: str) -> int:
    table = articles.articles
    version: int = connection.execute(
        sa.select(table.c.latest_version).where(table.c.id == article)
    ).scalar_one()
    return version


def test_undoing_restores_what_the_linker_says(store: Store, article: str) -> None:
    judge(store, article, "not_in_register")
    undo(store, article)
    row = decision(store, article)
    assert (row.status, row.inspection_id, row.decided_by, row.confirmed) == (
        "linked",
        "i-1",
        "linker",
        False,
    )
    assert (row.probability, row.margin) == (0.8, 2.0)
    assert told(store, article) == ["Fernlea is where home 1 is"]


def test_undoing_after_a_rerun_restores_what_it_says_now(store: Store, article: str) -> None:
    judge(store, article, "confirmed", level="inspection", record="i-1")
    link(store, article, 2, asserts=2)
    undo(store, article)
    row = decision(store, article)
    assert (row.inspection_id, row.decided_by) == ("i-2", "linker")
    assert withdrawn(store, article) == ["i-1"], "what the person had confirmed is withdrawn"
    link(store, article, 10, asserts=None)
    assert decision(store, article).answer == "several_fit", "the mention is the linker's again"


def test_only_what_stands_can_be_undone(store: Store, article: str) -> None:
    with pytest.raises(NotFound, match="no judgement on mention 0"):
        undo(store, article)
    judge(store, article, "none")
    undo(store, article)
    with pytest.raises(NotFound, match="no judgement on mention 0"):
        undo(store, article)


def test_a_second_reading_is_kept_and_changes_nothing(store: Store, article: str) -> None:
    judge(store, article, "confirmed", level="inspection", record="i-1")
    judge(store, article, "none", 2, reading=2, who="Bea Finch")
    assert decision(store, article).inspection_id == "i-1"
    with store.reading() as connection:
        assert [one.decision for one in judgements.standing(connection)] == ["confirmed"]
    undo(store, article, reading=2)
    assert decision(store, article).decided_by == "Ada Moss"
    with store.reading() as connection:
        assert [one.decision for one in judgements.standing(connection)] == ["confirmed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "undone"},
        {"decision": "perhaps"},
        {"decision": "confirmed"},
        {"decision": "none", "level": "setting", "record": "s-1"},
        {"decision": "none", "who": "linker"},
        {"decision": "none", "who": ""},
        {"decision": "none", "reading": 3},
    ],
)
def test_what_makes_no_sense_is_refused(store: Store, article: str, wrong: dict[str, str]) -> None:
    with pytest.raises(UsageMistake):
        judge(store, article, **wrong)
    with store.reading() as connection:
        assert judgements.history(connection, article, 0) == []


def test_what_is_not_there_cannot_be_judged(store: Store, article: str) -> None:
    with pytest.raises(NotFound, match="no inspection 'i-9'"):
        judge(store, article, "confirmed", level="inspection", record="i-9")
    unlinked = scene.an_article(store, "b")
    with pytest.raises(NotFound, match="no mention 0"):
        judge(store, unlinked, "none")
    assert decision(store, article).decided_by == "linker"


def test_every_judgement_is_in_the_chained_log(store: Store, article: str) -> None:
    judge(store, article, "confirmed", level="inspection", record="i-1")
    undo(store, article)
    with store.reading() as connection:
        verdict = audit.verify(connection)["judgements"]
        rows = judgements.history(connection, article, 0)
    assert (verdict.sound, verdict.rows, verdict.newest) == (True, 2, rows[-1].hash)
    assert [row.shown for row in rows] == [{"order": ["i-2", "i-1"]}, {"undoes": 1}]


@pytest.fixture
def copies(store: Store) -> tuple[str, str]:
    """Two copies of a story, linked on the first."""
    scene.a_register(store)
    first, other = (scene.an_article(store, name, story="story-1") for name in ("a", "b"))
    link(store, first)
    link(store, other, origin=first)
    return first, other


def origins(store: Store, article: str) -> str | None:
    with store.reading() as connection:
        (row,) = judged.decisions(connection, [article])
    found: str | None = row["origin"]
    return found


def test_a_judgement_holds_for_the_other_copies(store: Store, copies: tuple[str, str]) -> None:
    first, other = copies
    judge(store, first, "confirmed", level="inspection", record="i-2")
    row = decision(store, other)
    assert (row.inspection_id, row.decided_by, row.confirmed) == ("i-2", "Ada Moss", True)
    assert (origins(store, first), origins(store, other)) == (None, first)
    assert withdrawn(store, other) == ["i-1"]
    link(store, other, 3, origin=first)
    assert decision(store, other).inspection_id == "i-2"
    undo(store, first)
    assert [decision(store, one).decided_by for one in copies] == ["linker", "linker"]
    assert (origins(store, first), origins(store, other)) == (None, first)


def test_a_copy_that_was_judged_itself_keeps_its_own(store: Store, copies: tuple[str, str]) -> None:
    first, other = copies
    judge(store, other, "none")
    assert decision(store, first).status == "none"
    judge(store, first, "confirmed", 2, level="inspection", record="i-2")
    assert (decision(store, first).inspection_id, decision(store, other).status) == ("i-2", "none")
    undo(store, first)
    assert decision(store, first).decided_by == "Ada Moss", "the other copy's judgement holds for it again"
    assert origins(store, first) == other


def test_a_copy_found_later_has_the_judgement_too(store: Store, copies: tuple[str, str]) -> None:
    first, other = copies
    judge(store, first, "confirmed", level="inspection", record="i-2")
    third = scene.an_article(store, "c", story="story-1")
    link(store, third, 2, origin=first)
    with store.writing() as connection:
        stories = dict.fromkeys((first, other, third), (first, other, third))
        judged.carry(connection, stories)
        before = changes.last(connection)
        judged.carry(connection, stories)
        assert changes.last(connection) == before, "carried once, nothing is written again"
    assert (decision(store, third).inspection_id, origins(store, third)) == ("i-2", first)


def test_a_copy_that_is_parted_from_its_story_is_the_linkers_again(
    store: Store, copies: tuple[str, str]
) -> None:
    first, other = copies
    judge(store, first, "confirmed", level="inspection", record="i-2")
    with store.writing() as connection:
        scene.into_story(connection, other, None)
    link(store, other, 3)
    assert (decision(store, other).inspection_id, decision(store, other).decided_by) == ("i-1", "linker")
    assert decision(store, first).decided_by == "Ada Moss"
