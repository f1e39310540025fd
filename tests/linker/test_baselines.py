"""The tools we compare with, on the same clues: each gives rows that are scored as ours are."""

import importlib
import os
import random

import pytest

from linker import baselines
from linker.baselines import names
from linker.baselines.questions import answer, inspection_row, questions
from linker.errors import MissingTool
from linker.evaluate import Evaluation, evaluate
from linker.model import Model
from linker.register import Register
from linker.worlds import World
from tests.bench.press import invented_records, stories


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    rng = random.Random(9)
    register = Register(invented_records(rng, 200))
    told = list(stories(rng, register, 40))
    return evaluate(World(name="templates", register=register, told=told), Model())


def test_the_naive_search_finds_what_is_named_in_full(evaluation: Evaluation) -> None:
    register = evaluation.world.register
    asked = list(questions(register, evaluation.outcomes))
    told = names.link(register, asked)
    named = [
        one
        for one, label in zip(asked, (told[1] for told in evaluation.world.told), strict=False)
        if label.names and label.names[0] in one.text
    ]
    assert named
    found = [told[one.article, 0][1]["provider"] for one in named]
    owners = [evaluation.world.told[one.article][1].names[0] for one in named]
    assert sum(one == other for one, other in zip(found, owners, strict=True)) > len(named) / 2


def test_of_equal_scores_the_newest_is_asserted(evaluation: Evaluation) -> None:
    register = evaluation.world.register
    question = next(questions(register, evaluation.outcomes))
    rows = sorted(
        (inspection_row(register, one) for one in register.inspections[:3]), key=lambda row: row["day"]
    )
    decision, *candidates = answer(question, [(row, 0.95) for row in rows], 0.9)
    assert decision["status"] == "linked"
    assert decision["inspection_date"] == rows[-1]["day"].isoformat()
    assert [row["rank"] for row in candidates] == [1, 2, 3]
    silent, *_ = answer(question, [(rows[0], 0.5)], 0.9)
    assert (silent["status"], silent["urn"], silent["probability"]) == ("none", None, 0.5)


@pytest.fixture
def tools() -> None:
    """The tools themselves; where one is not installed the test is skipped, not in CI."""
    for name in ("splink", "nomenklatura"):
        try:
            importlib.import_module(name)
        except ImportError:
            if os.environ.get("CI"):
                pytest.fail(f"CI must have {name}: install onrecord[baselines]")
            pytest.skip(f"{name} is not installed")


@pytest.mark.baselines
@pytest.mark.usefixtures("tools")
def test_all_stand_in_one_table_and_ours_is_ahead(evaluation: Evaluation) -> None:
    table = baselines.compared(evaluation.world, evaluation.outcomes, 1.0)
    assert list(table) == ["On Record", "rapidfuzz names", "Splink", "nomenklatura"]
    ours = table.pop("On Record")
    assert all(ours["recall"] >= other["recall"] for other in table.values())
    assert all(ours["wrong"] <= other["wrong"] for other in table.values())
    assert all(ours["precision"] > other["precision"] for other in table.values())
    worth = {name: other["right"] - other["wrong"] for name, other in table.items()}
    assert all(ours["right"] - ours["wrong"] > other for other in worth.values()), worth
    assert (
        ours["silence"] > table["Splink"]["silence"]
    )  # which reaches our recall by asserting what is not there
    assert table["Splink"]["right"] > 0
    assert table["nomenklatura"]["right"] > 0


def test_a_tool_that_is_not_installed_is_one_clear_line(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baselines, "WAYS", {"Nothing": "by_nothing"})
    with pytest.raises(
        MissingTool, match=r"Nothing cannot be compared: .* pip install 'onrecord\[baselines\]'"
    ):
        baselines.compared(evaluation.world, evaluation.outcomes, 1.0)
