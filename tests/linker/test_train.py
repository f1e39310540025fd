"""Fitting on labelled articles: few move little, what is overconfident is drawn down, what is worse is refused."""

import random
from dataclasses import replace

import pytest

from linker.answers import Best
from linker.errors import NoLabels, WorseModel
from linker.evaluate import evaluate
from linker.fitting import fit_calibration, fit_m, levels_of
from linker.model import M, Model
from linker.register import Register
from linker.train import Marks, train
from linker.worlds import World
from tests.bench.press import invented_records, stories


@pytest.fixture(scope="module")
def world() -> World:
    """Sixty template articles over 300 invented homes."""
    rng = random.Random(4)
    register = Register(invented_records(rng, 300))
    return World(name="templates", register=register, told=list(stories(rng, register, 60)))


def test_a_few_labels_move_a_default_a_little() -> None:
    fitted = fit_m(Model(), [{("capacity", "exact"): 5.0, ("capacity", "contrary"): 5.0}])
    assert M["capacity"]["contrary"] < fitted["capacity"]["contrary"] < 0.25
    assert sum(fitted["capacity"].values()) == pytest.approx(1.0, abs=1e-3)
    assert fitted["visit"] == M["visit"]


def test_chances_that_depend_on_how_a_name_was_found_stay() -> None:
    fitted = fit_m(Model(), [{("operator", "exact"): 1000.0}])
    assert fitted["operator"] == M["operator"]


def test_an_overconfident_line_is_drawn_down() -> None:
    said = [Best(probability=0.99, right=number % 4 > 0, asserted=True) for number in range(80)]
    model = replace(Model(), calibration=fit_calibration(said))
    assert 0.70 < model.calibrated(0.99, "asserted") < 0.85
    assert model.calibrated(0.99, "doubtful") == pytest.approx(0.99, abs=0.01)
    assert model.calibrated(0.999, "asserted") > model.calibrated(0.9, "asserted")


def test_without_answers_the_line_stays_as_it_is() -> None:
    assert replace(Model(), calibration=fit_calibration([])).calibrated(0.8, "asserted") == pytest.approx(
        0.8, abs=0.01
    )


def test_levels_are_counted_on_the_true_records(world: World) -> None:
    counts = levels_of(world.register, evaluate(world, Model()).outcomes)
    assert counts["judgement", "exact"] > 20
    assert counts.get(("judgement", "contrary"), 0.0) == 0.0


def test_a_model_is_fitted_and_told_apart_by_its_numbers(world: World) -> None:
    fitted = train([world], Model(), name="fitted-here")
    assert fitted.model.version.startswith("fitted-here-")
    assert fitted.model.version != Model().version
    assert fitted.model.fitted_on == "labels: templates (60)"
    stored = Model.stored("fitted-here", fitted.model.fitted_on, fitted.model.table, fitted.model.settled)
    assert stored.version == fitted.model.version
    low, high = fitted.held_out.as_data()["precision_interval"]
    assert low < figure(fitted.held_out) <= high


def figure(marks: Marks) -> float:
    return marks.counts["right"] / (marks.counts["right"] + marks.counts["wrong"])


def test_few_labels_are_refused(world: World) -> None:
    with pytest.raises(NoLabels, match="7 labelled articles are too few"):
        train([replace(world, told=world.told[:7])], Model(), name="fitted")


def test_what_does_worse_on_the_labels_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linker.train.THRESHOLDS", (0.9999999,))
    with pytest.raises(WorseModel, match=r"does worse and was not kept: held out, 0 wrong and \d+ missed"):
        train([world], Model(), name="fitted")
