"""The judgements of a report, wherever the text extraction put the grades beside their labels."""

import itertools
import re
from collections.abc import Mapping
from typing import Final

from crawler.reports.frameworks.framework import Framework
from crawler.reports.grades import GRADE, OUTCOME, judgement
from storage.vocabulary import Area

_NEAR = 90  # characters from a label's beginning words to its grade: the rest of the label
_TOLD = 220  # in the older reports, whose grades stand in a sentence
_HEAD_ENDS: Final = re.compile(
    r"^(?:Date of (?:last|previous)|Overall judgement at|Enforcement action|(?:Recent )?[Ii]nspection history"
    r"|Inspection judgements?$|What does |Full report)",
    re.MULTILINE,
)
_INTERIM: Final = re.compile(
    rf"(?:judges?(?:\s+that)?\s+(?:it|the\s+\w+)\s+has|inspection\s+is|effectiveness\s+is|inspection\s+judgement)"
    rf"\s*:?\s*({OUTCOME})|(?:^|[.:]\s*)({OUTCOME})\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_ONE_GRADE: Final = re.compile(rf"(?i:\b{GRADE})\b")


def graded(flat: str, framework: Framework) -> dict[Area, str]:
    """Judgements of a full inspection by area; areas without a grade are left out."""
    return _in_table(flat, framework) | _in_sentences(flat, framework)


def _in_sentences(flat: str, framework: Framework) -> dict[Area, str]:
    found = {area: sentence.search(flat) for area, sentence in framework.sentences.items()}
    return {
        area: kept for area, told in found.items() if told and (kept := judgement(told[told.lastindex or 0]))
    }


def _in_table(flat: str, framework: Framework) -> dict[Area, str]:
    if not framework.areas:
        return {}
    labels = re.compile("|".join(rf"(?P<{area}>{words})" for area, words in framework.areas.items()))
    first = labels.search(flat)
    if first is None:
        return {}
    ends = _HEAD_ENDS.search(flat, first.start())
    head = flat[first.start() : ends.start() if ends else None]
    found = _beside(head, labels) or _in_columns(head, labels)
    for area, grade in _told(flat, framework.areas).items():
        found.setdefault(area, grade)
    return found


def outcome(flat: str) -> str | None:
    """What an interim inspection found of the home's effectiveness."""
    history = re.search(r"(?:Recent )?[Ii]nspection history", flat)
    for found in _INTERIM.finditer(flat):
        line = flat[flat.rfind("\n", 0, found.start(1) if found[1] else found.start(2)) + 1 : found.end()]
        if (
            "last inspection" in line
            or "Previous" in line
            or (history and 0 < found.start() - history.start() < 400)
        ):
            continue
        return judgement(found[1] or found[2])
    return None


def _firsts(head: str, labels: re.Pattern[str]) -> list[re.Match[str]]:
    """The first place of each label, in order."""
    seen: dict[str | None, re.Match[str]] = {}
    for found in labels.finditer(head):
        seen.setdefault(found.lastgroup, found)
    return list(seen.values())


def _beside(head: str, labels: re.Pattern[str]) -> dict[Area, str]:
    """Each label's first grade before the next label; nothing unless every label has one."""
    found: dict[Area, str] = {}
    places = _firsts(head, labels)
    for label, following in itertools.pairwise([*places, None]):
        assert label is not None
        until = min(label.end() + _NEAR, following.start() if following else len(head))
        grade = _ONE_GRADE.search(head, label.end(), until)
        kept = judgement(grade[0]) if grade else None
        if kept is None:
            return {}
        found[label.lastgroup] = kept  # type: ignore[index]
    return found


def _in_columns(head: str, labels: re.Pattern[str]) -> dict[Area, str]:
    """Labels first and then as many grades: a table whose columns were read one after the other."""
    places = _firsts(head, labels)
    grades = [judgement(grade[0]) for grade in _ONE_GRADE.finditer(head, places[-1].end())][: len(places)]
    if len(grades) < len(places):
        return {}
    pairs = zip(places, grades, strict=True)
    return {label.lastgroup: grade for label, grade in pairs if grade}  # type: ignore[misc]


def _told(flat: str, areas: Mapping[Area, str]) -> dict[Area, str]:
    """Grades behind the headings of the narrative, or in its first sentence ("… is judged to be good")."""
    found: dict[Area, str] = {}
    for area, words in areas.items():
        told = re.search(
            rf"(?:{words})(?:[^.\n]{{0,{_NEAR}}}:|[^.]{{0,{_TOLD}}}?\b(?:is|are|as|be))\s*({GRADE})\b",
            flat,
            re.IGNORECASE,
        )
        kept = judgement(told[1]) if told else None
        if kept:
            found[area] = kept
    return found
