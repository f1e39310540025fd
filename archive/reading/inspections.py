"""One inspection as its page shows it: judgements, what each source says, the report, who covered it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.reading.listed import CoverageLine, coverage
from storage.errors import NotFound
from storage.schema.inspections import (
    GRADED,
    inspection_claims,
    inspections,
    report_sections,
    reports,
    requirements,
)
from storage.schema.links import links
from storage.schema.registers import imports, providers, settings

_Row = sa.Row[*tuple[Any, ...]]
_AREAS = {
    "overall": "Overall",
    "protection": "Helped and protected",
    "leadership": "Leaders and managers",
    "education": "Education",
    "health": "Health",
    "outcomes": "Outcomes",
    "quality_of_care": "Quality of care",
    "in_care": "Children in care",
    "care_leavers": "Care leavers",
    "adoption": "Adoption",
    "safe": "Safe",
    "effective": "Effective",
    "caring": "Caring",
    "responsive": "Responsive",
    "well_led": "Well-led",
}


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the report: its heading, page and paragraphs."""

    heading: str
    page: int | None
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReportPart:
    """The report of the inspection."""

    report: _Row
    sections: tuple[Section, ...]
    requirements: tuple[_Row, ...]


@dataclass(frozen=True, kw_only=True)
class InspectionPage:
    """Everything the inspection's page shows."""

    inspection: _Row
    setting: _Row
    provider: _Row | None
    judgements: Mapping[str, str]
    claims: tuple[_Row, ...]
    disagreements: tuple[tuple[str, Mapping[str, str]], ...]
    reports: tuple[ReportPart, ...]
    coverage: tuple[CoverageLine, ...]


def inspection_page(connection: sa.Connection, inspection_id: str) -> InspectionPage:
    """The inspection; NotFound."""
    query = sa.select(inspections).where(inspections.c.id == inspection_id)
    inspection = connection.execute(query).first()
    if inspection is None:
        raise NotFound(f"there is no inspection {inspection_id!r}")
    setting = connection.execute(sa.select(settings).where(settings.c.id == inspection.setting_id)).one()
    owner = inspection.provider_id or setting.provider_id
    documents = connection.execute(sa.select(reports).where(reports.c.inspection_id == inspection.id)).all()
    judged = {_AREAS[area]: getattr(inspection, area) for area in GRADED}
    return InspectionPage(
        inspection=inspection,
        setting=setting,
        provider=connection.execute(sa.select(providers).where(providers.c.id == owner)).first(),
        judgements={area: judgement for area, judgement in judged.items() if judgement},
        claims=tuple(_claims(connection, inspection.id)),
        disagreements=tuple(_disagreements(inspection)),
        reports=tuple(_report(connection, report) for report in documents),
        coverage=tuple(coverage(connection, links.c.inspection_id == inspection.id)),
    )


def inspection_of_report(connection: sa.Connection, report_id: str) -> tuple[str | None, str | None]:
    """The inspection and the setting that a report is of; NotFound where there is no such report."""
    query = sa.select(reports.c.inspection_id, reports.c.setting_id).where(reports.c.id == report_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"there is no report {report_id!r}")
    return row.inspection_id, row.setting_id


def _claims(connection: sa.Connection, inspection_id: str) -> list[_Row]:
    query = (
        sa.select(inspection_claims, imports.c.file_name, imports.c.learned_at)
        .outerjoin(imports, imports.c.id == inspection_claims.c.origin_id)
        .where(inspection_claims.c.inspection_id == inspection_id)
        .order_by(inspection_claims.c.seq)
    )
    return list(connection.execute(query))


def _disagreements(inspection: _Row) -> list[tuple[str, Mapping[str, str]]]:
    found: list[tuple[str, Mapping[str, str]]] = []
    for entry in inspection.disagreements or ():
        field = str(entry.get("field", ""))
        values = {str(origin): str(value) for origin, value in (entry.get("values") or {}).items()}
        found.append((_AREAS.get(field, field.replace("_", " ").capitalize()), values))
    return found


def _report(connection: sa.Connection, report: _Row) -> ReportPart:
    of_it = report_sections.c.report_id == report.id
    sections = connection.execute(
        sa.select(report_sections).where(of_it).order_by(report_sections.c.number)
    ).all()
    made = connection.execute(
        sa.select(requirements).where(requirements.c.report_id == report.id).order_by(requirements.c.number)
    ).all()
    text = report.text or ""
    cut = tuple(
        Section(
            heading=row.heading, page=row.page, paragraphs=_paragraphs(text[row.start : row.end], row.heading)
        )
        for row in sections
    )
    if not cut and text:
        cut = (Section(heading="The report", page=None, paragraphs=_paragraphs(text, None)),)
    return ReportPart(report=report, sections=cut, requirements=tuple(made))


def _paragraphs(text: str, heading: str | None) -> tuple[str, ...]:
    """The paragraphs of a section, without its heading, which stands above them already."""
    found = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
    return tuple(found[1:] if found and heading == found[0] else found)
