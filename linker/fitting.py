"""m and the calibration, fitted on labelled articles; few labels move the defaults little."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from linker.answers import Best
from linker.decide import Scored
from linker.labels import SLACK, Target
from linker.linking import Linked
from linker.model import Model, Saying, log_odds
from linker.register import Register
from linker.worlds import Outcome

_WORTH = 25.0
"""True records that a default m counts for: as many labels pull it half-way to what they show."""
_GRID = np.linspace(-4.0, 4.0, 17)
_GRID_WORTH = 5.0
"""Answers that the uncalibrated line counts for."""

Levels = Mapping[tuple[str, str], float]


def levels_of(register: Register, outcomes: Iterable[Outcome]) -> Levels:
    """How often true records showed each (comparison, level)."""
    counts: dict[tuple[str, str], float] = defaultdict(float)
    for one in outcomes:
        for target in one.label.links if one.label.level == "inspection" else ():
            true = _true_record(register, one.linked, target)
            for weighed in true.weighed if true else ():
                counts[weighed.kind, weighed.level] += weighed.clue.confidence if weighed.clue else 1.0
    return counts


def fit_m(model: Model, seen: Iterable[Levels]) -> dict[str, dict[str, float]]:
    """The model's m drawn towards what true records showed.

    Only where a comparison's levels are all that can be (they sum to one): the others are chances given
    how a name was found, which labels this few do not tell.
    """
    counts: dict[tuple[str, str], float] = defaultdict(float)
    for levels in seen:
        for key, count in levels.items():
            counts[key] += count
    fitted = model.table
    for comparison, defaults in fitted.items():
        if abs(sum(defaults.values()) - 1) < 1e-6 and len(defaults) > 1:
            whole = sum(counts[comparison, level] for level in defaults) + _WORTH
            fitted[comparison] = {
                level: round((counts[comparison, level] + _WORTH * m) / whole, 4)
                for level, m in defaults.items()
            }
    return fitted


def fit_calibration(answers: Sequence[Best]) -> dict[Saying, tuple[float, float]]:
    """Platt's lines for what was asserted and for what was left in doubt, from uncalibrated answers."""
    records = [one for one in answers if one.record]
    return {
        "asserted": _platt([one for one in records if one.asserted]),
        "doubtful": _platt([one for one in records if not one.asserted]),
    }


def _platt(answers: Sequence[Best]) -> tuple[float, float]:
    """Slope and intercept of a logistic regression on the log-odds."""
    odds = np.array([log_odds(one.probability) for one in answers])
    right = np.array([float(one.right) for one in answers])
    even = 1 / (1 + np.exp(-_GRID))
    worth = _GRID_WORTH / len(_GRID)
    weights = np.concatenate([np.ones(len(answers)), even * worth, (1 - even) * worth])
    said = np.concatenate([odds, _GRID, _GRID])[:, None]
    outcomes = np.concatenate([right, np.ones(len(_GRID)), np.zeros(len(_GRID))])
    line = LogisticRegression(C=1e6).fit(said, outcomes, sample_weight=weights)
    return round(max(float(line.coef_[0, 0]), 0.05), 4), round(float(line.intercept_[0]), 4)


def _true_record(register: Register, linked: Sequence[Linked], target: Target) -> Scored | None:
    """The labelled inspection as it was weighed, in the mention it suits best."""
    return max(_matching(register, linked, target), key=lambda one: one.total, default=None)


def _matching(register: Register, linked: Sequence[Linked], target: Target) -> Iterator[Scored]:
    for mention in linked:
        for one in mention.odds.scored if mention.odds else ():
            number = one.candidate.inspection
            if number is None or register.settings[one.candidate.setting].urn != target.urn:
                continue
            day = register.inspections[number].first or register.inspections[number].last
            if target.day is None or (day and abs((day - target.day).days) <= SLACK):
                yield one
