"""A mention's clues, and the inspections of the register, as plain columns that other tools take."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from linker.mentions import Mention
from linker.register import Inspection, Register
from linker.worlds import Outcome
from storage.dates import DaySpan
from storage.names import organisation_key

_ROLES = ("home", "lead", "council", "told")


@dataclass(frozen=True, kw_only=True)
class Question:
    """What an article says of one mention."""

    article: int
    mention: int
    text: str
    operators: tuple[str, ...]  # as printed
    authorities: tuple[str, ...]
    visit: DaySpan | None
    grade: str | None
    places: int | None
    published: dt.date | None


def questions(register: Register, outcomes: Sequence[Outcome]) -> Iterator[Question]:
    """One for each mention, in order."""
    for number, outcome in enumerate(outcomes):
        for one in outcome.linked:
            yield _question(number, one.mention)


def inspection_row(register: Register, inspection: Inspection) -> dict[str, Any]:
    """An inspection with its setting and its owner on that day."""
    setting = register.settings[inspection.setting]
    owner = inspection.provider or setting.provider
    name = register.providers[owner].name if owner in register.providers else None
    return {
        "urn": setting.urn,
        "provider": name,
        "operator": organisation_key(name) if name else None,
        "authorities": list(setting.authorities),
        "grade": inspection.grades[0],
        "day": inspection.first or inspection.last,
        "published": inspection.published,
        "places": setting.places[-1] if setting.places else None,
    }


def answer(
    question: Question, found: Sequence[tuple[dict[str, Any], float]], certain: float
) -> list[dict[str, Any]]:
    """The first five (record, score) as rows; of equal scores the newest is best, and asserted if certain."""
    if not found:
        return []
    found = sorted(found, key=lambda pair: (-pair[1], -_ordinal(pair[0])))
    best, score = found[0]
    linked = score >= certain
    decision = {"status": "linked" if linked else "none", "level": "inspection" if linked else "none"}
    rows = [_row(question, best if linked else {}, score if linked else 1 - score) | decision]
    for rank, (record, chance) in enumerate(found[:5], 1):
        rows.append(
            _row(question, record, chance)
            | {"status": "candidate", "level": "inspection", "rank": rank, "answer": None}
        )
    return rows


def _ordinal(record: dict[str, Any]) -> int:
    day: dt.date | None = record["day"]
    return day.toordinal() if day else 0


def _row(question: Question, record: dict[str, Any], probability: float) -> dict[str, Any]:
    return {
        "mention": question.mention,
        "answer": "asserted" if record else "too_little",
        "urn": record.get("urn"),
        "provider": record.get("provider"),
        "inspection_date": record["day"].isoformat() if record.get("day") else None,
        "probability": probability,
        "rank": None,
    }


def _question(number: int, mention: Mention) -> Question:
    visits = [clue.value for clue in mention.of("visit")]
    grade, capacity = mention.grade(), mention.strongest("capacity")
    span = mention.reading.published
    return Question(
        article=number,
        mention=mention.number,
        text=mention.reading.plain,
        operators=_operators(mention),
        authorities=_authorities(mention),
        visit=DaySpan(visits[0].spans[0].first, visits[0].spans[-1].last) if visits else None,
        grade=grade[0].value.grade if grade else None,
        places=capacity.value if capacity else None,
        published=span.last if span else None,
    )


def _operators(mention: Mention) -> tuple[str, ...]:
    """The names in an operator's place; where none is, every organisation named."""
    clues = mention.of("operator")
    running = [clue for clue in clues if clue.value.role == "operator"] or list(clues)
    return tuple(dict.fromkeys(clue.value.name for clue in running))


def _authorities(mention: Mention) -> tuple[str, ...]:
    """The authorities of the places that play the best part."""
    for role in _ROLES:
        held = [clue.value.place for clue in mention.of("place") if clue.value.role == role]
        if held:
            return tuple(sorted({one for place in held for one in place.authorities}))
    return ()
