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
from crawler.reports.identity import Identity, of_setting
from crawler.reports.labels import Labels, values
from crawler.reports.people import town
from storage.dates import DaySpan
from storage.records import InspectionClaim, Requirement
from storage.vocabulary import Area, InspectionKind

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
_ALWAYS: Final = ("overall", "protection", "leadership")
_VISITED: Final = re.compile(
    rf"\b(?:visit|inspection)\b[^.]{{0,160}}?\b(?:on|from|between)\s+({DAYS})", re.IGNORECASE
)
_GONE: Final = re.compile(
    r"\b(?:report|page|document)\b.{0,40}\b(?:not found|no longer exists?)\b", re.IGNORECASE
)
_HEAD = 4000  # characters in which a report names its home and what was done


@dataclass(frozen=True, kw_only=True)
class Head:
    """Which inspection of which home a report is of, under which framework, with which judgements."""

    framework: Framework
    labels: Labels
    identity: Identity
    kind: InspectionKind
    days: DaySpan
    judged: Mapping[Area, str]

    @property
    def title(self) -> str:
        """``Full inspection``, ``Monitoring visit`` …"""
        return _TITLES[self.kind]


def head_of(document: Document, told: str = "") -> Head:
    """The head of a report; Unreadable, with what is missing, where it is no report that we know.

    ``told``: what is known of the document from where it was found, such as its file's name.
    """
    flat = document.flat
    if _GONE.search(flat[:_HEAD]):
        raise Unreadable("it is the page that says that the report is not there any more")
    framework, labels = recognised(flat), values(flat)
    identity = (framework.identify if framework else of_setting)(document, labels, told)
    days = _days(labels, flat, framework)
    numbered = identity.urn or (framework and not framework.numbered)
    if framework is None or days is None or not numbered:
        sought = {"framework": framework, "URN": numbered, "inspection date": days}
        missing = ", no ".join(what for what, found in sought.items() if not found)
        raise Unreadable(f"it is no inspection report that we know: no {missing} in it")
    kind = identity.kind or _kind(labels, flat)
    judged = _judged(flat, framework, kind)
    return Head(framework=framework, labels=labels, identity=identity, kind=kind, days=days, judged=judged)


def claim_of(head: Head, facts: Mapping[str, Any]) -> InspectionClaim:
    """What joins the report to its inspection."""
    identity = head.identity
    return InspectionClaim(
        urn=identity.urn or "",
        kind=head.kind,
        first_day=head.days.first,
        last_day=head.days.last,
        published=identity.published,
        judgements=head.judged,
        capacity=facts["capacity"],
        provider_name=identity.provider,
        local_authority=identity.authority,
        setting_kind=identity.setting_kind,
        setting_name=identity.name,
    )


def facts_of(document: Document, head: Head, demanded: tuple[Requirement, ...]) -> dict[str, Any]:
    """The keys of ``import reports --json``, in their order; None or [] for what the report does not say."""
    home, labels = _about(document), head.labels
    due = sorted(one.due for one in demanded if one.due)
    return {
        "urn": head.identity.urn,
        "provider": head.identity.provider,
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
        **_of_public_settings(head),
    }


def _of_public_settings(head: Head) -> dict[str, Any]:
    """What only reports on councils and other settings that are public by name have."""
    further: dict[str, Any] = {str(area): grade for area, grade in head.judged.items() if area not in _ALWAYS}
    if head.identity.name is None:
        return further
    said = {"name": head.identity.name, "local_authority": head.identity.authority}
    return further | said | {"published": _iso(head.identity.published)}


def _about(document: Document) -> str:
    """What the report says of the home before the first judgement or requirement; all of a short report."""
    ends = re.search(
        r"^(?:Inspection judgements?|What does |Statutory |Inspection history)", document.flat, re.M
    )
    return document.flat[: ends.start() if ends else _HEAD]


def _days(labels: Labels, flat: str, framework: Framework | None) -> DaySpan | None:
    letter = framework is not None and not framework.numbered
    places = [*labels["dates"], *(_VISITED.findall(flat[:_HEAD]) if letter else ())]
    written = (re.match(DAYS, value, re.IGNORECASE) for value in places)
    return next(filter(None, (span(found[0]) for found in written if found)), None)


def _kind(labels: Labels, flat: str) -> InspectionKind:
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


def _enforcement(labels: Labels) -> str | None:
    value = next(iter(labels["enforcement"]), None)
    return "none" if value and re.fullmatch(r"none\.?", value, re.IGNORECASE) else value


def _iso(found: dt.date | None) -> str | None:
    return found.isoformat() if found else None
