"""Is what is said at 0.9 right nine times in ten? Bins, the error over them, and what chance alone shows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from linker.answers import Best

Floats = npt.NDArray[np.float64]
_A_BIN = 25
"""Answers in a bin, as far as there are enough for four bins and no more than ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Answers of like probability: how many, what was said of them, and what share was right."""

    count: int
    said: float
    right: float


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """``error``: mean distance of said and right over bins of equal mass, and below which a perfect model

    of that size stays 95 times in 100 (``band``). ``brier`` is set beside that of saying the base rate.
    """

    count: int
    bins: tuple[Bin, ...]
    error: float
    band: float
    brier: float
    base_brier: float

    @property
    def brier_ratio(self) -> float | None:
        """The Brier score as a share of the base rate's; None where all or none were right."""
        return self.brier / self.base_brier if self.base_brier else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """The surest share of all answers, down to a probability, and the share of them that is wrong."""

    coverage: float
    risk: float
    threshold: float


def as_data(measured: Calibration | None) -> dict[str, Any] | None:
    """As it is kept and printed for machines."""
    return {**asdict(measured), "brier_ratio": measured.brier_ratio} if measured else None


def calibration(answers: Sequence[Best], *, draws: int = 4000, seed: int = 20) -> Calibration | None:
    """Measured over best answers; None where there are none. ``draws`` simulate the perfect model."""
    if not answers:
        return None
    said, right = _arrays(answers)
    groups = np.array_split(np.arange(len(said)), min(max(len(said) // _A_BIN, 4), 10))
    groups = [one for one in groups if len(one)]
    perfect = np.random.default_rng(seed).random((draws, len(said))) < said
    errors = _error(said, perfect.astype(np.float64), groups)
    base = float(right.mean())
    return Calibration(
        count=len(said),
        bins=tuple(
            Bin(count=len(one), said=float(said[one].mean()), right=float(right[one].mean()))
            for one in groups
        ),
        error=float(_error(said, right[None, :], groups)[0]),
        band=float(np.percentile(errors, 95)),
        brier=float(((said - right) ** 2).mean()),
        base_brier=base * (1 - base),
    )


def risks(answers: Sequence[Best]) -> list[Risk]:
    """Risk against coverage, the surest answers first; answers of one probability come together."""
    if not answers:
        return []
    said, right = _arrays(answers)
    said, wrong = said[::-1], np.cumsum(1 - right[::-1])
    last = np.append(said[1:] != said[:-1], True)
    return [
        Risk(
            coverage=(place + 1) / len(said),
            risk=float(wrong[place] / (place + 1)),
            threshold=float(said[place]),
        )
        for place in np.flatnonzero(last).tolist()
    ]


def _arrays(answers: Sequence[Best]) -> tuple[Floats, Floats]:
    """Probabilities in rising order, and beside each 1 where it was right."""
    said = np.array([one.probability for one in answers], np.float64)
    right = np.array([one.right for one in answers], np.float64)
    order = np.argsort(said, kind="stable")
    return said[order], right[order]


def _error(said: Floats, right: Floats, groups: Sequence[npt.NDArray[np.int64]]) -> Floats:
    """The error of each row of outcomes."""
    apart = [len(one) * np.abs(right[:, one].mean(axis=1) - said[one].mean()) for one in groups]
    return np.asarray(np.sum(apart, axis=0) / len(said), np.float64)
