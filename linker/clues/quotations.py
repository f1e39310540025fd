"""Quoted words and the reports that hold them; who is quoted shows by whether a report has the words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from linker.quotations import QuotationHit, QuotationIndex
from linker.reading import Reading
from storage.records import Clue

_DOUBLE = re.compile(r'"([^"\n]{12,900})(?:"|$)', re.MULTILINE)
_SINGLE = re.compile(r"(?<![\w'])'(?=[A-Za-z\[])([^\n]{12,600}?)(?<=[\w.,!?…\]])'(?![\w])")
_LEAST = 5  # words: shorter quotations are stock or find nothing
_MOST = 14  # quotations looked up in one article


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A quotation and where in the reports it stands, best first."""

    words: int
    hits: list[QuotationHit]

    def __str__(self) -> str:
        return f"{self.words} words in {len(self.hits)} report{'s' * (len(self.hits) != 1)}"


def find(reading: Reading, index: QuotationIndex) -> list[Clue]:
    """The article's quotations that stand in reports, with those reports."""
    if not len(index):
        return []
    clues = []
    for start, end in sorted(_spans(reading))[:_MOST]:
        words = len(reading.plain[start:end].split())
        if words < _LEAST:
            continue
        hits = index.find(reading.plain[start:end])
        if hits:
            clues.append(reading.clue("quotation", start, end, Quote(words=words, hits=hits)))
    return clues


def _spans(reading: Reading) -> Iterator[tuple[int, int]]:
    taken: list[tuple[int, int]] = []
    for pattern in (_DOUBLE, _SINGLE):
        for found in pattern.finditer(reading.plain):
            start, end = found.span(1)
            if not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                yield start, end
