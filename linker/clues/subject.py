"""What the article is about: a home that was inspected, or services, policy, plans, another remit."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

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
_NEW = re.compile(
    r"\bnewly[- ]opened\b|\brecently[- ]opened\b|\bfirst (?:ever |full |ofsted )*inspection\b"
    r"|\bfirst time of asking\b"
    r"|\b(?:home|which|it|house)\b[^.]{0,30}\bopened (?:last year|this year|in (?:january|february"
    r"|march|april|may|june"
    r"|july|august|september|october|november|december)|only|earlier)\b|\bonly opened\b|\bre-?registered\b"
    r"|\bregistered with ofsted in \w+"
)
_URN = re.compile(r"\b(SC\d{6})\b|\bURN:? ?(\d{7})\b")

_SIGNS: tuple[tuple[str, float, re.Pattern[str]], ...] = tuple(
    (name, bits, re.compile(pattern))
    for name, bits, pattern in (
        (
            "a home",
            2.5,
            r"\b(?:a|an|the|one|this|its|our|unnamed|private|council-run|local"
            r"|same) (?:[\w'-]+ ){0,4}?(?:children's|childrens|care|kids'|residential) (?:home|facility"
            r"|unit|setting)\b(?!s)|\b[\w-]+(?:-bed|-place|'s) (?:[\w'-]+ ){0,2}(?:children's )?home\b",
        ),
        (
            "home told of",
            2.0,
            r"\b(?:a|an|its|one|another|[\w-]+'s) (?:[\w'-]+ ){0,4}home (?:near|in|for|run|of|at|with|where"
            r"|that|which|is|was|has)\b|\bone of (?:[\w'-]+ ){0,7}(?:children's )?homes\b",
        ),
        ("the home", 2.0, r"\bthe (?:home|service|unit|facility|house|setting)\b(?!s)"),
        (
            "home judged",
            3.0,
            r"\b(?:home|facility|unit|service|setting|house|it)\b[^.]{0,60}\b(?:was|been|is|being"
            r"|has been|as|handed|given|told)\b[^.]{0,40}\b(?:rated|judged|graded|inadequate|good"
            r"|outstanding|branded|deemed|declared|requires improvement|inspected|lowest|highest)\b"
            r"|\b(?:rated|judged|graded|branded|deemed|declared|marked) (?:[\w'-]+ ){0,3}(?:it|home"
            r"|service)?\b[^.]{0,20}\b(?:inadequate|good|outstanding|requires improvement)\b",
        ),
        (
            "inspectors came",
            1.5,
            r"\binspect(?:ors?|ed|ion)\b[^.]{0,80}\b(?:home|visit\w*|called|returned|found|house)\b",
        ),
        (
            "not named",
            2.5,
            r"\b(?:not|cannot|can't|does not|has not been|never) (?:be )?(?:named?|identif\w+"
            r"|print its name|disclose|reveal\w*)\b|\bunnamed\b|\b(?:location|address"
            r"|name)\b[^.]{0,40}\b(?:withheld|secret|private|confidential|not (?:given|revealed"
            r"|made public))|\bis not named\b|\banonymous\b",
        ),
        (
            "children there",
            1.0,
            r"\b(?:living|lived|live|placed) (?:there|at the home|in the home)\b|\byoung people\b",
        ),
        (
            "council-wide",
            -7.0,
            r"\bilacs\b|\bchildren's (?:social care )?(?:services|department)\b[^.]{0,60}\b(?:rated"
            r"|judged|graded|inadequate|inspect\w+|good|requires improvement|improv\w+|commissioner"
            r"|failing|watchdog)|\b(?:rated|judged|inadequate)\b[^.]{0,40}\bchildren's services\b"
            r"|\bservices for (?:vulnerable )?children\b"
            r"|\bchildren's social care\b[^.]{0,40}\b(?:slipped|rated|inspect\w*|grade)"
            r"|\bsocial work teams\b|\bservice(?:s)? for children in care\b"
            r"|\bcare leavers\b[^.]{0,40}\b(?:rated|judged|inadequate|good)\b",
        ),
        (
            "social workers inspected",
            -3.0,
            r"\bcaseloads?\b|\bcommissioner\b|\bdepartment as a whole\b"
            r"|\bjoint (?:unannounced )?inspection\b|\bwhole councils?\b",
        ),
        (
            "numbers of homes",
            -3.5,
            r"\b\d[\d,]* (?:of (?:the )?\d+ |registered |private |children's )?(?:children's )?homes\b"
            r"|\bof (?:the )?\d+ (?:children's )?homes\b|\bone in \w+\b|\bhow many\b|\bper cent of\b"
            r"|\b(?:homes|settings) (?:in england|nationally|across (?:england|the country))\b"
            r"|\banalys(?:is|ed)\b|\bfigures\b[^.]{0,30}\bshow",
        ),
        (
            "policy",
            -3.0,
            r"\bministers?\b|\bgovernment(?:'s)?\b|\bmps\b|\bpeers\b|\bparliament\w*"
            r"|\bdepartment for education\b|\bstrategy\b|\bnational\b|\bhigh court\b|\bcourt judges\b"
            r"|\bwhitehall\b|\bbill\b|\bguidance\b",
        ),
        (
            "planning",
            -7.5,
            r"\bplanning (?:permission|application|committee|authority|officers?)\b|\bchange of use\b"
            r"|\bobject(?:s|ed|ions?|ors?)?\b|\bapplicant\b|\bplans? (?:to turn|for (?:a|the|children))\b",
        ),
        (
            "a life",
            -6.0,
            r"\bobituary\b|\bwho has died\b|\bdied\b|\bfuneral\b|\blives remembered\b|\bsurvived by\b",
        ),
        (
            "court",
            -6.0,
            r"\b(?:crown|magistrates'?|youth) court\b|\bmagistrates\b|\bjur(?:y|ors)\b|\bjailed\b"
            r"|\b(?:spared|faces?) (?:jail|prison)\b|\bsentenc(?:ed|ing)\b|\bpleaded (?:not )?guilty\b"
            r"|\bprosecut(?:or|ors|ion|ing)\b|\binquest\b|\bcoroner\b|\bstruck off\b|\btribunal\b"
            r"|\bdenies \w+ (?:counts|charges)\b",
        ),
        (
            "long ago",
            -4.0,
            r"\b(?:in|during|from|of|to) the (?:late |early |mid-?)?(?:19)?[4-9]0s\b"
            r"|\b(?:in|between|from) 19\d\d\b|\bhistoric(?:al)? (?:abuse|allegations|exploitation)\b"
            r"|\bformer children's home\b",
        ),
        (
            "another remit",
            -8.0,
            r"\bnurser(?:y|ies)\b|\bspecial school\b|\bboarding school\b|\bpupils\b|\bheadteacher\b"
            r"|\bcare quality commission\b|\bcqc\b|\bcare inspectorate\b|\bnursing home\b"
            r"|\bcare home residents\b|\bhmi\b|\bchildminder|\bhospices?\b|\bfoster carers?\b"
            r"|\bfostering (?:households|services)\b",
        ),
        (
            "unregistered",
            -5.0,
            r"\bunregistered\b|\bnot registered (?:with ofsted)?|\bunlawful(?:ly)?\b|\billegal homes?\b"
            r"|\bregistered with ofsted\b",
        ),
        (
            "several homes",
            4.0,
            r"\b(?:two|both)\b[^.;]{0,40}\bhomes\b|\bone, not named\b|\bthe second, for\b",
        ),
        ("plural", -1.5, r"\bchildren's homes\b"),
        (
            "business",
            -2.0,
            r"\b(?:jobs|shares?|investors?|turnover|profits?|strike|ballot(?:ed)?|redundanc\w+"
            r"|acquisition|takeover|employee-owned|funding package|revenues?)\b",
        ),
    )
)
_MOST = {
    "a home": 3,
    "the home": 4,
    "home judged": 2,
    "inspectors came": 2,
    "children there": 1,
    "plural": 3,
    "policy": 3,
    "numbers of homes": 3,
    "council-wide": 2,
    "business": 3,
    "another remit": 2,
    "planning": 2,
    "court": 2,
}
"""How many times a sign may count; one that is not here counts once."""
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
    for name, bits, pattern in _SIGNS:
        most = _MOST.get(name, 1)
        times = _times(pattern, lead, most)
        weight = bits * _fading(times) + (bits if pattern.search(title) else 0.0)
        late = _fading(_times(pattern, rest, most - times)) if times < most else 0.0
        weight += bits * late * (1.0 if bits > 0 else _LATE)
        if weight:
            signs.append((name, weight))
    kinds = {clue.kind for clue in clues if clue.confidence >= 0.5}
    signs += [(kind, bits) for kind, bits in _CLUES.items() if kind in kinds]
    return Subject(bits=_START + sum(weight for _, weight in signs), signs=tuple(signs))


def _without_names(reading: Reading, clues: Iterable[Clue]) -> str:
    """The text without the words of firms' names: they are no signs of what the story is about."""
    low = reading.low
    for clue in clues:
        if clue.kind == "operator" and not clue.value.council:
            start = reading.position(clue)
            end = start + len(clue.text)
            low = f"{low[:start]}{'x' * (end - start)}{low[end:]}"
    return low


def find(reading: Reading) -> list[Clue]:
    """Kinds of setting and of inspection, whether the home is new, and URNs, as printed."""
    clues = []
    new = _NEW.search(reading.low)
    if new and reading.is_told(new.start()):
        clues.append(reading.clue("registration", *new.span(), "new"))
    for word, pattern, kinds in _KINDS:
        found = pattern.search(reading.low) if word in reading.low else None
        if found and reading.is_told(found.start()):
            clues.append(reading.clue("setting_kind", *found.span(), kinds))
            break
    for kind, pattern in _INSPECTION_KINDS:
        found = pattern.search(reading.low)
        if found and reading.is_told(found.start()):
            clues.append(reading.clue("inspection_kind", *found.span(), kind, 0.7))
            break
    for found in _URN.finditer(reading.plain):
        clues.append(reading.clue("urn", *found.span(), found[1] or found[2]))
    return clues


def _times(pattern: re.Pattern[str], text: str, most: int) -> int:
    return sum(1 for _ in islice(pattern.finditer(text), most))


def _fading(times: int) -> float:
    """The second sign of a kind counts half, the third a third."""
    return sum(1 / number for number in range(1, times + 1))
