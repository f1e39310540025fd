"""The best answer of each mention and how sure it was said to be: what calibration is measured over.

The best answer is the record that was asserted, else the first candidate; a mention without either gave
none. Where nothing was asserted, how sure it was that nothing in the register is right is an answer apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from linker.labels import SLACK, Label, day_of
from linker.scoring import Row, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """An answer: its probability, whether it is right, whether it was asserted."""

    probability: float
    right: bool
    asserted: bool
    record: bool = True  # False: that nothing in the register is right


def best_answers(rows: Iterable[Row], label: Label) -> list[Best]:
    """The best answer of each mention, and what was said of nothing, as far as the label can verify them."""
    mentions: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row["status"] != "withdrawn":
            mentions[row.get("mention") or 0].append(row)
    found = {judge(row, label)[1] for held in mentions.values() for row in held if row["status"] == "linked"}
    return list(_best(mentions.values(), label, label.wanted <= found))


def _best(mentions: Iterable[Sequence[Row]], label: Label, complete: bool) -> Iterator[Best]:
    for rows in mentions:
        decision = next((row for row in rows if row["status"] != "candidate"), None)
        first = min(
            (row for row in rows if row["status"] == "candidate"), key=lambda row: row["rank"], default=None
        )
        if decision is None:
            continue
        asserted = decision["status"] == "linked"
        record = decision if asserted else first
        if record is not None and (right := _right(record, label)) is not None:
            yield Best(probability=record["probability"], right=right, asserted=asserted)
        if not asserted and (right := _nothing_right(label, complete)) is not None:
            yield Best(probability=decision["probability"], right=right, asserted=False, record=False)


def _right(row: Row, label: Label) -> bool | None:
    """Whether a record is right; None where the label cannot tell."""
    if label.target and row.get("urn") == label.target.urn and not label.links:
        told, day = day_of(row.get("inspection_date")), label.target.day
        return row["level"] == "setting" or day is None or bool(told and abs((told - day).days) <= SLACK)
    verdict = judge(row, label)[0]
    return None if verdict == "unscored" else verdict in ("fine", "coarse")


def _nothing_right(label: Label, complete: bool) -> bool | None:
    if label.optional or label.also:
        return None
    return label.target is None and (label.level == "none" or complete)
