"""CQC's inspection reports: which location; its number may stand in the file's name only."""

import re
from dataclasses import replace
from typing import Final

from crawler.regulators.cqc import KINDS
from crawler.reports.days import DAY, day
from crawler.reports.document import Document
from crawler.reports.identity import Identity, published
from crawler.reports.labels import Labels

_NUMBER: Final = re.compile(r"(?<![\w-])(1-\d{6,12})(?!\d)|/location/([A-Z0-9]{5,9})\b")
_LABELLED: Final = re.compile(r"^Location ID:?\s+(1-\d{6,12}|[A-Z0-9]{5,9})\b", re.MULTILINE | re.IGNORECASE)
_LINES: Final = re.compile(r"[^\n]+")
_TITLE: Final = re.compile(
    r"(?:Inspection report|Quality report|(?:Location-\w+ )?assessment report|Provide[dr]\b|Report from )\b",
    re.IGNORECASE,
)
_RUN_BY: Final = re.compile(
    r"^(?:Registered [Pp]rovider|Provider|(?:Provided and )?[Rr]un by|Service provided by):?\s+"
    r"(?P<name>[^\n]{3,100}?)(?=\s+Registered Manager\b|$)",
    re.MULTILINE,
)
_REGULATOR: Final = re.compile(r"We are the regulator\b|.*\bessential standards\b")
_SERVICE: Final = re.compile(r"^Types? of services?(?:\(s\))?:?\s+(?P<kind>[^\n]{3,200})$", re.MULTILINE)
_PUBLISHED: Final = re.compile(
    rf"(?:Date of publication|(?:Report |Assessment )?[Pp]ublished):?\s+({DAY})", re.IGNORECASE
)
_HEAD = 3000  # characters in which a report names its location


def of_location(document: Document, labels: Labels, told: str) -> Identity:
    """The location that stands below the provider's name at the head of the report."""
    head = document.flat[:_HEAD]
    number = _LABELLED.search(document.flat) or _NUMBER.search(head) or _NUMBER.search(told)
    provider, name = _names(head)
    day_told = _PUBLISHED.search(head)
    return Identity(
        urn=next(filter(None, number.groups())) if number else None,
        setting_kind=_kind(document.flat),
        name=name,
        provider=provider,
        published=published(labels) or (day(day_told[1]) if day_told else None),
        kind="full",
    )


def of_standards(document: Document, labels: Labels, told: str) -> Identity:
    """The location whose name follows the title and what the regulator says of itself."""
    found = of_location(document, labels, told)
    lines = [line[0].strip() for line in _LINES.finditer(document.flat[:_HEAD])]
    below = [line for line in lines if not (_TITLE.match(line) or _REGULATOR.match(line))]
    run_by, service = _RUN_BY.search(document.flat), _SERVICE.search(document.flat)
    return replace(
        found,
        name=next(iter(below), None),
        provider=run_by["name"] if run_by else None,
        setting_kind=_kind(service["kind"] if service else document.flat),
    )


def _names(head: str) -> tuple[str | None, str | None]:
    """Provider and location: the lines above the title, the provider first where there are two."""
    run_by = _RUN_BY.search(head)
    lines = [line[0].strip() for line in _LINES.finditer(head)]
    above: list[str] = []
    for line in lines[:6]:
        if _TITLE.match(line):
            break
        above.append(line)
    names = [line for line in above if not re.match(r"(?:Care Quality|CQC|https?:|\d)", line)]
    name = names[-1] if names else None
    provider = run_by["name"] if run_by else names[0] if len(names) > 1 else None
    return provider, name


def _kind(flat: str) -> str:
    plain = flat.lower()
    found = ((plain.find(word), kind) for word, kind in KINDS.items() if word in plain)
    first = min(found, default=None)
    if first is not None:
        return first[1]
    return "care home" if "care home" in plain else "homecare agency" if "own homes" in plain else "other"
