"""Whom a report is about: its number with the regulator, what kind of setting it is, what is public of it."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from crawler.reports.days import day
from crawler.reports.document import Document
from crawler.reports.headings import SETTING
from crawler.reports.labels import Labels
from storage.vocabulary import SETTING_KINDS, InspectionKind

_URN: Final = re.compile(r"\b(SC\d{6}|\d{7})\b")
_URN_ALONE: Final = re.compile(r"^(SC\d{6}|\d{7})\b(?![/-])", re.MULTILINE)
_ABOUT: Final = re.compile(rf"\bInformation about th(?:is|e) (?P<kind>{SETTING})", re.IGNORECASE)
_REPORT_FOR: Final = re.compile(rf"\bInspection report for (?P<kind>{SETTING})", re.IGNORECASE)
_HEAD = 4000  # characters in which a report names its home
_KINDS: Final = tuple(sorted(SETTING_KINDS[:-1], key=len, reverse=True))  # the most particular first


@dataclass(frozen=True, kw_only=True)
class Identity:
    """``name``, ``authority``: only of settings that are public by name."""

    urn: str | None
    setting_kind: str
    name: str | None = None
    authority: str | None = None
    provider: str | None = None
    published: dt.date | None = None
    kind: InspectionKind | None = None  # None: as the report's labels tell


Identify = Callable[[Document, Labels, str], Identity]
"""Of a document, its labelled values, and what was told of it where it was found (file name, link)."""


def of_setting(document: Document, labels: Labels, told: str) -> Identity:
    """A home, school, agency or centre: the number stands in the report, the name is left out."""
    flat = document.flat
    labelled = (_URN.search(value) for value in labels["urn"])
    found = next(filter(None, labelled), None) or _URN_ALONE.search(flat[:_HEAD])
    return Identity(
        urn=found[1] if found else None,
        setting_kind=_kind(labels, flat),
        provider=next((_name(value) for value in labels["provider"]), None),
        published=published(labels),
    )


def published(labels: Labels) -> dt.date | None:
    """The day on which the report says that it was published."""
    return next(filter(None, map(day, labels["published"])), None)


def _kind(labels: Mapping[str, list[str]], flat: str) -> str:
    about = _ABOUT.search(flat) or _REPORT_FOR.search(flat)
    places = (next(iter(labels["subtype"]), ""), about["kind"] if about else "")
    for place in places:
        plain = (
            place.lower()
            .replace("’", "'")
            .replace("(", "")
            .replace("registered as children", "registered as a children")
        )
        if found := next((kind for kind in _KINDS if kind in plain), None):
            return found
    return SETTING_KINDS[0]


def _name(value: str) -> str:
    """A provider's name without what ran into it from the next lines."""
    return re.split(
        r"\s(?=(?:Full|Interim|Monitoring|Assurance) (?:inspection|visit)\b|Inspected under)", value
    )[0]
