"""Sentences that retell a report in other words, for the records that are likeliest without them.

To read a report costs a third of a millisecond; so only the reports of the likeliest records are compared,
which is where the words can still decide.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from linker.decide import Scored
from linker.retelling import LEAST_REPORTS, retellings_of
from linker.weighing.comparison import Case, Weighed
from storage.records import Clue

_COMPARED = 3
"""Reports compared for one mention."""
_BEHIND = 16.0
"""Bits behind the likeliest record from which words alone would not bring a record back."""
SURE = 0.99
"""Posterior from which the words would only confirm what the other clues have decided."""
_LEAST, _WORDS, _BEYOND = 12.0, 3, 3.0
"""Bits and words that a sentence must share with a stretch of the report, and bits beyond the likest of the
sampled unrelated reports. Of 1,224 sentences of labelled stories 66 do with their own report, of
30,113 none with another.
"""
_BY_CHANCE = 0.004
"""u of one sentence; of several together an eighth of it."""


def with_retellings(case: Case, scored: Sequence[Scored]) -> list[Scored]:
    """The records with what their reports' retold sentences add.

    With the quotations found in a report, of which they are another sign, they say no more than quotations
    that only one report has would.
    """
    index, clues = case.register.quotations, case.mention.of("paraphrase")
    if len(index) < LEAST_REPORTS or not clues:
        return list(scored)
    reports = _likeliest(case, scored)
    if not reports:
        return list(scored)
    held = _retold(case, clues, reports)
    most = _together(case)
    return [_added(case, one, held, most) for one in scored] if held else list(scored)


def _likeliest(case: Case, scored: Sequence[Scored]) -> list[str]:
    """The reports of the likeliest records."""
    ranked = sorted(scored, key=lambda one: -one.total)
    near = [one for one in ranked if one.total > ranked[0].total - _BEHIND]
    reports = [
        case.register.inspections[one.candidate.inspection].id
        for one in near
        if one.candidate.inspection is not None
    ]
    return [one for one in reports if one in case.register.quotations][:_COMPARED]


def _retold(case: Case, clues: Sequence[Clue], reports: Sequence[str]) -> dict[str, list[Clue]]:
    """The sentences that each of the reports' own words suit, the likest first."""
    retellings = retellings_of(case.register.quotations)
    said = retellings.said(clue.value.words for clue in clues)
    like = retellings.like(said, reports, _quoted(case))
    enough = (like.bits >= _LEAST) & (like.words >= _WORDS)
    if not enough.any():
        return {}
    enough &= like.bits >= (retellings.usual(said, reports) + _BEYOND)[:, None]
    return {
        report: [clues[at] for at in np.argsort(-like.bits[:, number]).tolist() if enough[at, number]]
        for number, report in enumerate(reports)
        if enough[:, number].any()
    }


def _quoted(case: Case) -> dict[str, list[tuple[int, int]]]:
    """The characters of each report that are quoted, which retold besides say nothing more."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for clue in case.mention.of("quotation"):
        for hit in clue.value.hits:
            spans[hit.report].append((hit.start, hit.end))
    return spans


def _added(case: Case, one: Scored, held: dict[str, list[Clue]], most: float) -> Scored:
    number = one.candidate.inspection
    clues = held.get(case.register.inspections[number].id) if number is not None else None
    if not clues:
        return one
    level = "exact" if len(clues) > 1 else "close"
    u = max(_BY_CHANCE, 1 / (len(case.register.quotations) + 1)) / (8 if len(clues) > 1 else 1)
    quoted = sum(weighed.weight for weighed in one.weighed if weighed.kind == "quotation")
    room = max(most - max(quoted, 0.0), 0.0)
    weighed = Weighed(
        kind="paraphrase",
        level=level,
        weight=min(case.model.weight("paraphrase", level, u), room),
        told=f"retells {len(clues)} sentence{'s' if len(clues) > 1 else ''} of its report",
        clue=clues[0],
    )
    return one._replace(weighed=(*one.weighed, weighed), total=one.total + weighed.weight)


def _together(case: Case) -> float:
    """Bits that quotations and retold sentences may say together."""
    return min(case.model.quotation_most, 2 * math.log2(len(case.register.reported) + 1))
