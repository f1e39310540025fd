"""Charts as pages show them: the numbers, the words that say what they show, and the table behind each.

The browser draws them with Chart.js (``static/charts.js``); without JavaScript the table stands there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Shape = Literal["bar", "stacked", "line"]
TONES: Final = ("accent", "for", "against", "outstanding", "good", "requires", "inadequate", "neutral")
"""The colours a series may have, named in the style sheet as ``--tone-…``."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One row of bars or one line; None where nothing is known."""

    name: str
    values: Sequence[float | None]
    tone: str = "accent"

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"{self.tone!r} is no tone of a chart")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One chart. ``told`` says in a sentence what it shows; ``links`` leads from a label to its records."""

    id: str
    title: str
    told: str
    shape: Shape
    of: str  # what the labels are: "Month", "Judgement"
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    across: bool = False  # bars lie, labels stand at their left
    links: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        lengths = {len(one.values) for one in self.series} | {len(self.labels)}
        lengths |= {len(self.links)} if self.links else set()
        if len(lengths) > 1:
            raise ValueError(f"the figure {self.id!r} has series of different lengths")

    @property
    def drawn(self) -> dict[str, Any]:
        """What the browser needs to draw it."""
        return {
            "shape": self.shape,
            "across": self.across,
            "unit": self.unit,
            "labels": list(self.labels),
            "series": [
                {"name": one.name, "values": list(one.values), "tone": one.tone} for one in self.series
            ],
        }

    @property
    def rows(self) -> list[tuple[str, str | None, list[float | None]]]:
        """The table: a label, where it leads, and its value in each series."""
        return [
            (label, self.links[place] if self.links else None, [one.values[place] for one in self.series])
            for place, label in enumerate(self.labels)
        ]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for one in self.series for value in one.values)
