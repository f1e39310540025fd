"""Links held against labels: what is right, coarse, wrong or cannot be scored, and the figures of it.

right      asserted and true at its level; coarser than the label's is right too, and counted as coarse
wrong      asserted and false: another setting, provider or inspection, or one where none can be told
unscored   what a label cannot verify: the hidden target of an ambiguous article, a home it also covers
precision  right / (right + wrong); recall: labelled links asserted at the labelled level or finer
silence    of the articles in which nothing is right, how many had nothing asserted
queue      of the labelled settings not asserted, how many stand among the first five candidates
answer     of the labels that name an answer, how many articles' decisions give that and no other
brier      mean squared error of the probability of what was asserted
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from linker.labels import SLACK, Label, day_of, owner_key

Counts = Mapping[str, float]
Row = Mapping[str, Any]
"""One line of ``export links``, or of the same shape."""
Verdict = Literal["fine", "coarse", "wrong visit", "wrong", "unscored"]
RATIOS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "precision": ("right", ("right", "wrong")),
    "recall": ("found", ("wanted",)),
    "coarse": ("coarse", ("right",)),
    "silence": ("none kept silent", ("none",)),
    "queue": ("missed but queued", ("missed settings",)),
    "answer": ("answers right", ("answers",)),
    "brier": ("squared error", ("probabilities",)),
}
"""Each figure: the count above, and the counts whose sum stands below."""
_SAID = ("status", "level", "urn", "inspection_date", "provider", "mention")


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A wrong assertion (its row), a labelled link missed (the setting, or ``provider``), or another answer.

    ``answers``: what was said where the label names another answer.
    """

    what: Literal["wrong", "missed", "answer"]
    label: Label
    row: Row | None = None
    missed: str | None = None
    queued: bool = False
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scored:
    """One article's counts and mistakes."""

    label: Label
    counts: Counts
    mistakes: tuple[Mistake, ...]


def judge(row: Row, label: Label) -> tuple[Verdict, str | None]:
    """What an asserted row is, and the labelled link (a urn, or ``provider``) that it finds."""
    if row["level"] == "provider":
        return _judge_provider(row, label)
    urn = row.get("urn")
    for target in label.links:
        if urn == target.urn:
            if row["level"] == "setting":
                return ("fine", urn) if label.level == "setting" else ("coarse", None)
            if target.day is None or _near(row, target.day):
                return "fine", urn
    return _judge_unlabelled(urn, row, label), None


def _judge_unlabelled(urn: str | None, row: Row, label: Label) -> Verdict:
    """A setting or inspection that the label does not ask for."""
    if not label.links and urn and label.target and urn == label.target.urn:
        return "unscored"
    if urn in label.also:
        return "unscored"
    if urn in {one.urn for one in label.links}:
        return "wrong visit"
    if label.optional and (urn in label.candidates or owner_key(row.get("provider")) in label.owners):
        return "unscored"
    return "wrong"


def score(rows: Iterable[Row], label: Label) -> Scored:
    """Count one article's rows against its label."""
    said = _once(rows)
    asserted = [row for row in said if row["status"] == "linked"]
    counts: dict[str, float] = defaultdict(float, articles=1, missing=not said)
    mistakes, found = [], set()
    for row in asserted:
        verdict, what = judge(row, label)
        found.add(what)
        _count(counts, verdict, row)
        if verdict in ("wrong", "wrong visit"):
            mistakes.append(Mistake(what="wrong", label=label, row=row))
        elif verdict == "unscored" and label.level == "provider":
            found.add("provider")
    mistakes += _missed(counts, said, label, found)
    if label.level == "none" and not label.optional:
        counts["none"] += 1
        counts["none kept silent"] += not any(judge(row, label)[0] == "wrong" for row in asserted)
    if label.answer:
        mistakes += _answered(counts, said, label)
    return Scored(label=label, counts=counts, mistakes=tuple(mistakes))


def total(scored: Iterable[Scored]) -> Counts:
    """The sum of the articles' counts."""
    summed: dict[str, float] = defaultdict(float)
    for one in scored:
        for name, count in one.counts.items():
            summed[name] += count
    return summed


def figures(counts: Counts) -> dict[str, float | None]:
    """The ratios; None where nothing stands below."""
    return {name: _ratio(counts, above, below) for name, (above, below) in RATIOS.items()}


def _ratio(counts: Counts, above: str, below: Sequence[str]) -> float | None:
    whole = sum(counts.get(name, 0) for name in below)
    return counts.get(above, 0) / whole if whole else None


def _judge_provider(row: Row, label: Label) -> tuple[Verdict, str | None]:
    if owner_key(row.get("provider")) in label.owners:
        return ("fine", "provider") if label.level == "provider" else ("coarse", None)
    return ("unscored" if label.optional and not label.owners else "wrong"), None


def _near(row: Row, day: Any) -> bool:
    told = day_of(row.get("inspection_date"))
    return told is not None and abs((told - day).days) <= SLACK


def _count(counts: dict[str, float], verdict: Verdict, row: Row) -> None:
    counts["asserted"] += 1
    counts["coarse"] += verdict == "coarse"
    counts["wrong visit"] += verdict == "wrong visit"
    counts["right"] += verdict in ("fine", "coarse")
    counts["wrong"] += verdict in ("wrong", "wrong visit")
    counts["unscored"] += verdict == "unscored"
    if verdict != "unscored":
        counts["probabilities"] += 1
        error = row.get("probability", 1.0) - (verdict in ("fine", "coarse"))
        counts["squared error"] += error**2


def _missed(
    counts: dict[str, float], said: Sequence[Row], label: Label, found: set[str | None]
) -> list[Mistake]:
    queue = {row.get("urn") for row in said if row["status"] == "candidate" and (row.get("rank") or 99) <= 5}
    counts["wanted"] += len(label.wanted)
    counts["found"] += len(label.wanted & found)
    missed = sorted(label.wanted - found)
    settings = [one for one in missed if one != "provider"]
    counts["missed settings"] += len(settings)
    counts["missed but queued"] += sum(one in queue for one in settings)
    return [Mistake(what="missed", label=label, missed=one, queued=one in queue) for one in missed]


def _answered(counts: dict[str, float], said: Sequence[Row], label: Label) -> list[Mistake]:
    decided = {row.get("answer") for row in said if row["status"] != "candidate"}
    right = decided == {label.answer}
    counts["answers"] += 1
    counts["answers right"] += right
    given = tuple(sorted(str(one or "nothing") for one in decided))
    return [] if right else [Mistake(what="answer", label=label, answers=given)]


def _once(rows: Iterable[Row]) -> list[Row]:
    """A line said twice counts once."""
    held: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        held.setdefault(tuple(row.get(name) for name in _SAID), row)
    return list(held.values())
