"""The weights of a link's evidence as a waterfall: each bar begins where the one before it ended."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One step, in percent of the chart's width; ``zero`` is where even odds lie."""

    left: float
    width: float
    against: bool


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All steps, the sum after the last, and where zero lies (percent of the width)."""

    bars: tuple[Bar, ...]
    total: float
    total_bar: Bar
    zero: float


_THINNEST = 0.8  # percent: a weight of nearly nothing is still seen


def waterfall(weights: Sequence[float]) -> Waterfall:
    """Lay out weights (log2) from left to right."""
    sums = [0.0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    low, high = min(sums), max(sums)
    scale = 100 / max(high - low, 0.01)  # weights of nothing at all draw nothing at all

    def bar(start: float, end: float) -> Bar:
        width = max(abs(end - start) * scale, _THINNEST)
        left = min((min(start, end) - low) * scale, 100 - width)
        return Bar(round(left, 2), round(width, 2), end < start)

    bars = tuple(bar(before, after) for before, after in itertools.pairwise(sums))
    return Waterfall(bars, sums[-1], bar(0.0, sums[-1]), round(-low * scale, 2))
