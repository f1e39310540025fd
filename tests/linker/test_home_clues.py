"""Whom a home is for, its manager's post, what is demanded of it, how many homes its owner runs."""

from typing import Any

import pytest

from linker.clues import enforcement, holdings, needs, posts
from linker.clues.holdings import Holding
from linker.clues.needs import Ages
from linker.clues.posts import Post
from linker.findings import finding
from tests.linker.factories import an_article

CASES: list[tuple[Any, str, list[tuple[str, Any]]]] = [
    (
        needs,
        "The home cares for up to four children with learning disabilities and autism.",
        [("needs", frozenset({"learning", "disability", "autism"}))],
    ),
    (
        needs,
        "It is registered for five young people with social and emotional difficulties, was good in May.",
        [("needs", frozenset({"social", "emotional"}))],
    ),
    (needs, "The short-break home was visited in June.", [("needs", frozenset({"short breaks"}))]),
    (needs, "A sensory room had become a store.", []),
    (needs, "All staff must complete training in autism.", []),
    (needs, "It is not registered to care for children with learning disabilities.", []),
    (needs, "The home looks after children aged 10 to 17.", [("ages", Ages(10, 17))]),
    (needs, "A home for 16- to 18-year-olds was visited.", [("ages", Ages(16, 18))]),
    (needs, "Two boys aged 14 and 15 were later moved.", []),
    (needs, "It provides care for up to three girls.", [("sex", frozenset({"girls"}))]),
    (
        posts,
        "There has been no registered manager since June 2021.",
        [("manager", Post(state="vacant", month=6, year=2021))],
    ),
    (posts, "The manager's post had been vacant for a year.", [("manager", Post(state="vacant"))]),
    (posts, "The manager has applied to register.", [("manager", Post(state="new"))]),
    (posts, "The manager has been in post since May.", [("manager", Post(state="held", month=5))]),
    (posts, "The deputy manager left.", []),
    (posts, "No home will open without a registered manager.", []),
    (posts, "Managers did not act.", []),
    (
        enforcement,
        "Five requirements and two recommendations were made.",
        [("requirements", 5), ("recommendations", 2)],
    ),
    (enforcement, "No legal requirements were set.", [("requirements", 0)]),
    (enforcement, "Ofsted served a trio of compliance notices.", [("notices", 3)]),
    (enforcement, "The home was issued with compliance notices in May.", [("notices", -1)]),
    (enforcement, "Ofsted could serve compliance notices.", []),
    (enforcement, "Children came at short notice.", []),
    (enforcement, "It issued a notice restricting accommodation.", [("restriction", True)]),
    (enforcement, "Ofsted can restrict admissions.", []),
    (enforcement, "We have paused admissions, it said.", []),
    (enforcement, "The firm breached regulations 12, 13 and 40.", [("regulations", frozenset({12, 13, 40}))]),
    (enforcement, "The regulation 44 visitor saw it.", []),
    (enforcement, "The Regulations 2015 apply.", []),
    (holdings, "It is the only home the council runs.", [("holding", Holding(homes=1))]),
    (holdings, "It is its only home in the county.", [("holding", Holding(homes=1, here=True))]),
    (holdings, "It is one of three homes the firm runs.", [("holding", Holding(homes=3))]),
    (holdings, "The company runs two other homes.", [("holding", Holding(homes=3))]),
    (holdings, "It is the only home he has known.", []),
    (holdings, "One of three homes in England is good.", []),
]


@pytest.mark.parametrize(("kind", "text", "wanted"), CASES, ids=[text for _, text, _ in CASES])
def test_clues_of_the_home(kind: Any, text: str, wanted: list[tuple[str, Any]]) -> None:
    found = kind.find(an_article(text))
    assert [(one.kind, one.value) for one in found if one.confidence >= 0.5] == wanted
    assert all(text[one.start : one.end] == one.text for one in found)


def test_whoever_left_since_the_visit_counts_little() -> None:
    (clue,) = posts.find(an_article("The company said the manager had left."))
    assert clue.confidence < 0.3


def test_the_needs_of_another_home_count_little() -> None:
    (clue,) = needs.find(an_article("A second home will look after children with autism."))
    assert clue.confidence < 0.3


def test_a_report_is_read_in_the_same_words() -> None:
    facts = {
        "needs": ["learning disabilities", "associated complex needs"],
        "requirements": [6, 12, 13],
        "compliance_notice": [12],
        "registered_manager_since": "January 2019",
    }
    text = (
        "The home provides care for up to four boys aged 8 to 16.\nThe manager was registered in January 2019.\n"
        "What does the children's home need to do to improve?\nRecommendations\n\u25a0 Keep records (page 3).\n"
        "\u25a0 Review plans.\nInspection judgements\nOfsted issued a notice restricting accommodation."
    )
    read = finding(facts, text)
    assert read.needs == {"learning", "disability", "complex"}
    assert read.ages == Ages(8, 16)
    assert read.sexes == {"boys"}
    assert read.post == Post(state="held", month=1, year=2019)
    assert (read.requirements, read.notices, read.recommendations) == (3, 1, 2)
    assert read.restriction
    assert read.regulations == {6, 12, 13}
    assert finding({}, "A monitoring visit.").requirements is None


def test_several_names_are_printed_in_one_order() -> None:
    article = an_article(
        text="The home for girls with autism, trauma and attachment disorders broke regulation 12."
    )
    assert [str(one.value) for one in needs.find(article) if one.kind == "needs"] == [
        "attachment, autism, trauma"
    ]
    cited = an_article(text="It broke regulations 13, 12 and 40.")
    assert [str(one.value) for one in enforcement.find(cited)] == ["12, 13, 40"]
