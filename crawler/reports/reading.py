"""From the bytes of a report to ``storage.records.Report``; pure, for the pool.

with Pool() as pool:
    report = pool.run(read_report, content)      # PDF, HTML or text, told by its bytes
"""

import datetime as dt
import re
from typing import Any, Final

from charset_normalizer import from_bytes

from crawler.errors import Unreadable
from crawler.extract.pdf import read_pdf
from crawler.reports import about, judgements
from crawler.reports.days import DAYS, day, span
from crawler.reports.document import Document, from_blocks, from_pdf, from_text
from crawler.reports.frameworks import recognised
from crawler.reports.frameworks.framework import Framework
from crawler.reports.grades import judgement
from crawler.reports.headings import HEADING, parted
from crawler.reports.history import history
from crawler.reports.labels import values
from crawler.reports.markup import blocks
from crawler.reports.people import town, without_people
from crawler.reports.requirements import requirements
from crawler.reports.sections import compose
from storage.dates import DaySpan
from storage.records import InspectionClaim, Report, Requirement
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
_MARKUP: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|table|h1)\b", re.IGNORECASE)


def read_report(content: bytes) -> Report:
    """The report in a PDF, an HTML page or a text; Unreadable, with the reason, for anything else."""
    return report_of(document_of(content))


def document_of(content: bytes) -> Document:
    """The paragraphs of a file, whose kind its own bytes tell."""
    if not content.strip():
        raise Unreadable("the file is empty")
    if b"%PDF-" in content[:1024]:
        return parted(from_pdf(read_pdf(content)))
    if _MARKUP.search(content[:4096]):
        return parted(from_blocks(blocks(content)))
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("it is neither PDF nor HTML nor text")
    return parted(from_text(_decoded(content), HEADING))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(content).best()
    if best is None:
        raise Unreadable("it is neither PDF nor HTML nor text")
    return str(best)


def report_of(document: Document) -> Report:
    """The facts, sections and sentences of a report; Unreadable where it is no inspection report."""
    flat = document.flat
    framework = recognised(flat)
    labels = values(flat)
    urn = _urn(labels, flat)
    days = _days(labels)
    if framework is None or urn is None or days is None:
        missing = [
            what
            for what, found in (("framework", framework), ("URN", urn), ("inspection date", days))
            if found is None
        ]
        raise Unreadable(f"it is no inspection report that we know: no {', no '.join(missing)} in it")
    kind = _kind(labels, flat)
    judged = _judged(flat, framework, kind)
    demanded = requirements(document)
    facts = _facts(document, labels, judged, demanded)
    facts |= {
        "urn": urn,
        "kind": _TITLES[kind],
        "start": days.first.isoformat(),
        "end": days.last.isoformat(),
    }
    text, sections, sentences = compose(without_people(document.paragraphs), _TITLES[kind])
    return Report(
        regulator="ofsted",
        urn=urn,
        framework=framework.name,
        claim=InspectionClaim(
            urn=urn,
            kind=kind,
            first_day=days.first,
            last_day=days.last,
            published=_published(labels),
            judgements=judged,
            capacity=facts["capacity"],
            provider_name=facts["provider"],
            setting_kind=_setting_kind(labels),
        ),
        facts={name: facts[name] for name in FACTS},
        text=text,
        pages=document.pages,
        sections=sections,
        sentences=sentences,
        requirements=demanded,
    )


FACTS: Final = (
    *("urn", "provider", "kind", "start", "end", "overall", "protection", "leadership", "capacity", "needs"),
    *("last_inspection", "last_judgement", "enforcement_since_last", "history", "requirements"),
    *("compliance_notice", "requirements_due", "registered_manager_since", "provider_town"),
    "also_registered_with",
)
"""The keys of a report's facts, in the order in which ``import reports --json`` prints them."""


def _facts(
    document: Document,
    labels: dict[str, list[str]],
    judged: dict[Area, str],
    demanded: tuple[Requirement, ...],
) -> dict[str, Any]:
    home = _about(document)
    due = sorted(one.due for one in demanded if one.due)
    return {
        "provider": next((_name(value) for value in labels["provider"]), None),
        "overall": judged.get("overall"),
        "protection": judged.get("protection"),
        "leadership": judged.get("leadership"),
        "capacity": about.capacity(home),
        "needs": about.needs(home),
        "last_inspection": _iso(next((found for found in map(day, labels["last"]) if found), None)),
        "last_judgement": next((found for found in map(judgement, labels["last_judgement"]) if found), None),
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


def _urn(labels: dict[str, list[str]], flat: str) -> str | None:
    labelled = (_URN.match(value) for value in labels["urn"])
    found = next(filter(None, labelled), None) or _URN_ALONE.search(flat[:_HEAD])
    return found[1] if found else None


def _days(labels: dict[str, list[str]]) -> DaySpan | None:
    written = (re.match(DAYS, value, re.IGNORECASE) for value in labels["dates"])
    return next(filter(None, (span(found[0]) for found in written if found)), None)


def _kind(labels: dict[str, list[str]], flat: str) -> InspectionKind:
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


def _enforcement(labels: dict[str, list[str]]) -> str | None:
    value = next(iter(labels["enforcement"]), None)
    return "none" if value and re.fullmatch(r"none\.?", value, re.IGNORECASE) else value


def _setting_kind(labels: dict[str, list[str]]) -> str:
    told = next(iter(labels["subtype"]), "").lower().replace("’", "'")
    return next((kind for kind in SETTING_KINDS[1:-1] if kind in told), SETTING_KINDS[0])


def _published(labels: dict[str, list[str]]) -> dt.date | None:
    return next((found for found in map(day, labels["published"]) if found), None)


def _iso(found: dt.date | None) -> str | None:
    return found.isoformat() if found else None
