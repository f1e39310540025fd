"""Fitting a model on labelled worlds, each held out in turn; one that does worse than before is refused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol, TypeVar

from linker.answers import Best
from linker.calibration import Calibration, as_data, calibration
from linker.errors import NoLabels, WorseModel
from linker.evaluate import evaluate
from linker.fitting import Levels, fit_calibration, fit_m, levels_of
from linker.intervals import exact
from linker.model import Model, Saying
from linker.scoring import Counts, Scored, figures, total
from linker.worlds import World

T = TypeVar("T")

THRESHOLDS = (0.80, 0.85, 0.90, 0.95, 0.97, 0.98, 0.99)
_FEWEST = 20
"""Labelled articles below which nothing can be learnt."""
_FOLDS = 5
_WRONG = 10.0
"""Missed links that one wrong assertion is worth."""
_AS_GOOD = 1.05
"""A Brier score so much higher is no worse: the model in use may have been fitted on these very labels."""
_PLAIN: Mapping[Saying, tuple[float, float]] = {"asserted": (1.0, 0.0), "doubtful": (1.0, 0.0)}


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What a model reached over all worlds."""

    counts: Counts
    calibration: Calibration | None

    @property
    def cost(self) -> float:
        """Wrong assertions and missed links in one number."""
        return _WRONG * self.counts["wrong"] + self.counts["wanted"] - self.counts["found"]

    def is_worse_than(self, other: "Marks") -> bool:
        """Whether it costs more, or costs the same and says worse how sure it is."""
        if self.cost != other.cost or not (self.calibration and other.calibration):
            return self.cost > other.cost
        return self.calibration.brier > _AS_GOOD * other.calibration.brier

    def as_data(self) -> dict[str, Any]:
        """Figures, counts and calibration."""
        right, wrong = int(self.counts["right"]), int(self.counts["wrong"])
        return {
            "figures": figures(self.counts),
            "right": right,
            "wrong": wrong,
            "precision_interval": exact(right, right + wrong) if right + wrong else None,
            "calibration": as_data(self.calibration),
        }


@dataclass(frozen=True, kw_only=True)
class Training:
    """A fitted model, what it reached on what it had not seen, and what the model in use reaches."""

    model: Model
    held_out: Marks
    in_use: Marks
    thresholds: Mapping[float, Marks]
    reached: bool  # whether the precision asked for was

    def as_data(self) -> dict[str, Any]:
        """As it is kept and printed."""
        return {
            "model": self.model.version,
            "fitted_on": self.model.fitted_on,
            "settled": self.model.settled,
            "held_out": self.held_out.as_data(),
            "in_use": self.in_use.as_data(),
            "thresholds": {str(one): marks.as_data() for one, marks in self.thresholds.items()},
            "precision_reached": self.reached,
        }


class Way(Protocol):
    """How a function is asked of several worlds: its answers, in the order asked."""

    def __call__(self, function: Callable[..., T], asked: Sequence[tuple[Any, ...]]) -> list[T]:
        """``asked``: the arguments, the world first."""
        ...


def in_turn(function: Callable[..., T], asked: Sequence[tuple[Any, ...]]) -> list[T]:
    """One after another, in this process."""
    return [function(*arguments) for arguments in asked]


def train(
    worlds: Sequence[World], base: Model, *, name: str, precision: float = 0.99, by: Way = in_turn
) -> Training:
    """Fit on all worlds; NoLabels for too few, WorseModel where held-out worlds say so.

    ``name``: of the model; ``precision``: what the threshold is to reach on what was held out; ``by``: where
    worlds are scored.
    """
    articles = sum(len(world.told) for world in worlds)
    if articles < _FEWEST:
        raise NoLabels(
            f"{articles} labelled articles are too few to learn from, {_FEWEST} are the least; decide links"
            " under Review, import labels with `onrecord import labels FILE`, or name labelled folders"
        )
    folds = list(_folds(worlds))
    plain = replace(base, calibration=_PLAIN)
    seen = by(_levels, [(world, plain) for world in folds])
    fitted = [_fit(plain, _others(folds, number), _others(seen, number), by) for number in range(len(folds))]
    asked = [
        (world, replace(model, certain=threshold))
        for threshold in THRESHOLDS
        for world, model in zip(folds, fitted, strict=True)
    ]
    scored = iter(by(_score, asked))
    marks = {threshold: _marks(list(islice(scored, len(folds)))) for threshold in THRESHOLDS}
    chosen, reached = _choose(marks, precision)
    told = ", ".join(f"{world.name} ({len(world.told)})" for world in worlds)
    whole = _fit(plain, folds, seen, by)
    training = Training(
        model=replace(whole, certain=chosen, name=name, fitted_on=f"labels: {told}"),
        held_out=marks[chosen],
        in_use=_marks(by(_score, [(world, base) for world in worlds])),
        thresholds=marks,
        reached=reached,
    )
    if training.held_out.is_worse_than(training.in_use):
        raise WorseModel(_refusal(training))
    return training


def _folds(worlds: Sequence[World]) -> Iterator[World]:
    """Whole worlds where there are three; else every fifth article of each."""
    if len(worlds) >= 3:
        yield from worlds
        return
    for world in worlds:
        for number in range(_FOLDS):
            if part := world.told[number::_FOLDS]:
                yield replace(world, told=part)


def _others(items: Sequence[T], left_out: int) -> list[T]:
    return [one for number, one in enumerate(items) if number != left_out]


@dataclass(frozen=True, kw_only=True)
class _Reached:
    """What a model made of one world."""

    scored: Sequence[Scored]
    answers: Sequence[Best]


def _score(world: World, model: Model) -> _Reached:
    found = evaluate(world, model)
    return _Reached(scored=found.scored, answers=found.answers)


def _levels(world: World, plain: Model) -> Levels:
    return levels_of(world.register, evaluate(world, plain).outcomes)


def _fit(plain: Model, worlds: Sequence[World], seen: Sequence[Levels], by: Way) -> Model:
    weighed = replace(plain, m=fit_m(plain, seen))
    reached = by(_score, [(world, weighed) for world in worlds])
    return replace(weighed, calibration=fit_calibration([best for one in reached for best in one.answers]))


def _marks(reached: Sequence[_Reached]) -> Marks:
    return Marks(
        counts=total(scored for one in reached for scored in one.scored),
        calibration=calibration([best for one in reached for best in one.answers if best.record]),
    )


def _choose(marks: Mapping[float, Marks], precision: float) -> tuple[float, bool]:
    """The lowest threshold that reaches the precision, else the one that comes nearest."""
    shares = {one: figures(held.counts)["precision"] or 0.0 for one, held in marks.items()}
    good = [one for one, share in shares.items() if share >= precision]
    if good:
        return min(good), True
    return max(shares, key=lambda one: (shares[one], -one)), False


def _refusal(training: Training) -> str:
    new, old = training.held_out, training.in_use
    return (
        f"the fitted model does worse and was not kept: held out, {int(new.counts['wrong'])} wrong and"
        f" {int(new.counts['wanted'] - new.counts['found'])} missed, Brier {_brier(new)};"
        f" the model in use {int(old.counts['wrong'])} and"
        f" {int(old.counts['wanted'] - old.counts['found'])}, Brier {_brier(old)}"
    )


def _brier(marks: Marks) -> str:
    return f"{marks.calibration.brier:.4f}" if marks.calibration else "–"
