"""How much of the press's words an export gives: what the newsroom imported whole, else masked extracts."""

import re
from typing import Final

from storage import masking

_DIGIT: Final = re.compile(r"\d")
_SHORT: Final = 2 * masking.LONGEST_EXTRACT
"""Characters: so few never hold more words than an extract may."""


def extract(words: str) -> str:
    """At most 25 words, with postcodes and personal numbers blacked out."""
    if len(words) < _SHORT and not _DIGIT.search(words):
        return words
    return masking.extract(words)


def masked(words: str) -> str:
    """The words with postcodes and personal numbers blacked out."""
    return masking.masked(words) if _DIGIT.search(words) else words
