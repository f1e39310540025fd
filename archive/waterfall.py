"""The weights of a link's evidence as a waterfall, drawn and in words: each bar begins where one ended."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from archive.telling import odds


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
_TOLD = 0.3  # bits: what changes the odds by less than a quarter is counted, not told


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


def in_words(steps: Sequence[tuple[str, float]]) -> str:
    """The same as sentences: what speaks for the record, each step's odds, and what against it."""
    said = [step for step in steps if step[1] >= _TOLD]
    against = [step for step in steps if step[1] <= -_TOLD]
    hardly = len(steps) - len(said) - len(against)
    sentences = [_sentence("By", said, "likelier") if said else "Nothing speaks for it."]
    if against:
        sentences.append(_sentence("Against it: by", against, "less likely"))
    if hardly:
        sentences.append(f"{hardly} more hardly matter{'s' if hardly == 1 else ''}.")
    return " ".join(sentences)


def _sentence(opening: str, steps: Sequence[tuple[str, float]], sense: str) -> str:
    (first, most), *rest = [(f"the {clue.replace('_', ' ')}", odds(weight)) for clue, weight in steps]
    told = [f"{opening} {first} it is {most}"]
    told += [f"by {name} {times.removesuffix(sense).strip()}" for name, times in rest]
    return ", ".join(told) + "."
