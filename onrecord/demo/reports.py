"""The demo's inspection reports: narrative from ``world/reports``, history from the settings."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from onrecord.demo.frontmatter import documents, table
from onrecord.demo.report_pdf import DemoReport, DemoRequirement, Kind, report_pdf
from onrecord.demo.settings import Setting, Visit, featured

_KINDS: Final[Mapping[str, Kind]] = {
    "Full inspection": "full",
    "Monitoring visit": "monitoring",
    "Assurance visit": "assurance",
}
_HEADINGS: Final = {
    "experiences": ("Overall experiences and progress of children and young people", 0),
    "protection": ("How well children and young people are helped and protected", 1),
    "leadership": ("The effectiveness of leaders and managers", 2),
}


@lru_cache(maxsize=1)
def reports() -> tuple[DemoReport, ...]:
    """Every report, by URN and day."""
    settings = {setting.urn: setting for setting in featured()}
    stock = table("stock.toml")
    return tuple(
        _report(settings[facts["urn"]], facts, text, stock) for _, facts, text in documents("reports")
    )


@lru_cache(maxsize=64)
def pdf(urn: str, first: dt.date) -> bytes:
    """The PDF of one report."""
    return report_pdf(next(one for one in reports() if (one.urn, one.first_day) == (urn, first)))


def _report(setting: Setting, facts: Mapping[str, Any], text: str, stock: Mapping[str, str]) -> DemoReport:
    before = [visit for visit in setting.visits if visit.first < facts["first"]][::-1]
    grades = facts.get("judgements", (None, None, None))
    return DemoReport(
        urn=setting.urn,
        provider=setting.owner.names[0 if facts["first"] < dt.date(2025, 1, 1) else -1],
        kind=_KINDS[facts["kind"]],
        first_day=facts["first"],
        last_day=facts["last"],
        published=facts["published"],
        sections=_sections(text, grades, stock),
        capacity=setting.places or 1,
        needs=facts["needs"],
        about=facts["about"],
        overall=grades[0],
        protection=grades[1],
        leadership=grades[2],
        last_inspection=before[0].first if before else None,
        last_judgement=before[0].grades[0] if before and before[0].grades else None,
        enforcement="compliance notice served" if facts["kind"] == "Monitoring visit" else "none",
        history=_history(before),
        requirements=[_requirement(one) for one in facts.get("requirements", ())],
        recommendations=facts.get("recommendations", ()),
        manager_since=facts.get("manager_since"),
    )


def _sections(
    text: str, grades: Sequence[str | None], stock: Mapping[str, str]
) -> list[tuple[str, list[str]]]:
    made: list[tuple[str, list[str]]] = []
    for part in text.split("## ")[1:]:
        name, body = part.split("\n", 1)
        paragraphs = body.strip().split("\n\n")
        if name not in _HEADINGS:
            made.append(("Findings of this visit", paragraphs))
            continue
        heading, area = _HEADINGS[name]
        if area == 0:
            paragraphs = [stock[grades[0] or ""], *paragraphs]
        made.append((f"{heading}: {(grades[area] or '').lower()}", paragraphs))
    return made


def _history(before: Sequence[Visit]) -> list[tuple[dt.date, str, str]]:
    return [(visit.first, visit.kind.split()[0], visit.grades[0]) for visit in before if visit.grades]


def _requirement(given: Mapping[str, Any]) -> DemoRequirement:
    return DemoRequirement(
        regulation=given["regulation"],
        title=given["title"],
        text=given["text"],
        due=given["due"],
        compliance_notice=given.get("notice", False),
    )
