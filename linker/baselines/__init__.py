"""What other tools make of the same stories: a name search, Splink, and nomenklatura's matcher.

The last two get the clues that our own readers extracted, mention by mention, so that the table shows what
weighing and deciding add; the name search gets the text alone. Each is scored as our own links are.
"""

import importlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from linker.answers import best_answers
from linker.baselines.questions import Question, questions
from linker.calibration import calibration
from linker.errors import MissingTool
from linker.register import Register
from linker.scoring import Row, figures, score, total
from linker.worlds import Outcome, World

Way = Callable[[Register, Sequence[Question]], Mapping[tuple[int, int], list[dict[str, Any]]]]
"""The rows that a tool gives for each (article, mention)."""
WAYS = {"rapidfuzz names": "names", "Splink": "by_splink", "nomenklatura": "by_nomenklatura"}


def compared(world: World, outcomes: Sequence[Outcome], seconds: float) -> dict[str, dict[str, Any]]:
    """Our figures and each tool's over one world; MissingTool where the extra is not installed.

    ``seconds``: the CPU that ours took.
    """
    asked = list(questions(world.register, outcomes))
    table = {"On Record": _marks([one.rows for one in outcomes], outcomes, seconds)}
    for name, module in WAYS.items():
        way = _way(module, name)
        begin = time.process_time()
        told = way(world.register, asked)
        taken = time.process_time() - begin
        rows = _by_article(asked, told, len(outcomes))
        table[name] = _marks(rows, outcomes, taken)
    return table


def _way(module: str, name: str) -> Way:
    try:
        way: Way = importlib.import_module(f"linker.baselines.{module}").link
    except ImportError as error:
        raise MissingTool(
            f"{name} cannot be compared: {error.name} is not installed; pip install 'onrecord[baselines]'"
        ) from None
    return way


def _by_article(
    asked: Iterable[Question], told: Mapping[tuple[int, int], list[dict[str, Any]]], articles: int
) -> list[list[Row]]:
    rows: list[list[Row]] = [[] for _ in range(articles)]
    for one in asked:
        silent = {"mention": one.mention, "status": "none", "level": "none", "answer": None}
        rows[one.article] += told.get((one.article, one.mention)) or [silent | {"probability": 0.5}]
    return rows


def _marks(rows: Sequence[Iterable[Row]], outcomes: Sequence[Outcome], seconds: float) -> dict[str, Any]:
    held = [list(one) for one in rows]
    scored = [score(mine, outcome.label) for mine, outcome in zip(held, outcomes, strict=True)]
    answers = [
        best
        for mine, outcome in zip(held, outcomes, strict=True)
        for best in best_answers(mine, outcome.label)
    ]
    counts, measured = total(scored), calibration([one for one in answers if one.record])
    shares = figures(counts)
    return {
        "right": int(counts["right"]),
        "wrong": int(counts["wrong"]),
        **{name: shares[name] for name in ("precision", "recall", "silence", "queue")},
        "cal. error": measured.error if measured else None,
        "brier": measured.brier if measured else None,
        "CPU ms": 1000 * seconds / max(len(outcomes), 1),
    }
