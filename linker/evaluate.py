"""How right the linker is on a labelled folder: precision, recall, silence, queue, answers, Brier score.

A label: ``{"id", "level", "links": [{"urn", "inspection_date"}], "provider", "provider_names",
"candidates", "target", "also", "answer", "optional"}``; ``optional`` labels may be left silent.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from linker.linking import Linked
from linker.register import Register
from storage.names import organisation_key

Verdict = Literal["right", "wrong", "unscored"]
_SAME_VISIT = 3  # days
_RESAMPLED = 1000
FIGURES = ("precision", "recall", "silence", "queue", "answer", "brier")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said of one mention, in the words of a label."""

    level: str
    answer: str
    urn: str | None
    day: dt.date | None
    provider: str | None
    probability: float
    queue: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Marked:
    """One article's counts, and its errors in words."""

    id: str
    counts: Counter[str]
    squares: tuple[float, ...]
    errors: tuple[str, ...]


def said(register: Register, one: Linked) -> Said:
    """A linked mention as it is scored."""
    decision = one.decision
    best = decision.best.candidate if decision.best else None
    inspection = register.inspections[best.inspection] if best and best.inspection is not None else None
    reaches = decision.level in ("inspection", "setting")
    return Said(
        level=decision.level,
        answer=decision.answer,
        urn=register.settings[best.setting].urn if best and reaches else None,
        day=(inspection.first or inspection.last) if inspection and decision.level == "inspection" else None,
        provider=decision.provider,
        probability=decision.probability,
        queue=tuple(register.settings[scored.candidate.setting].urn for scored in decision.shown),
    )


def mark(label: Mapping[str, Any], mentions: Sequence[Said], register: Register) -> Marked:
    """Hold what was said of an article against its label."""
    counts: Counter[str] = Counter(articles=1)
    squares, errors, found = [], [], set()
    for one in (one for one in mentions if one.level != "none"):
        verdict, what = _judge(one, label, register)
        counts[verdict] += 1
        found.add(what)
        if verdict != "unscored":
            squares.append((one.probability - (verdict == "right")) ** 2)
        if verdict == "wrong":
            errors.append(f"wrong: {one.level} {one.urn or one.provider} {one.day or ''}".rstrip())
    wanted = _wanted(label)
    queue = {urn for one in mentions for urn in one.queue}
    for missed in wanted - found:
        counts["missed"] += missed != "provider"
        counts["queued"] += missed in queue
        errors.append(f"missed: {missed}{' (in the queue)' if missed in queue else ''}")
    counts["wanted"], counts["found"] = len(wanted), len(wanted & found)
    if label["level"] == "none" and not label.get("optional"):
        counts["none"], counts["silent"] = 1, int(not counts["wrong"])
    if label.get("answer"):
        counts["answers"] = 1
        counts["answered"] = int({one.answer for one in mentions} == {label["answer"]})
    return Marked(id=str(label["id"]), counts=counts, squares=tuple(squares), errors=tuple(errors))


def figures(marked: Iterable[Marked]) -> dict[str, float | None]:
    """The six figures over some articles; None where nothing was to be counted."""
    counts: Counter[str] = Counter()
    squares: list[float] = []
    for one in marked:
        counts.update(one.counts)
        squares += one.squares
    return {
        "precision": _ratio(counts["right"], counts["right"] + counts["wrong"]),
        "recall": _ratio(counts["found"], counts["wanted"]),
        "silence": _ratio(counts["silent"], counts["none"]),
        "queue": _ratio(counts["queued"], counts["missed"]),
        "answer": _ratio(counts["answered"], counts["answers"]),
        "brier": _ratio(sum(squares), len(squares)),
    }


def intervals(marked: Sequence[Marked], seed: int = 1) -> dict[str, tuple[float, float] | None]:
    """95 % bootstrap intervals over articles."""
    dice = random.Random(seed)  # noqa: S311 (resampling, no secret)
    drawn = [figures(dice.choices(marked, k=len(marked))) for _ in range(_RESAMPLED)] if marked else []
    bounds: dict[str, tuple[float, float] | None] = {}
    for name in FIGURES:
        values = sorted(value for one in drawn if (value := one[name]) is not None)
        low, high = int(0.025 * len(values)), int(0.975 * len(values))
        bounds[name] = (values[low], values[min(high, len(values) - 1)]) if values else None
    return bounds


def _judge(one: Said, label: Mapping[str, Any], register: Register) -> tuple[Verdict, str | None]:
    """The verdict on one assertion, and what of the label it finds."""
    links = label.get("links", []) if label["level"] in ("inspection", "setting") else []
    if one.level == "provider":
        return _judge_provider(one, label, register)
    mine = [link for link in links if link["urn"] == one.urn]
    if mine:
        days = [
            dt.date.fromisoformat(link["inspection_date"]) for link in mine if link.get("inspection_date")
        ]
        if one.level == "setting":
            return "right", one.urn if label["level"] == "setting" else None
        near = not days or any(one.day and abs((one.day - day).days) <= _SAME_VISIT for day in days)
        return ("right", one.urn) if near else ("wrong", None)
    beside = {link["urn"] for link in label.get("also", [])} | {label.get("target", {}).get("urn")}
    if one.urn in beside or (label.get("optional") and one.urn in label.get("candidates", [])):
        return "unscored", None
    return "wrong", None


def _judge_provider(one: Said, label: Mapping[str, Any], register: Register) -> tuple[Verdict, str | None]:
    owners = {
        organisation_key(name) for name in (label.get("provider"), *label.get("provider_names", ())) if name
    }
    held = register.providers[one.provider].names if one.provider in register.providers else ()
    if owners & {organisation_key(name) for name in held}:
        return "right", "provider" if label["level"] == "provider" else None
    return ("unscored", None) if label.get("optional") and not owners else ("wrong", None)


def _wanted(label: Mapping[str, Any]) -> set[str]:
    if label.get("optional"):
        return set()
    if label["level"] in ("inspection", "setting"):
        return {link["urn"] for link in label.get("links", [])}
    return {"provider"} if label["level"] == "provider" else set()


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
