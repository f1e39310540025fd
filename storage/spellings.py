"""Whether two different keys are spellings of one organisation: a slip of the pen, and nothing more.

Common words make companies look alike (``Haven Support`` and ``Seven Support`` are two companies), so only
three differences are forgiven: spaces, the plural of a word that every provider uses, and one mistyped
letter inside one long word. A number or a council's place must agree exactly, but for swapped letters.
"""

import re

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

_PLURALS = frozenset(
    {"service", "home", "solution", "children", "childrens", "residential", "group", "project", "partner"}
    | {"school", "centre", "placement", "opportunity", "provision", "lodge", "house", "support"}
)
_LONG = 6  # letters: in shorter words one letter makes another word (Raise, Praise; Solis, Jolis)
_AT_MOST = 3  # letters: one mistyped, and two plurals
_BODIES = {"school", "college", "academy", "governors"}  # named after places that differ by one letter


def squashed(key: str) -> str:
    """The key without spaces: ``homes 2 inspire`` and ``homes2inspire`` are one."""
    return key.replace(" ", "")


def one_organisation(one: str, other: str) -> bool:
    """Whether two keys (``storage.names.organisation_key``) are one name, at most mistyped."""
    if squashed(one) == squashed(other):
        return True
    words, others = one.split(), other.split()
    if len(words) != len(others) or re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    differing = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
    if words[-1] == "council" or others[-1] == "council":
        return len(differing) == 1 and _swapped(*differing[0])
    slips = [pair for pair in differing if not _common_plural(*pair)]
    if not slips:
        return True
    return len(words) > 1 and len(slips) == 1 and not _BODIES & {*words} and _mistyped(*slips[0])


class Spellings:
    """Keys seen so far, searched for those of which another is a mere misspelling.

    No difference that is forgiven touches the first letter, so only keys with the same are compared.
    """

    def __init__(self) -> None:
        self._by_first: dict[str, tuple[list[str], list[str]]] = {}

    def add(self, key: str) -> None:
        """Remember a key."""
        keys, plain = self._by_first.setdefault(key[:1], ([], []))
        keys.append(key)
        plain.append(squashed(key))

    def near(self, key: str) -> list[str]:
        """The known keys that are the same organisation as ``key``."""
        keys, plain = self._by_first.get(key[:1], ([], []))
        close = extract_iter(squashed(key), plain, scorer=OSA.distance, score_cutoff=_AT_MOST)
        return [keys[index] for _, _, index in close if one_organisation(key, keys[index])]


def _common_plural(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short in _PLURALS and long in {f"{short}s", f"{short}es"}


def _mistyped(one: str, other: str) -> bool:
    plural = abs(len(one) - len(other)) == 1 and {one, other} == {min(one, other), min(one, other) + "s"}
    return (
        min(len(one), len(other)) >= _LONG
        and one[0] == other[0]
        and not plural
        and OSA.distance(one, other) == 1
    )


def _swapped(one: str, other: str) -> bool:
    return (
        one[0] == other[0]
        and len(one) == len(other) >= _LONG
        and sorted(one) == sorted(other)
        and OSA.distance(one, other) == 1
    )
