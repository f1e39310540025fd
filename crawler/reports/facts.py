"""The facts of a report: what it says of itself in its head, and of its home."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crawler.errors import Unreadable
from crawler.reports import about, judgements
from crawler.reports.days import DAYS, day, span
from crawler.reports.document import Document
from crawler.reports.frameworks import recognised
from crawler.reports.frameworks.framework import Framework
from crawler.reports.grades import judgement
from crawler.reports.history import history
from crawler.reports.labels import values
from crawler.reports.people import town
from storage.dates import DaySpan
from storage.records import InspectionClaim, Requirement
from storage.vocabulary import SETTING_KINDS, Area, InspectionKind

_URN: Final = re.compile(r"\b(SC\d{6}|\d{7})\b")
_URN_ALONE: Final = re.compile(r"^(SC\d{6}|\d{7})\b(?![/-])", re.MULTILINE)
_KINDS: Final[dict[str, InspectionKind]] = {
    "full": "full",
    "key": "full",
    "interim": "interim",
    "monitoring": "monitoring",
    "assurance": "assurance",
}
_KIND: Final = re.compile(
    r"^(?:Social care )?(Full|Key|Interim|Monitoring|Assurance)\s+(?:inspection|visit)\b"
    r"|\binspection\s*[-–]\s*(Full|Interim|Monitoring)\b"
    r"|\b(Interim|Monitoring|Assurance)\s+(?:inspection|visit)\b",
    re.MULTILINE | re.IGNORECASE,
)
_TITLES: Final[dict[InspectionKind, str]] = {
    "full": "Full inspection",
    "interim": "Interim inspection",
    "monitoring": "Monitoring visit",
    "assurance": "Assurance visit",
    "other": "Inspection",
}
_HEAD = 4000  # characters in which a report names its home and what was done


@dataclass(frozen=True, kw_only=True)
class Head:
    """Which inspection of which home a report is of, under which framework, with which judgements."""

    framework: Framework
    labels: Mapping[str, list[str]]
    urn: str
    kind: InspectionKind
    days: DaySpan
    judged: Mapping[Area, str]

    @property
    def title(self) -> str:
        """``Full inspection``, ``Monitoring visit`` …"""
        return _TITLES[self.kind]


def head_of(document: Document) -> Head:
    """The head of a report; Unreadable, with what is missing, where it is no report that we know."""
    flat = document.flat
    framework = recognised(flat)
    labels = values(flat)
    urn, days = _urn(labels, flat), _days(labels)
    if framework is None or urn is None or days is None:
        sought = {"framework": framework, "URN": urn, "inspection date": days}
        missing = ", no ".join(what for what, found in sought.items() if found is None)
        raise Unreadable(f"it is no inspection report that we know: no {missing} in it")
    kind = _kind(labels, flat)
    judged = _judged(flat, framework, kind)
    return Head(framework=framework, labels=labels, urn=urn, kind=kind, days=days, judged=judged)


def claim_of(head: Head, facts: Mapping[str, Any]) -> InspectionClaim:
    """What joins the report to its inspection."""
    return InspectionClaim(
        urn=head.urn,
        kind=head.kind,
        first_day=head.days.first,
        last_day=head.days.last,
        published=next(filter(None, map(day, head.labels["published"])), None),
        judgements=head.judged,
        capacity=facts["capacity"],
        provider_name=facts["provider"],
        setting_kind=_setting_kind(head.labels),
    )


def facts_of(document: Document, head: Head, demanded: tuple[Requirement, ...]) -> dict[str, Any]:
    """The keys of ``import reports --json``, in their order; None or [] for what the report does not say."""
    home, labels = _about(document), head.labels
    due = sorted(one.due for one in demanded if one.due)
    return {
        "urn": head.urn,
        "provider": next((_name(value) for value in labels["provider"]), None),
        "kind": head.title,
        "start": head.days.first.isoformat(),
        "end": head.days.last.isoformat(),
        "overall": head.judged.get("overall"),
        "protection": head.judged.get("protection"),
        "leadership": head.judged.get("leadership"),
        "capacity": about.capacity(home),
        "needs": about.needs(home),
        "last_inspection": _iso(next(filter(None, map(day, labels["last"])), None)),
        "last_judgement": next(filter(None, map(judgement, labels["last_judgement"])), None),
        "enforcement_since_last": _enforcement(labels),
        "history": [list(past) for past in history(document.flat)],
        "requirements": [one.regulation for one in demanded],
        "compliance_notice": [one.regulation for one in demanded if one.compliance_notice],
        "requirements_due": _iso(due[0] if due else None),
        "registered_manager_since": about.manager_since(home),
        "provider_town": town(labels["address"]),
        "also_registered_with": about.also_registered_with(home),
    }


def _about(document: Document) -> str:
    """What the report says of the home before the first judgement or requirement; all of a short report."""
    ends = re.search(
        r"^(?:Inspection judgements?|What does |Statutory |Inspection history)", document.flat, re.M
    )
    return document.flat[: ends.start() if ends else _HEAD]


def _urn(labels: Mapping[str, list[str]], flat: str) -> str | None:
    labelled = (_URN.match(value) for value in labels["urn"])
    found = next(filter(None, labelled), None) or _URN_ALONE.search(flat[:_HEAD])
    return found[1] if found else None


def _days(labels: Mapping[str, list[str]]) -> DaySpan | None:
    written = (re.match(DAYS, value, re.IGNORECASE) for value in labels["dates"])
    return next(filter(None, (span(found[0]) for found in written if found)), None)


def _kind(labels: Mapping[str, list[str]], flat: str) -> InspectionKind:
    for value in labels["kind"]:
        word = value.split()[0].lower()
        if word in _KINDS:
            return _KINDS[word]
    found = _KIND.search(flat[:_HEAD])
    return _KINDS[next(filter(None, found.groups())).lower()] if found else "other"


def _judged(flat: str, framework: Framework, kind: InspectionKind) -> dict[Area, str]:
    if kind in {"full", "other"}:
        return judgements.graded(flat, framework)
    found = judgements.outcome(flat) if kind == "interim" else None
    return {"overall": found} if found else {}


def _name(value: str) -> str:
    """A provider's name without what ran into it from the next lines."""
    return re.split(
        r"\s(?=(?:Full|Interim|Monitoring|Assurance) (?:inspection|visit)\b|Inspected under)", value
    )[0]


def _enforcement(labels: Mapping[str, list[str]]) -> str | None:
    value = next(iter(labels["enforcement"]), None)
    return "none" if value and re.fullmatch(r"none\.?", value, re.IGNORECASE) else value


def _setting_kind(labels: Mapping[str, list[str]]) -> str:
    told = next(iter(labels["subtype"]), "").lower().replace("’", "'")
    return next((kind for kind in SETTING_KINDS[1:-1] if kind in told), SETTING_KINDS[0])


def _iso(found: dt.date | None) -> str | None:
    return found.isoformat() if found else None
