"""Two records held against each other, and a waterfall in words."""

from dataclasses import dataclass

import pytest

from archive.contrast import contrast
from archive.waterfall import in_words


@dataclass(frozen=True)
class Line:
    clue: str
    told: str
    weight: float


def test_the_most_telling_clue_comes_first_and_what_is_alike_is_counted() -> None:
    first = [Line("place", "lies there", 5.0), Line("capacity", "4 places", 2.0), Line("kind", "a home", 1.0)]
    second = [
        Line("place", "lies elsewhere", -3.0),
        Line("kind", "a home", 1.0),
        Line("visit", "in May", 3.0),
    ]
    found = contrast(first, second, margin=9.0)
    assert [(line.clue, line.weight) for line in found.differences] == [
        ("place", 8.0),
        ("visit", -3.0),
        ("capacity", 2.0),
    ]
    assert (found.differences[1].first, found.differences[1].second) == (None, "in May")
    assert found.alike == 1
    assert found.rest == pytest.approx(2.0)


def test_clues_of_one_kind_are_taken_together() -> None:
    found = contrast([Line("area", "good", 1.0), Line("area", "bad", 2.0)], [], margin=None)
    assert [(line.first, line.weight) for line in found.differences] == [("good; bad", 3.0)]
    assert found.rest is None


def test_a_waterfall_in_words_names_what_speaks_for_it_and_what_against() -> None:
    told = in_words([("operator", 3.0), ("place", 1.0), ("kind", 0.1), ("area_judgement", -2.0)])
    assert told == (
        "By the operator it is 8 times likelier, by the place 2 times."
        " Against it: by the area judgement it is 4 times less likely. 1 more hardly matters."
    )


def test_no_clue_at_all_is_said() -> None:
    assert in_words([]) == "Nothing speaks for it."
