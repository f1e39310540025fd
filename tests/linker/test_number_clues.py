"""Places the home is registered for, children living there, and numbers that are neither."""

import pytest

from linker.clues.numbers import find
from tests.linker.factories import an_article

CASES = [
    ("The home is registered for up to four children.", [("capacity", 4)]),
    ("A three-bed home was visited.", [("capacity", 3)]),
    ("It can look after up to six young people.", [("capacity", 6)]),
    ("The house has room for two.", [("capacity", 2)]),
    ("It has just two places.", [("capacity", 2)]),
    ("Five children were living there at the time.", [("residents", 5)]),
    ("A home run by the firm for one child was failed.", [("capacity", 1)]),
    ("Managers have up to 12 weeks to improve.", []),
    ("One child went missing 40 times.", []),
    ("He was in two places at once.", []),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text for text, _ in CASES])
def test_numbers(text: str, wanted: list[tuple[str, int]]) -> None:
    assert [(one.kind, one.value) for one in find(an_article(text)) if one.confidence >= 0.5] == wanted


def test_places_of_another_home_count_little() -> None:
    (clue,) = find(an_article("A second home is due to open next year, with space for four."))
    assert clue.confidence < 0.5
