"""Several ways to do one thing, timed in turns so that a busy machine slows all of them alike."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to do it: ``do`` answers one item; ``share`` of the items is enough where a way is slow."""

    name: str
    do: Callable[[str], str | None]
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one way took: CPU ms an item (median of rounds), their 95th percentile, and the share right."""

    name: str
    milliseconds: float
    slow: float
    right: float


def compare(ways: Sequence[Way], items: Sequence[tuple[str, str]]) -> list[Row]:
    """Time each way on (item, right answer); the order of the rows is the order of the ways."""
    taken: dict[str, list[list[float]]] = {way.name: [] for way in ways}
    right: dict[str, float] = {}
    for _ in range(ROUNDS):
        for way in ways:
            some = items[: max(1, int(way.share * len(items)))]
            times, answers = zip(*(_timed(way.do, item) for item, _ in some), strict=True)
            taken[way.name].append(list(times))
            right[way.name] = statistics.mean(
                answer == expected for answer, (_, expected) in zip(answers, some, strict=True)
            )
    return [_row(way.name, taken[way.name], right[way.name]) for way in ways]


def show(title: str, rows: Sequence[Row]) -> str:
    """The rows as a table; ``times`` is against the last row."""
    naive = rows[-1].milliseconds
    lines = [title, f"{'':32}{'CPU ms':>10}{'p95':>10}{'a second':>12}{'right':>8}{'times':>10}"]
    lines += [
        f"{row.name:32}{row.milliseconds:10.3f}{row.slow:10.3f}{1000 / row.milliseconds:12,.1f}"
        f"{row.right:8.3f}{naive / row.milliseconds:10,.1f}"
        for row in rows
    ]
    return "\n".join(lines)


def _timed(do: Callable[[str], str | None], item: str) -> tuple[float, str | None]:
    begin = time.process_time()
    answer = do(item)
    return time.process_time() - begin, answer


def _row(name: str, rounds: list[list[float]], right: float) -> Row:
    means = [statistics.mean(times) for times in rounds]
    slow = [statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0] for times in rounds]
    return Row(
        name=name,
        milliseconds=1000 * statistics.median(means),
        slow=1000 * statistics.median(slow),
        right=right,
    )
