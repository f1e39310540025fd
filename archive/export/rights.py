"""How much of the press's words an export gives: what the newsroom imported whole, else masked extracts."""

import re
from typing import Final

from archive.export.tabled import Record
from storage import masking

_DIGIT: Final = re.compile(r"\d")
_SHORT: Final = 2 * masking.LONGEST_EXTRACT
"""Characters: so few never hold more words than an extract may."""


def bound(evidence: Record) -> Record:
    """A record of evidence with at most 25 words of the press, and no postcode or personal number."""
    clue, field, words, start, end, value, told, weight = evidence
    return clue, field, _extract(words), start, end, value and _masked(value), _masked(told), weight


def _extract(words: str) -> str:
    if len(words) < _SHORT and not _DIGIT.search(words):
        return words
    return masking.extract(words)


def _masked(words: str) -> str:
    return masking.masked(words) if _DIGIT.search(words) else words
