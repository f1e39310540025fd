"""Grades now and before, overall and by area, in the words of the press."""

import pytest

from linker.clues.judgements import find
from tests.linker.factories import an_article

RI = "Requires improvement to be good"

CASES = [
    ("The home was rated inadequate by Ofsted.", [("now", "overall", "Inadequate")]),
    ("It was handed the lowest possible rating.", [("now", "overall", "Inadequate")]),
    ("The home has been judged 'good'.", [("now", "overall", "Good")]),
    ("The home was told it requires improvement to be good.", [("now", "overall", RI)]),
    ("It had previously been rated good.", [("before", "overall", "Good")]),
    ("The home was rated good when last inspected.", [("before", "overall", "Good")]),
    (
        "Inadequate in September, it requires improvement after a January inspection.",
        [("before", "overall", "Inadequate"), ("now", "overall", "Requires improvement to be good")],
    ),
    ("Warrington home out of the lowest category", [("before", "overall", "Inadequate")]),
    ("Only last summer the same home had the regulator's top grade.", [("before", "overall", "Outstanding")]),
    ("'Outstanding' home now failing children", [("before", "overall", "Outstanding")]),
    (
        "It is now inadequate, down from outstanding.",
        [("now", "overall", "Inadequate"), ("before", "overall", "Outstanding")],
    ),
    (
        "The home went from good to inadequate.",
        [("before", "overall", "Good"), ("now", "overall", "Inadequate")],
    ),
    ("It has been rated inadequate at its first inspection.", [("now", "overall", "Inadequate")]),
    ("The home was rated outstanding at its first inspection.", [("before", "overall", "Outstanding")]),
    ("It had been good in March.", [("before", "overall", "Good")]),
    ("The home had required improvement in March.", [("before", "overall", RI)]),
    ("The home required improvement in March.", [("now", "overall", RI)]),
    ("It had been good to see the children settle.", []),
    ("Leadership and management were judged inadequate.", [("now", "leadership", "Inadequate")]),
    ("It was inadequate in all areas.", [("now", "all", "Inadequate")]),
    ("A visit found it had declined in effectiveness.", [("now", "overall", "Declined effectiveness")]),
    ("That is one rung above the bottom of the ladder.", []),
    ("A good deal of work was done.", []),
    ("Nine in ten homes are good or outstanding.", []),
    ("Staff hope to be rated good next time.", []),
    ("Training was inadequate training, they said.", []),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text for text, _ in CASES])
def test_grades(text: str, wanted: list[tuple[str, str, str]]) -> None:
    found = [(one.value.when, one.value.area, one.value.grade) for one in find(an_article(text))]
    assert found == wanted


def test_a_year_long_past_is_before() -> None:
    (clue,) = find(an_article("The home was rated outstanding in 2018."), this_year=2023)
    assert clue.kind == "earlier_judgement"


@pytest.mark.parametrize(
    ("said", "kind"), [("in 2022", "earlier_judgement"), ("in December 2022", "judgement")]
)
def test_last_year_by_itself_is_before_and_its_last_month_may_be_now(said: str, kind: str) -> None:
    (clue,) = find(an_article(f"The home was rated outstanding {said}."), this_year=2023)
    assert clue.kind == kind


def test_a_clue_has_its_own_characters() -> None:
    article = an_article("“Sorry,” they said. The home was ‘inadequate’ – again.", title="A home’s bad year")
    (clue,) = find(article)
    assert article.text[clue.start : clue.end] == clue.text == "inadequate"
