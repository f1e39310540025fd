"""nomenklatura's matcher over our clues: the operator's name against each home's owner, where places allow.

The authority cannot go in as an address: two companies of one town would be the same to the matcher.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from followthemoney import model
from followthemoney.proxy import EntityProxy
from nomenklatura.matching import LogicV2, ScoringConfig

from linker.baselines.questions import Question, answer, inspection_row
from linker.register import Register
from storage.names import organisation_key

_CERTAIN = 0.7
"""The score from which OpenSanctions' own service calls two entities a match."""
_MOST = 200
"""Homes scored for a mention: those whose owner's name shares the most words with the operator's."""


def link(register: Register, asked: Sequence[Question]) -> Mapping[tuple[int, int], list[dict[str, Any]]]:
    """The rows of each mention that names an operator; the inspection is the last before the article."""
    owned = defaultdict(list)
    for number, setting in enumerate(register.settings):
        owner = register.providers.get(setting.provider or "")
        for word in set(organisation_key(owner.name).split()) if owner else ():
            owned[word].append(number)
    config = ScoringConfig.defaults()
    return {
        (one.article, one.mention): _answer(register, one, _blocked(register, one, owned), config)
        for one in asked
        if one.operators
    }


def _blocked(register: Register, one: Question, owned: Mapping[str, Sequence[int]]) -> list[int]:
    """The homes to score: in the authorities named, where any of the operator's are."""
    shared: dict[int, float] = defaultdict(float)
    for word in {word for name in one.operators for word in organisation_key(name).split()}:
        for number in owned.get(word, ()):
            shared[number] += 1 / len(owned[word])
    inside = [n for n in shared if set(register.settings[n].authorities) & set(one.authorities)]
    return sorted(inside or shared, key=lambda number: -shared[number])[:_MOST]


def _answer(
    register: Register, one: Question, homes: Sequence[int], config: ScoringConfig
) -> list[dict[str, Any]]:
    asked = _entity(f"mention {one.article}.{one.mention}", one.operators)  # what it reads is kept by id
    found = []
    for number in homes:
        setting = register.settings[number]
        names = register.providers[str(setting.provider)].names
        result = LogicV2.compare(asked, _entity(setting.urn, names), config)
        held = [register.inspections[place] for place in register.inspections_of(number).tolist()]
        before = [held_one for held_one in held if _is_before(held_one.first, one)]
        if before and result.score > 0.3:
            found.append((inspection_row(register, before[-1]), float(result.score)))
    return answer(one, found, _CERTAIN)


def _is_before(day: Any, one: Question) -> bool:
    return day is not None and (one.published is None or day <= one.published)


def _entity(key: str, names: Iterable[str]) -> EntityProxy:
    entity = model.make_entity("Company")
    entity.id = key
    for name in names:
        entity.add("name", name)
    entity.add("country", "gb")
    return entity
