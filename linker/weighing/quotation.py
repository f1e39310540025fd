"""Quotations against the reports: what few reports hold counts much, what many hold counts nothing."""

import math
from collections import defaultdict
from collections.abc import Hashable

from linker.quotations import QuotationHit
from linker.register import Inspection, Setting
from linker.weighing.comparison import Case, Weighed
from storage.records import Clue

_ABSENT = -1.2
"""Bits against an inspection whose report is here, for each quotation found in another report only."""
_STOCK = 5
"""Reports beyond which a sentence is stock, and tells for none and against none."""
_TOGETHER = 2.0
"""Quotations together say at most so many times what one may: stock sentences come in company."""


class Quotation:
    """Quoted words that stand in the inspection's own report.

    What one of n reports here holds, one of n + 1 others may hold as well: few reports prove little.
    """

    kind = "quotation"

    def __init__(self, case: Case) -> None:
        self.most, self.reported = case.model.quotation_most, case.register.reported
        self.total = max(len(case.register.inspections), 1)
        self.held: dict[str, list[tuple[float, Clue, QuotationHit]]] = defaultdict(list)
        self.sure = _TOGETHER * math.log2(len(self.reported) + 1)
        self.found = 0
        for clue in case.mention.of("quotation"):
            hits: list[QuotationHit] = [hit for hit in clue.value.hits if hit.holders <= _STOCK]
            self.found += bool(hits)
            for hit in hits:
                self.held[hit.report].append((self._bits(clue, hit), clue, hit))

    def reports(self) -> list[str]:
        """The inspections whose reports hold a quotation, the most telling first."""
        return sorted(self.held, key=lambda one: -sum(bits for bits, _, _ in self.held[one]))

    @property
    def silent(self) -> bool:
        return not self.found

    def key(self, setting: Setting, inspection: Inspection | None) -> Hashable:
        return inspection and inspection.id

    def weigh(self, setting: Setting, inspection: Inspection | None) -> Weighed | None:
        if inspection is None or inspection.id not in self.reported:
            return None
        held = self.held.get(inspection.id)
        if not held:
            if not self.found:
                return None
            weight = max(_ABSENT * self.found, -4.0)
            return Weighed(
                kind=self.kind,
                level="contrary",
                weight=weight,
                told="its report has none of the quotations",
                clue=None,
            )
        weight = min(sum(bits for bits, _, _ in held), self.most, self.sure)
        _, clue, hit = max(held, key=lambda one: one[0])
        told = _told(len(held), hit.holders - 1)
        return Weighed(kind=self.kind, level="exact", weight=weight, told=told, clue=clue)

    def _bits(self, clue: Clue, hit: QuotationHit) -> float:
        """How much likelier this report is than any, given the words; short or loose matches count less."""
        words: int = clue.value.words
        rare = math.log2(min((len(self.reported) + 1) / hit.holders, self.total))
        sure = max(min((words - 2) / 8, 1.0), 0.1) * max(min((hit.score - 0.6) / 0.3, 1.0), 0.1)
        return rare * sure


def _told(found: int, others: int) -> str:
    """How many quotations its report has, and how many reports have the one that says most too."""
    where = f"in {others} other{'s' if others > 1 else ''} too" if others > 0 else "in no other"
    if found == 1:
        return f"1 quotation in its report, {where}"
    return f"{found} quotations in its report, the most telling {where}"
