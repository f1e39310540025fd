"""Inspections with what each source says of them, and reports with facts, sections and requirements."""

from typing import Any, Final

from pydantic import Field
from starlette.requests import Request

from archive.api import cursors
from archive.api.coded import Code, coded, place
from archive.api.endpoint import Endpoint
from archive.api.shapes import (
    Authority,
    CoverageLine,
    Day,
    Grade,
    Id,
    InspectionLine,
    Page,
    Paging,
    Record,
    Text,
    Urn,
    page,
)
from archive.reading.inspections import Section as SectionRead
from archive.reading.inspections import inspection_page, report_page
from archive.reading.stretches.record import inspection_stretch, report_stretch
from archive.reading.stretches.stretch import Stretch
from archive.site import site_of
from storage.places import codes


class InspectionsQuery(Paging):
    """Which inspections."""

    setting_id: Text | None = None
    provider_id: Text | None = None
    kind: Text | None = None
    overall: Text | None = None
    event_number: Text | None = None


class InspectionRow(InspectionLine):
    """An inspection in the list of all."""

    authority_code: Code | None
    """The ONS code of the authority: England's are known, others where places were imported."""


class ReportsQuery(Paging):
    """Which reports."""

    inspection_id: Text | None = None
    setting_id: Text | None = None
    regulator: Text | None = None
    urn: Text | None = None


class Claim(Record):
    """What one source says of the inspection."""

    origin: str
    """table, register, report or page."""
    file_name: str | None
    as_of: Day | None
    first_day: Day | None
    last_day: Day | None
    published: Day | None
    event_number: str | None
    overall: Grade | None


class Saying(Record):
    """What one source says of something the sources disagree on."""

    origin: str
    value: str
    where: list[str]


class Disagreement(Record):
    """A fact on which the sources disagree."""

    fact: str
    sayings: list[Saying]


class Inspection(Record):
    """An inspection: judgements, what each source says, its reports and who covered it."""

    id: Id
    setting_id: Id
    urn: Urn
    regulator: str
    local_authority: Authority | None
    authority_code: Code | None
    kind: str
    first_day: Day | None
    last_day: Day | None
    published: Day | None
    event_number: str | None
    overall: Grade | None
    judgements: dict[str, str]
    """Each area that was judged, in words."""
    capacity: int | None
    provider: str | None
    provider_id: Id | None
    claims: list[Claim]
    disagreements: list[Disagreement]
    report_ids: list[Id]
    coverage: list[CoverageLine]


class ReportLine(Record):
    """A report in a list."""

    id: Id
    inspection_id: Id | None
    setting_id: Id | None
    regulator: str
    urn: Urn | None
    url: str | None
    kind: str
    framework: str | None
    """The inspection framework whose words it uses."""
    first_day: Day | None
    last_day: Day | None
    published: Day | None
    overall: Grade | None
    pages: int | None
    digest: str
    """SHA-256 of the document."""


class Section(Record):
    """A part of the report; the block that names people is never one."""

    number: int
    heading: str
    page: int | None
    paragraphs: list[str]


class Requirement(Record):
    """What the provider was required to do."""

    number: int
    regulation: int | None
    title: str | None
    text: str
    due: Day | None
    compliance_notice: bool
    page: int | None


class Report(ReportLine):
    """A report as it was read."""

    capacity: int | None
    facts: dict[str, Any] = Field(examples=[{"needs": "emotional and behavioural difficulties"}])
    sections: list[Section]
    requirements: list[Requirement]
    used: int
    """Of its sentences, how many the press repeats."""


def inspections(request: Request, asked: InspectionsQuery) -> dict[str, Any]:
    """List inspections."""
    narrowed = asked.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    wanted = Stretch(after=cursors.text_place("inspections", asked.cursor), limit=asked.limit, only=narrowed)
    with site_of(request).store.reading() as connection:
        lines = coded(connection, inspection_stretch(connection, wanted))
    return page(request, "inspections", lines, asked, place=place)


def inspection(request: Request, asked: Any) -> dict[str, Any]:
    """An inspection by id."""
    with site_of(request).store.reading() as connection:
        shown = inspection_page(connection, request.path_params["id"])
        known = codes(connection, filter(None, [shown.setting.local_authority]))
    return {
        **shown.inspection._mapping,
        "urn": shown.setting.urn,
        "regulator": shown.setting.regulator,
        "local_authority": shown.setting.local_authority,
        "authority_code": known.get(shown.setting.local_authority),
        "judgements": shown.judgements,
        "provider": shown.provider.name if shown.provider else shown.inspection.provider_name,
        "provider_id": shown.provider.id if shown.provider else None,
        "claims": list(shown.claims),
        "disagreements": [{"fact": fact, "sayings": sayings} for fact, sayings in shown.disagreements],
        "report_ids": [part.report.id for part in shown.reports],
        "coverage": list(shown.coverage),
    }


def reports(request: Request, asked: ReportsQuery) -> dict[str, Any]:
    """List reports."""
    narrowed = asked.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    wanted = Stretch(after=cursors.text_place("reports", asked.cursor), limit=asked.limit, only=narrowed)
    with site_of(request).store.reading() as connection:
        return page(request, "reports", report_stretch(connection, wanted), asked)


def report(request: Request, asked: Any) -> dict[str, Any]:
    """A report by id, with its facts, sections and requirements."""
    with site_of(request).store.reading() as connection:
        part = report_page(connection, request.path_params["id"])
    return {
        **part.report._mapping,
        "sections": [_section(one) for one in part.sections],
        "requirements": list(part.requirements),
        "used": part.used,
    }


def _section(section: SectionRead) -> dict[str, Any]:
    paragraphs = ["".join(stretch.text for stretch in paragraph) for paragraph in section.paragraphs]
    return vars(section) | {"paragraphs": paragraphs}


ENDPOINTS: Final = (
    Endpoint(
        path="/api/v1/inspections", answer=inspections, takes=InspectionsQuery, gives=Page[InspectionRow]
    ),
    Endpoint(path="/api/v1/inspections/{id}", answer=inspection, gives=Inspection),
    Endpoint(path="/api/v1/reports", answer=reports, takes=ReportsQuery, gives=Page[ReportLine]),
    Endpoint(path="/api/v1/reports/{id}", answer=report, gives=Report),
)
