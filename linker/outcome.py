"""A linked mention as the links that are stored: the decision, then its candidates, each with evidence."""

from collections.abc import Iterator, Sequence

from linker.decide import Scored
from linker.linking import Linked
from linker.register import Register
from linker.weighing.comparison import Weighed
from storage.records import Evidence, Link

_LEAST = 0.05
"""Bits below which a comparison said nothing that a reader should see."""


def links_of(register: Register, article: str, version: int, linked: Sequence[Linked]) -> list[Link]:
    """All links of an article's version, mention by mention, decision first."""
    return [link for one in linked for link in _of_mention(register, article, version, one)]


def _of_mention(register: Register, article: str, version: int, one: Linked) -> Iterator[Link]:
    said = one.decision
    best = said.best.candidate if said.best else None
    reaches = {"inspection": 3, "setting": 2, "provider": 1, "none": 0}[said.level]
    number = best.inspection if best else None
    yield Link(
        article_id=article,
        version=version,
        mention=one.mention.number,
        status="linked" if said.answer == "asserted" else "none",
        level=said.level,
        probability=said.probability,
        answer=said.answer,
        inspection_id=register.inspections[number].id if reaches == 3 and number is not None else None,
        setting_id=register.settings[best.setting].id if best and reaches >= 2 else None,
        provider_id=said.provider if reaches else None,
        margin=said.margin,
        evidence=_evidence(said.best) if said.best else (),
    )
    for rank, scored in enumerate(said.shown, 1):
        yield _candidate(register, article, version, one.mention.number, (rank, scored))


def _candidate(
    register: Register, article: str, version: int, mention: int, ranked: tuple[int, Scored]
) -> Link:
    rank, scored = ranked
    setting, number = scored.candidate
    inspection = register.inspections[number] if number is not None else None
    return Link(
        article_id=article,
        version=version,
        mention=mention,
        status="candidate",
        level="inspection" if inspection else "setting",
        probability=scored.probability,
        rank=rank,
        inspection_id=inspection.id if inspection else None,
        setting_id=register.settings[setting].id,
        provider_id=(inspection.provider if inspection else None) or register.settings[setting].provider,
        evidence=_evidence(scored),
    )


def _evidence(scored: Scored) -> tuple[Evidence, ...]:
    ordered = sorted(scored.weighed, key=lambda one: -abs(one.weight))
    return tuple(_one_evidence(one) for one in ordered if abs(one.weight) >= _LEAST)


def _one_evidence(one: Weighed) -> Evidence:
    clue = one.clue
    return Evidence(
        clue=one.kind,
        field=clue.field if clue else "text",
        text=clue.text if clue else "",
        start=clue.start if clue else None,
        end=clue.end if clue else None,
        value=str(clue.value) if clue else None,
        told=one.told,
        weight=round(one.weight, 2),
    )
