"""Where the home is: place names, each with how likely it is the home's and not the firm's or a visitor's.

Place words inside organisation names, surnames and road names are no places.
"""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from linker.clues.placewords import COMMON, FUNCTION
from linker.gazetteer import Gazetteer, Place
from linker.reading import Reading
from storage.records import Clue

_THING = r"(?:home|house|facility|unit|setting|service|centre|property|provision|address|site|accommodation)"
_BEFORE_HOME = re.compile(
    rf"\b{_THING}\b[^.;:]{{0,40}}?\b(?:in|near|around|at|within|outside|across)\s+(?:the\s+)?"
    r"(?:(?:north|south|east|west|centre|outskirts|borough|city|county|town|village|heart|area|part|region)"
    r"(?:ern)?\s+(?:of\s+)?)?(?:the\s+)?(?:borough\s+of\s+|city\s+of\s+)?$",
    re.IGNORECASE,
)
_AFTER_HOME = re.compile(
    r"^(?:'s)?(?:[ -](?:[\w'-]+ ){0,5}?(?:children's|childrens|kids'|care|residential|secure|young people's)"
    r"(?: [\w'-]+){0,2}? homes?\b|(?:'s)? (?:children's |care |secure )?(?:home|house|service|facility"
    r"|unit)s?\b)",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"\b(?:in|near|at|around|within|of|across|outside)\s+(?:the\s+)?(?:\w+ern\s+|north |south |east |west )?$"
)
_ELSEWHERE = re.compile(
    r"(?:\b(?:from|as far (?:away )?as|trip to|holiday (?:in|to)|moved (?:in )?(?:from|to)|born in|based in"
    r"|headquartered in|like|university of|bishop of|mp for|flown? (?:in )?(?:from|to)|offices? in"
    r"|councils in)\s+"
    r"(?:the\s+)?)$",
    re.IGNORECASE,
)
_BASED = re.compile(r"^(?:-based|-headquartered)\b|^ (?:firm|company|business)\b", re.IGNORECASE)
_COUNCIL = re.compile(
    r"^(?:'s)?(?: city| county| borough| metropolitan| district| unitary)*(?: council|'s council)\b",
    re.IGNORECASE,
)
_COUNCIL_BEFORE = re.compile(r"\bcouncil of $", re.IGNORECASE)
_NAMED_AFTER = re.compile(
    r"^(?:'s)? (?:Road|Street|Lane|Avenue|Close|Drive|Way|School|Academy|College|University|Hospital"
    r"|Infirmary"
    r"|Telegraph|Gazette|Herald|News|Post|Echo|Mail|Times|Journal|Chronicle|Advertiser|Standard"
    r"|Observer|Evening"
    r"|Live|FC|United|Rovers|Town FC|Crown Court|Magistrates|Family Court|County Court|Police|Cathedral"
    r"|Prison"
    r"|Airport|Station|Safeguarding|NHS|MP|Labour|Conservative|Central MP|North MP|South MP)\b"
)
_FORENAME = re.compile(r"(?:^|[^\w'-])((?:Mr|Mrs|Ms|Dr|Cllr|Coun|Sir|Lord|Lady|Rev|[A-Z][a-z'-]+))\.? $")
_SMALL = ("town", "constituency", "village")
"""Kinds whose names may be any word; one that opens a sentence may be just that word."""
_MONTHS = frozenset(calendar.month_name)


@dataclass(frozen=True, kw_only=True)
class PlaceNamed:
    """A place and the part it plays: ``home`` where the home is, ``council`` in a council's name."""

    place: Place
    role: str  # home, lead, council, told, elsewhere

    def __str__(self) -> str:
        return self.place.name


_REACH = 400  # characters before a place that tell its part; a page without a full stop is no sentence
ODDS = {"home": 40.0, "lead": 12.0, "council": 6.0, "told": 2.0, "elsewhere": 0.15}
"""Odds that a place of each role is the home's, against none of the named ones being it."""


def find(reading: Reading, gazetteer: Gazetteer, taken: Iterable[tuple[int, int]] = ()) -> list[Clue]:
    """The places an article names, outside the characters ``taken`` by organisations' names."""
    spans = sorted(taken)
    return [
        reading.clue("place", start, end, PlaceNamed(place=place, role=role), confidence)
        for start, end, place in gazetteer.find(reading.low)
        if not _inside(spans, start, end)
        for role, confidence in _roles(reading, start, end, place)
    ]


def _roles(reading: Reading, start: int, end: int, place: Place) -> Iterator[tuple[str, float]]:
    sentence = reading.sentence_at(start)
    if sentence.aside or not _capitalised(reading.plain, start, end, place):
        return
    before = reading.plain[max(sentence.start, start - _REACH) : start]
    after = reading.plain[end : end + 70]
    if _NAMED_AFTER.match(after) or _is_surname(before, after, sentence.in_title):
        return
    if place.kind == "village" and not _LEANING.search(before):
        return  # villages are called by any word: How, City, and what homes are called too
    role = _role(before, after)
    if role == "told":
        leaning = bool(_LEANING.search(before))
        common = place.name.lower() in COMMON or (place.kind in _SMALL and not before.strip("\"' "))
        if common and not leaning:
            return
        if sentence.in_title or (sentence.number <= 3 and leaning):
            role = "lead"
    yield role, ODDS[role]


def _role(before: str, after: str) -> str:
    if _BASED.match(after) or _ELSEWHERE.search(before):
        return "elsewhere"
    if _COUNCIL.match(after) or _COUNCIL_BEFORE.search(before):
        return "council"
    if _AFTER_HOME.match(after) or _BEFORE_HOME.search(before):
        return "home"
    return "told"


def _capitalised(plain: str, start: int, end: int, place: Place) -> bool:
    if place.name in _MONTHS:
        return False
    if not plain[start].isupper():
        return (
            place.kind == "region" and plain[start - 4 : start].lower() == "the " and "-" in plain[start:end]
        )
    last = plain[start:end].replace("-", " ").split()[-1]
    return last[0].isupper() or last[0].isdigit()


def _is_surname(before: str, after: str, in_title: bool) -> bool:
    """A capital word just before is a forename, unless it begins the sentence or is a word of place."""
    if in_title:
        return False
    found = _FORENAME.search(before)
    if not found or found[1].lower() in FUNCTION:
        return False
    return not (found.start(1) == 0 or _AFTER_HOME.match(after))


def _inside(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(first < end and start < last for first, last in spans)
