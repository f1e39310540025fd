"""Two records that an article may be about, held against each other clue by clue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

_NOTHING = 0.05  # bits: a difference below it is none


class Weighed(Protocol):
    """One clue against one record."""

    @property
    def clue(self) -> str: ...
    @property
    def told(self) -> str: ...
    @property
    def weight(self) -> float: ...


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What one kind of clue says of each record; ``weight`` is the first's less the second's, in log2."""

    clue: str
    first: str | None
    second: str | None
    weight: float


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """What tells two records apart, the most telling first, and how many clues say the same of both.

    ``rest`` is what the margin holds beyond the clues: how likely each was before any.
    """

    differences: tuple[Difference, ...]
    alike: int
    rest: float | None


def contrast(first: Sequence[Weighed], second: Sequence[Weighed], margin: float | None) -> Contrast:
    """Hold the evidence of two records against each other."""
    one, other = _by_clue(first), _by_clue(second)
    found = [
        Difference(
            clue=clue,
            first=one[clue][0] if clue in one else None,
            second=other[clue][0] if clue in other else None,
            weight=(one[clue][1] if clue in one else 0.0) - (other[clue][1] if clue in other else 0.0),
        )
        for clue in {**one, **other}
    ]
    telling = sorted(
        (line for line in found if abs(line.weight) >= _NOTHING), key=lambda line: -abs(line.weight)
    )
    rest = margin - sum(line.weight for line in found) if margin is not None else None
    return Contrast(
        differences=tuple(telling),
        alike=len(found) - len(telling),
        rest=rest if rest is not None and abs(rest) >= _NOTHING else None,
    )


def _by_clue(evidence: Iterable[Weighed]) -> dict[str, tuple[str, float]]:
    summed: dict[str, tuple[str, float]] = {}
    for line in evidence:
        told, weight = summed.get(line.clue, ("", 0.0))
        summed[line.clue] = ("; ".join(filter(None, (told, line.told))), weight + line.weight)
    return summed
