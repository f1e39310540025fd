"""A labelled world: a register, and articles with what they are about; linked without a store."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from linker.decide import Scored
from linker.labels import Label
from linker.linking import Heard, Linked, Linker
from linker.model import Model
from linker.reading import Reading
from linker.register import Register
from storage.dates import DaySpan
from storage.namings import name_on


@dataclass(frozen=True, kw_only=True)
class World:
    """Labelled articles and the register to link them against.

    ``heard``: what the articles say, by the reading's ``id``: to fit a model each is linked many times.
    """

    name: str
    register: Register
    told: Sequence[tuple[Reading, Label]]
    heard: dict[int, Heard] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One labelled article, linked; ``rows`` are those of ``export links`` as far as scoring needs them."""

    reading: Reading
    label: Label
    linked: Sequence[Linked]
    rows: Sequence[dict[str, Any]]


def outcomes(world: World, model: Model) -> Iterator[Outcome]:
    """Every article of the world, linked with a model."""
    linker = Linker(world.register, model)
    for reading, label in world.told:
        if id(reading) not in world.heard:
            world.heard[id(reading)] = linker.hear(reading)
        linked = linker.link(reading, world.heard[id(reading)])
        rows = [row for one in linked for row in rows_of(world.register, one, reading.published)]
        yield Outcome(reading=reading, label=label, linked=linked, rows=rows)


def rows_of(register: Register, one: Linked, published: DaySpan | None) -> Iterator[dict[str, Any]]:
    """A mention's decision, then its candidates by rank."""
    said = one.decision
    day = published.last if published else None
    reaches = {"inspection": 3, "setting": 2, "provider": 1, "none": 0}[said.level]
    inspected = _inspected(register, said.best if reaches == 3 else None)
    yield {
        "mention": one.mention.number,
        "status": "linked" if said.answer == "asserted" else "none",
        "answer": said.answer,
        "level": said.level,
        "probability": said.probability,
        "rank": None,
        "provider": _name(register, said.provider, inspected or day) if reaches else None,
        **_record(register, said.best if reaches >= 2 else None, dated=reaches == 3),
    }
    for rank, scored in enumerate(said.shown, 1):
        dated = scored.candidate.inspection is not None
        yield {
            "mention": one.mention.number,
            "status": "candidate",
            "answer": None,
            "level": "inspection" if dated else "setting",
            "probability": scored.probability,
            "rank": rank,
            "provider": _name(register, _owner(register, scored), _inspected(register, scored) or day),
            **_record(register, scored, dated=dated),
        }


def _record(register: Register, scored: Scored | None, *, dated: bool) -> dict[str, Any]:
    if scored is None:
        return {"urn": None, "inspection_date": None}
    number = scored.candidate.inspection
    inspection = register.inspections[number] if dated and number is not None else None
    day = (inspection.first or inspection.last) if inspection else None
    return {
        "urn": register.settings[scored.candidate.setting].urn,
        "inspection_date": day and day.isoformat(),
    }


def _owner(register: Register, scored: Scored) -> str | None:
    number = scored.candidate.inspection
    owner = register.inspections[number].provider if number is not None else None
    return owner or register.settings[scored.candidate.setting].provider


def _inspected(register: Register, scored: Scored | None) -> dt.date | None:
    number = scored.candidate.inspection if scored else None
    return register.inspections[number].first if number is not None else None


def _name(register: Register, provider: str | None, day: dt.date | None) -> str | None:
    """As the register of the day spelled it, which is how exports name it."""
    if provider not in register.providers:
        return None
    known = register.providers[provider]
    return name_on(known.namings, day) or known.name
