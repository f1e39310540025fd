"""How much of the press's words an export gives: what the newsroom imported whole, else masked extracts."""

import re
from typing import Final

from archive.export.tabled import Record
from storage import masking

_DIGIT: Final = re.compile(r"\d")
_SHORT: Final = 2 * masking.LONGEST_EXTRACT
"""Characters: so few never hold more words than an extract may."""


def bind(evidence: Record) -> None:
    """Leave a record of evidence at most 25 words of the press, and no postcode or personal number."""
    evidence["text"] = _extract(evidence["text"])
    evidence["told"] = _masked(evidence["told"])
    evidence["value"] = evidence["value"] and _masked(evidence["value"])


def _extract(words: str) -> str:
    if len(words) < _SHORT and not _DIGIT.search(words):
        return words
    return masking.extract(words)


def _masked(words: str) -> str:
    return masking.masked(words) if _DIGIT.search(words) else words
