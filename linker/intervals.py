"""Confidence intervals of the figures: articles drawn again and again, always from the same seed."""

from collections.abc import Sequence

import numpy as np
from scipy.special import betaincinv

from linker.scoring import RATIOS, Scored


def bootstrap(
    scored: Sequence[Scored], *, draws: int = 2000, seed: int = 19
) -> dict[str, tuple[float, float] | None]:
    """The 95 % interval of each figure; None where nothing stands below it."""
    names = sorted({name for one in scored for name in one.counts})
    counts = np.array([[one.counts.get(name, 0.0) for name in names] for one in scored])
    again = np.random.default_rng(seed).multinomial(len(scored), [1 / len(scored)] * len(scored), draws)
    sums = dict(zip(names, (again @ counts).T, strict=True))
    intervals: dict[str, tuple[float, float] | None] = {}
    for figure, (above, below) in RATIOS.items():
        whole = np.sum([sums.get(name, np.zeros(draws)) for name in below], axis=0)
        held = whole > 0
        if held.any():
            low, high = np.percentile(sums.get(above, np.zeros(draws))[held] / whole[held], [2.5, 97.5])
            intervals[figure] = (float(low), float(high))
        else:
            intervals[figure] = None
    return intervals


def exact(right: int, count: int) -> tuple[float, float]:
    """Clopper and Pearson's 95 % interval of a share, which holds where all were right."""
    low = float(betaincinv(right, count - right + 1, 0.025)) if right else 0.0
    high = float(betaincinv(right + 1, count - right, 0.975)) if right < count else 1.0
    return low, high
