"""What a report says of the home itself: how many children, with which needs, since when its manager."""

import re
from typing import Final

from crawler.reports.numbers import NUMBER, number

_WHO: Final = r"(?:child(?:ren)?|young\s+(?:people|persons?|adults?)|people|residents|boys|girls|places|beds)"
_BETWEEN: Final = r"(?:[\w-]+\s+){0,3}?"
_CAPACITY: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:up\s+to|maximum\s+of|no\s+more\s+than|at\s+most)\s+(?:a\s+maximum\s+of\s+)?({NUMBER})\s+{_BETWEEN}{_WHO}\b",
        rf"(?:registered|approved|licensed|accommodation|accommodates?|care|home|placements?)\s+{_BETWEEN}(?:for|to)?"
        rf"\s*({NUMBER})\s+{_BETWEEN}{_WHO}\b",
        rf"\b({NUMBER})[- ]bed(?:ded|room(?:ed)?)?\b",
    )
)
_NEEDS: Final = re.compile(
    rf"\b{_WHO}\s*(?:,?\s*(?:aged|between|from)\s[^.;]*?\b)?(?:with|who\s+(?:may\s+|can\s+)?(?:have|experience|present\s+with|"
    r"display|live\s+with|are\s+living\s+with))\s+([^.;]+)",
    re.IGNORECASE,
)
_BEFORE_NEEDS: Final = re.compile(
    r"^(?:may\s+)?(?:who\s+)?(?:(?:may|can|also|have|has|had|experience[sd]?|present\s+with|associated\s+with|a|an|the|"
    r"their|some|other|both|either|of|with|diagnosed)\s+)+",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(r",\s*(?:and\s+|or\s+)?|\s+and\s+(?!/)|\s+or\s+", re.IGNORECASE)
_ADJECTIVES: Final = frozenset(
    {
        *("social", "emotional", "behavioural", "physical", "sensory", "mental", "mental health", "learning"),
        *("moderate", "mild", "severe", "profound", "complex", "communication", "psychological", "medical"),
        *("emotional and/or behavioural", "past", "multiple", "challenging", "harmful", "sexual"),
    }
)
_SINCE: Final = re.compile(
    r"manager\s+(?:\w+\s+){0,4}?registered\s+(?:\w+\s+){0,4}?(?:since|in|on)\s+((?:\d{1,2}\s+)?[A-Z][a-z]+\s+\d{4})"
)
_ALSO: Final = re.compile(
    r"(?:also|dually|dual)\s+registered\s+with\s+(?:the\s+)?([A-Z][\w’']*(?:\s+(?:(?:for|of|and|the|in)\s+)?[A-Z][\w’']*)*)"
)


def capacity(text: str) -> int | None:
    """For how many children the home is registered."""
    for pattern in _CAPACITY:
        found = pattern.search(text)
        if found:
            return number(" ".join(found[1].split()))
    return None


def needs(text: str) -> list[str]:
    """The needs the home cares for, in the report's words, in order and each once."""
    found: dict[str, None] = {}
    for phrase in _NEEDS.finditer(text):
        for item in _items(" ".join(phrase[1].split())):
            found.setdefault(item)
    return list(found)


def manager_since(text: str) -> str | None:
    """Since when the manager is registered, as the report writes it (``January 2019``)."""
    found = _SINCE.search(text)
    return found[1] if found else None


def also_registered_with(text: str) -> str | None:
    """Another regulator that has the home on its register."""
    found = _ALSO.search(text)
    return found[1] if found and found[1] != "Ofsted" else None


def _items(phrase: str) -> list[str]:
    """The parts of an enumeration; adjectives that share a noun stay with it."""
    items: list[str] = []
    begin = last = 0
    for gap in [*_SPLIT.finditer(phrase), None]:
        until = gap.start() if gap else len(phrase)
        adjective = _bare(phrase[last:until]).lower() in _ADJECTIVES
        last = gap.end() if gap else until
        if gap is not None and adjective:
            continue
        item = _bare(phrase[begin:until])
        if 2 < len(item) < 80:
            items.append(item)
        begin = last
    return items


def _bare(part: str) -> str:
    """``and who self-harm`` → ``self-harm``."""
    return _BEFORE_NEEDS.sub("", re.sub(r"^(?:and\s+)?who\s+", "", part.strip())).strip()
