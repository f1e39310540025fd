"""The best answer of each mention and how sure it was said to be: what calibration is measured over.

The best answer is what was asserted; where nothing was, the likelier of the first candidate and of
*nothing in the register*.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from linker.labels import SLACK, Label, day_of
from linker.scoring import Row, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """A mention's best answer: its probability, whether it is right, whether it was asserted."""

    probability: float
    right: bool
    asserted: bool
    record: bool = True  # False: that nothing in the register is right


def best_answers(rows: Iterable[Row], label: Label) -> list[Best]:
    """One for each mention of an article that its label can verify."""
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
        if decision["status"] == "linked":
            right, record = _right(decision, label), True
        elif first is not None and first["probability"] > decision["probability"]:
            decision, right, record = first, _right(first, label), True
        else:
            right, record = _nothing_right(label, complete), False
        if right is not None:
            asserted = decision["status"] == "linked"
            yield Best(probability=decision["probability"], right=right, asserted=asserted, record=record)


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
