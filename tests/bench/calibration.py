"""How well the linker knows how sure it is, over a few thousand template articles of a fictional register."""

import random

from linker.evaluate import evaluate
from linker.model import Model
from linker.register import Register
from linker.worlds import World
from tests.bench.press import invented_records, stories


def run(asked: int = 3_000, homes: int = 3_000) -> str:
    """The bins, the error over them and the band of a perfect model."""
    rng = random.Random(11)
    register = Register(invented_records(rng, homes))
    told = list(stories(rng, register, asked))
    measured = evaluate(World(name="templates", register=register, told=told), Model())
    held, shares = measured.calibration, measured.figures
    if held is None:
        return "Nothing was answered."
    lines = [
        f"Calibration over {asked:,} template articles, {homes:,} homes: precision {shares['precision']:.3f}, "
        f"recall {shares['recall']:.3f}",
        f"error {held.error:.4f} (perfect: below {held.band:.4f}), "
        f"Brier {held.brier:.4f} of the base rate's {held.base_brier:.4f}: {held.brier_ratio:.2f}",
        f"{'said':>8}{'right':>8}{'answers':>9}",
        *(f"{one.said:8.3f}{one.right:8.3f}{one.count:9}" for one in held.bins),
    ]
    return "\n".join(lines)
