"""The best answers of mentions, the bins over them, and what a perfect model of that size shows."""

import random
from typing import Any

import pytest

from linker.answers import Best, best_answers
from linker.calibration import calibration, risks
from linker.labels import Label
from onrecord import curves


def answers(count: int, *, right_at: float = 1.0) -> list[Best]:
    """Answers between 0.5 and 1; ``right_at`` times as often right as they say."""
    dice = random.Random(3)
    said = [dice.uniform(0.5, 1.0) for _ in range(count)]
    return [Best(probability=p, right=dice.random() < p * right_at, asserted=p > 0.9) for p in said]


def test_a_perfect_model_lies_within_the_band() -> None:
    measured = calibration(answers(600))
    assert measured is not None
    assert measured.error < measured.band
    assert sum(one.count for one in measured.bins) == measured.count == 600
    assert len({one.count for one in measured.bins}) == 1


def test_an_overconfident_model_lies_without() -> None:
    measured = calibration(answers(600, right_at=0.8))
    assert measured is not None
    assert measured.error > 2 * measured.band


def test_the_band_is_wider_for_fewer_answers() -> None:
    few, many = calibration(answers(60)), calibration(answers(2_000))
    assert few is not None
    assert many is not None
    assert few.band > 2 * many.band


def test_nothing_said_is_not_measured() -> None:
    assert calibration([]) is None
    assert risks([]) == []


def test_risk_falls_as_only_the_surest_are_kept() -> None:
    said = [(0.99, True), (0.99, True), (0.9, True), (0.6, False)]
    found = risks([Best(probability=p, right=right, asserted=True) for p, right in said])
    assert [(one.coverage, one.risk, one.threshold) for one in found] == [
        (0.5, 0.0, 0.99),
        (0.75, 0.0, 0.9),
        (1.0, 0.25, 0.6),
    ]


def a_row(**more: Any) -> dict[str, Any]:
    return {"mention": 0, "urn": None, "inspection_date": None, "provider": None, "rank": None} | more


LABEL = Label.of({"id": "a", "level": "inspection", "links": [{"urn": "1", "inspection_date": "2024-05-14"}]})
SEVERAL = Label.of({"id": "a", "level": "none", "target": {"urn": "1", "inspection_date": "2024-05-14"}})
DECIDED = a_row(status="none", level="none", probability=0.1)
FIRST = a_row(
    status="candidate", level="inspection", probability=0.6, rank=1, urn="1", inspection_date="2024-05-14"
)
SECOND = FIRST | {"probability": 0.3, "rank": 2, "urn": "2"}


def test_where_nothing_is_asserted_the_first_candidate_is_the_best_answer() -> None:
    found = best_answers([DECIDED, SECOND, FIRST], LABEL)
    assert [(one.probability, one.right, one.record) for one in found] == [
        (0.6, True, True),
        (0.1, False, False),
    ]


def test_the_hidden_target_of_an_ambiguous_article_makes_its_candidate_right() -> None:
    record, nothing = best_answers([DECIDED, FIRST], SEVERAL)
    assert record.right
    assert not nothing.right
    other, _ = best_answers([DECIDED, FIRST | {"urn": "2"}], SEVERAL)
    assert not other.right


def test_an_assertion_is_the_best_answer_of_its_mention() -> None:
    asserted = FIRST | {"status": "linked", "rank": None, "probability": 0.97}
    (only,) = best_answers([asserted, FIRST], LABEL)
    assert (only.probability, only.right, only.asserted) == (0.97, True, True)


def test_the_curves_are_drawn_within_their_axes() -> None:
    bins = [{"said": 0.6, "right": 0.5}, {"said": 0.99, "right": 1.0}]
    drawn = curves.reliability({"bins": bins, "count": 50, "error": 0.02, "band": 0.03})
    assert drawn.count("<circle") == 2
    assert '<circle cx="408.4" cy="52.0"' in drawn
    risk = curves.risk_coverage([{"coverage": 0.5, "risk": 0.0}, {"coverage": 1.0, "risk": 0.2}])
    assert '<circle cx="412.0" cy="112.0"' in risk


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_curve_of_one_point_is_still_a_curve(share: float) -> None:
    assert "<polyline" in curves.risk_coverage([{"coverage": 1.0, "risk": share}])
