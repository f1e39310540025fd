"""The naive search: the provider whose name stands most nearly in the text, and its last inspection."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz, process

from linker.baselines.questions import Question, answer, inspection_row
from linker.register import Register
from storage.names import organisation_key

_CERTAIN = 90.0


def link(register: Register, asked: Sequence[Question]) -> Mapping[tuple[int, int], list[dict[str, Any]]]:
    """The rows of each article's first mention; the search knows of no others."""
    names = {one.id: organisation_key(one.name) for one in register.providers.values()}
    names = {provider: key for provider, key in names.items() if len(key) > 5}
    told = {}
    for one in asked:
        if one.mention == 0:
            told[one.article, 0] = _search(register, names, one)
    return told


def _search(register: Register, names: Mapping[str, str], one: Question) -> list[dict[str, Any]]:
    text = organisation_key(" ".join(one.text.split())) or one.text.lower()
    hits = process.extract(text, names, scorer=fuzz.partial_ratio, score_cutoff=75, limit=5)
    found = []
    for _, score, provider in hits:
        record = last_inspection(register, provider, one.published)
        if record:
            found.append((record, score / 100))
    return answer(one, found, _CERTAIN / 100)


def last_inspection(register: Register, provider: str, day: dt.date | None) -> dict[str, Any] | None:
    """The newest inspection of any of a provider's settings up to a day."""
    held = [
        register.inspections[number]
        for setting in register.settings_of(provider)
        for number in register.inspections_of(setting).tolist()
    ]
    dated = [(one.first or one.last or dt.date.min, one) for one in held]
    before = [(first, one.id, one) for first, one in dated if day is None or first <= day]
    newest = max(before, key=lambda one: one[:2], default=None)
    return inspection_row(register, newest[2]) if newest else None
