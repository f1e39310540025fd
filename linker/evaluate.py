"""How right the linker is on a labelled world: figures, intervals, calibration, strata and every error."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from linker.answers import Best, best_answers
from linker.calibration import Calibration, Risk, as_data, calibration, risks
from linker.explain import waterfalls
from linker.intervals import bootstrap
from linker.model import Model
from linker.scoring import Mistake, Scored, figures, score, total
from linker.strata import by_name, of_stratum, strata
from linker.worlds import Outcome, World, outcomes


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One run over one world with one model."""

    world: World
    model: str
    outcomes: Sequence[Outcome]
    scored: Sequence[Scored]
    answers: Sequence[Best]

    @property
    def figures(self) -> dict[str, float | None]:
        """The ratios over all articles."""
        return figures(total(self.scored))

    @property
    def calibration(self) -> Calibration | None:
        """Over the best answer of each mention."""
        return calibration(self.records)

    @property
    def silence(self) -> Calibration | None:
        """Over what was said of there being nothing right in the register."""
        return calibration([one for one in self.answers if not one.record])

    @property
    def records(self) -> list[Best]:
        """The best answer of each mention."""
        return [one for one in self.answers if one.record]

    @property
    def risks(self) -> list[Risk]:
        """Risk against coverage over the best answers."""
        return risks(self.records)

    def by_stratum(self) -> dict[str, dict[str, Any]]:
        """For each kind of article its count and figures."""
        told = {}
        for name, stratum in by_name(strata(self.outcomes)).items():
            counts = total(of_stratum(self.scored, stratum))
            told[name] = {"articles": len(stratum.articles), "wrong": int(counts["wrong"]), **figures(counts)}
        return told

    def errors(self) -> dict[str, dict[str, Any]]:
        """What was wrong or missed, article by article, with the waterfalls of its mentions."""
        told = {}
        for outcome, scored in zip(self.outcomes, self.scored, strict=True):
            if scored.mistakes:
                told[scored.label.id] = {
                    "mistakes": [_mistake(one) for one in scored.mistakes],
                    "why": [waterfalls(self.world.register, one) for one in outcome.linked],
                }
        return told

    def as_data(self) -> dict[str, Any]:
        """Everything, as it is kept and printed for machines."""
        counts, errors = total(self.scored), self.errors()
        return {
            "folder": self.world.name,
            "model": self.model,
            "articles": len(self.scored),
            "counts": {name: count for name, count in counts.items() if name != "squared error"},
            "figures": self.figures,
            "intervals": bootstrap(self.scored),
            "calibration": as_data(self.calibration),
            "calibration_of_silence": as_data(self.silence),
            "risk_coverage": [asdict(one) for one in self.risks],
            "strata": self.by_stratum(),
            "errors": {name: one["mistakes"] for name, one in errors.items()},
            "waterfalls": {name: one["why"] for name, one in errors.items()},
        }


def evaluate(world: World, model: Model) -> Evaluation:
    """Link a world and hold it against its labels."""
    linked = list(outcomes(world, model))
    return Evaluation(
        world=world,
        model=model.version,
        outcomes=linked,
        scored=[score(one.rows, one.label) for one in linked],
        answers=[best for one in linked for best in best_answers(one.rows, one.label)],
    )


def _mistake(one: Mistake) -> str:
    if one.what == "answer":
        return f"answered {', '.join(one.answers) or 'nothing'}, not {one.label.answer}"
    if one.row is None:
        return f"missed: {one.missed}{' (in the queue)' if one.queued else ''}"
    record = one.row["urn"] or one.row["provider"]
    day = one.row["inspection_date"]
    return (
        f"wrong: {one.row['level']} {record}{f' {day}' if day else ''}, said at {one.row['probability']:.3f}"
    )
