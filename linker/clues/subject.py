"""What the article is about: a home that was inspected, or services, policy, plans, another remit."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from linker.clues.signs import SIGNS
from linker.reading import Reading
from storage.records import Clue

_KINDS = (
    (
        "secure",
        re.compile(r"\bsecure (?:children's )?(?:home|unit|accommodation|centre)\b"),
        ("secure children's home",),
    ),
    ("training", re.compile(r"\bsecure training centre\b"), ("secure training centre",)),
    ("fostering", re.compile(r"\bfostering (?:agency|service)\b"), ("fostering agency",)),
    (
        "adoption",
        re.compile(r"\badoption (?:support )?agency\b"),
        ("adoption agency", "adoption support agency"),
    ),
    (
        "family",
        re.compile(r"\b(?:residential )?family (?:assessment )?centre\b"),
        ("residential family centre",),
    ),
    (
        "supported",
        re.compile(r"\bsupported (?:accommodation|living|housing)\b"),
        ("supported accommodation",),
    ),
)
_INSPECTION_KINDS = (
    (
        "interim",
        re.compile(
            r"\binterim (?:inspection|visit|report)\b|\b(?:declined|improved"
            r"|sustained) (?:in )?effectiveness\b"
        ),
    ),
    ("assurance", re.compile(r"\bassurance (?:visit|inspection)\b")),
    ("monitoring", re.compile(r"\bmonitoring (?:visit|inspection)\b")),
)
_OPENED = r"\b(?:newly|recently)[- ](?:opened|built|launched)\b|\bonly opened\b"
_NEW = re.compile(
    rf"(?P<opened>{_OPENED})|\bfirst (?:ever |full |ofsted )*inspection\b"
    r"|\bfirst time of asking\b"
    r"|\b(?:home|which|it|house)\b[^.]{0,30}\bopened (?:last year|this year|in (?:january|february"
    r"|march|april|may|june"
    r"|july|august|september|october|november|december)|only|earlier)\b|\bre-?registered\b"
    r"|\bregistered with ofsted in \w+"
)
_BEFORE = re.compile(r"\bfollow(?:ed|s) (?:on )?(?:an?|the) (?:\w+ )?$")
"""An inspection followed another: that one is not what the story is about."""
_SINCE = r"(?:\b(?:months?|years?) (?:ago|earlier|before)\b|\blast year\b|\bhad (?:found|been|judged)\b)"
_ONE_BEFORE = re.compile(rf"\b(?:last|previous|earlier) (?:\w+ )?$|{_SINCE}[^.;]{{0,30}}$")
_LONG_SINCE = re.compile(rf"[^.;,]{{0,25}}{_SINCE}")
"""Beside a kind of inspection: it was an earlier one, and says nothing of the kind of this one."""
_URN = re.compile(r"\b(SC\d{6})\b|\bURN:? ?(\d{7})\b")

_SCHOOL_AND_HOME = re.compile(r"\b(?:school|college)\b[^.;]{0,50}\bregistered as a (?:children's )?home\b")
_SCHOOL = re.compile(r"\b(?:special|boarding|residential) (?:special )?(?:school|college)\b")
_ANOTHER = re.compile(
    r"\b(?:care quality commission|cqc|care inspectorate|ciw|nursing home|nurser(?:y|ies)|childminders?)\b"
)
"""Who inspects what else a company may run, and what that is."""

_CLUES = {"visit": 2.0, "judgement": 1.5, "capacity": 1.5, "quotation": 1.5, "urn": 6.0, "sector": 1.0}
_LEAD = 4
"""The sentences in which a story says what it is about."""
_LATE = 0.2
"""What a sign against counts further down: background on policy or plans closes many stories of homes."""
_START = -4.0
"""Bits before any sign: most articles that mention children's homes are about no single one."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Bits for the article being about a home that was inspected, and the signs on both sides."""

    bits: float
    signs: tuple[tuple[str, float], ...]
    of_another_remit: bool = False  # whether it opens on what others inspect, whoever runs that

    @property
    def probability(self) -> float:
        """That the article is about a home."""
        return 1 / (1 + math.pow(2.0, -max(min(self.bits, 40.0), -40.0)))


def about(reading: Reading, clues: Iterable[Clue] = ()) -> Subject:
    """Weigh what the article is about, with the clues that only a home's story gives."""
    clues = tuple(clues)
    low = _without_names(reading, clues)
    told = [low[one.start : one.end] for one in reading.told() if not one.in_title]
    title, lead, rest = low[: len(reading.title)], " ".join(told[:_LEAD]), " ".join(told[_LEAD:])
    signs = []
    for name, bits, _, most, pattern in (sign for sign in SIGNS if sign.may_stand_in(low)):
        times = _times(pattern, lead, most)
        weight = bits * _fading(times) + (bits if pattern.search(title) else 0.0)
        late = _fading(_times(pattern, rest, most - times)) if times < most else 0.0
        weight += bits * late * (1.0 if bits > 0 else _LATE)
        if weight:
            signs.append((name, weight))
    kinds = {clue.kind for clue in clues if clue.confidence >= 0.5}
    signs += [(kind, bits) for kind, bits in _CLUES.items() if kind in kinds]
    return Subject(
        bits=_START + sum(weight for _, weight in signs),
        signs=tuple(signs),
        of_another_remit=bool(_ANOTHER.search(title) or _ANOTHER.search(lead)),
    )


def _without_names(reading: Reading, clues: Iterable[Clue]) -> str:
    """The text without the words of firms' names: they are no signs of what the story is about.

    Nor is the school that is registered as a home itself.
    """
    low = reading.low
    for clue in clues:
        if clue.kind == "operator" and not clue.value.council:
            start = reading.position(clue)
            end = start + len(clue.text)
            low = f"{low[:start]}{'x' * (end - start)}{low[end:]}"
    if _SCHOOL_AND_HOME.search(low):
        return _SCHOOL.sub(lambda found: "x" * len(found.group()), low)
    return low


def find(reading: Reading) -> list[Clue]:
    """Kinds of setting and of inspection, whether the home is new, and URNs, as printed."""
    clues = []
    new = _NEW.search(reading.low)
    if new and reading.is_told(new.start()):
        clues.append(reading.clue("registration", *new.span(), "opened" if new["opened"] else "new"))
    for word, pattern, kinds in _KINDS:
        found = pattern.search(reading.low) if word in reading.low else None
        if found and reading.is_told(found.start()):
            clues.append(reading.clue("setting_kind", *found.span(), kinds))
            break
    for kind, pattern in _INSPECTION_KINDS:
        found = next((one for one in pattern.finditer(reading.low) if _is_of_this_one(reading, one)), None)
        if found:
            clues.append(reading.clue("inspection_kind", *found.span(), kind, 0.7))
            break
    for found in _URN.finditer(reading.plain):
        clues.append(reading.clue("urn", *found.span(), found[1] or found[2]))
    return clues


def _is_of_this_one(reading: Reading, kind: re.Match[str]) -> bool:
    """Whether a kind is that of the inspection told of, and not of the one before it."""
    start, end = kind.span()
    window = max(start - 60, 0), start
    before = _BEFORE.search(reading.low, *window) or _ONE_BEFORE.search(reading.low, *window)
    return reading.is_told(start) and not before and not _LONG_SINCE.match(reading.low, end)


def _times(pattern: re.Pattern[str], text: str, most: int) -> int:
    return sum(1 for _ in islice(pattern.finditer(text), most))


def _fading(times: int) -> float:
    """The second sign of a kind counts half, the third a third."""
    return sum(1 / number for number in range(1, times + 1))
