"""One inspection as its page shows it: judgements, what each source says, the report, who covered it."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.quoted import Sentence
from archive.reading.listed import CoverageLine, coverage
from archive.reading.quoted import Use, sentences_of, uses
from storage.errors import NotFound
from storage.schema.crawl import captures
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
class Stretch:
    """Words of a report: one sentence with its number, or what stands between two; who repeats them."""

    text: str
    number: int | None = None
    used_by: tuple[Use, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the report: its heading, page and paragraphs."""

    number: int
    heading: str
    page: int | None
    paragraphs: tuple[tuple[Stretch, ...], ...]


@dataclass(frozen=True, kw_only=True)
class ReportPart:
    """The report of the inspection, what it was read from, and how many sentences the press repeats."""

    report: _Row
    sections: tuple[Section, ...]
    requirements: tuple[_Row, ...]
    capture: _Row | None
    imported: _Row | None
    used: int


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What one source says of something the sources disagree on, and where it says so."""

    origin: str
    value: str
    where: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InspectionPage:
    """Everything the inspection's page shows."""

    inspection: _Row
    setting: _Row
    provider: _Row | None
    judgements: Mapping[str, str]
    claims: tuple[_Row, ...]
    disagreements: tuple[tuple[str, tuple[Saying, ...]], ...]
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
    readable = (reports.c.inspection_id == inspection.id) & reports.c.restriction.is_(None)
    documents = connection.execute(sa.select(reports).where(readable).order_by(reports.c.id)).all()
    claims = _claims(connection, inspection.id)
    lines = coverage(connection, links.c.inspection_id == inspection.id)
    parts = tuple(_report(connection, report, lines) for report in documents)
    judged = {_AREAS[area]: getattr(inspection, area) for area in GRADED}
    return InspectionPage(
        inspection=inspection,
        setting=setting,
        provider=connection.execute(sa.select(providers).where(providers.c.id == owner)).first(),
        judgements={area: judgement for area, judgement in judged.items() if judgement},
        claims=tuple(claims),
        disagreements=tuple(_disagreements(inspection, claims, parts)),
        reports=parts,
        coverage=tuple(lines),
    )


def inspection_of_report(connection: sa.Connection, report_id: str) -> tuple[str | None, str | None]:
    """The inspection and the setting that a report is of; NotFound where there is no such report."""
    query = sa.select(reports.c.inspection_id, reports.c.setting_id).where(
        reports.c.id == report_id, reports.c.restriction.is_(None)
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"there is no report {report_id!r}")
    return row.inspection_id, row.setting_id


def report_page(connection: sa.Connection, report_id: str) -> ReportPart:
    """A report, also one of no inspection that is known here; NotFound."""
    readable = (reports.c.id == report_id) & reports.c.restriction.is_(None)
    report = connection.execute(sa.select(reports).where(readable)).first()
    if report is None:
        raise NotFound(f"there is no report {report_id!r}")
    told = report.inspection_id and coverage(connection, links.c.inspection_id == report.inspection_id)
    return _report(connection, report, told or [])


def _claims(connection: sa.Connection, inspection_id: str) -> list[_Row]:
    query = (
        sa.select(inspection_claims, imports.c.file_name, imports.c.learned_at)
        .outerjoin(imports, imports.c.id == inspection_claims.c.origin_id)
        .where(inspection_claims.c.inspection_id == inspection_id)
        .order_by(inspection_claims.c.seq)
    )
    return list(connection.execute(query))


def _disagreements(
    inspection: _Row, claims: Sequence[_Row], parts: Sequence[ReportPart]
) -> Iterator[tuple[str, tuple[Saying, ...]]]:
    for entry in inspection.disagreements or ():
        field = str(entry.get("field", ""))
        sayings = tuple(
            Saying(origin=str(origin), value=str(value), where=_where(str(origin), str(value), claims, parts))
            for origin, value in (entry.get("values") or {}).items()
        )
        yield _AREAS.get(field, field.replace("_", " ").capitalize()), sayings


def _where(origin: str, value: str, claims: Sequence[_Row], parts: Sequence[ReportPart]) -> tuple[str, ...]:
    """The file and row, or the document and page, in which a source says it."""
    if origin == "report":
        return tuple(_page_of(part, value) for part in parts)
    said = [claim for claim in claims if claim.origin == origin]
    rows = []
    for claim in said:
        row = f", the row of event {claim.event_number}" if claim.event_number else ""
        rows.append(f"{claim.file_name or 'the regulator’s page'}{row}")
    return tuple(dict.fromkeys(rows))


def _page_of(part: ReportPart, value: str) -> str:
    name = part.report.file_name or "the report"
    sought = value.casefold()
    for section in part.sections:
        words = " ".join(stretch.text for paragraph in section.paragraphs for stretch in paragraph)
        if section.page and sought in words.casefold():
            return f"{name}, page {section.page}"
    return f"{name}, page 1"


def _report(connection: sa.Connection, report: _Row, lines: Sequence[CoverageLine]) -> ReportPart:
    of_it = report_sections.c.report_id == report.id
    rows = connection.execute(sa.select(report_sections).where(of_it).order_by(report_sections.c.number))
    made = connection.execute(
        sa.select(requirements).where(requirements.c.report_id == report.id).order_by(requirements.c.number)
    ).all()
    sentences = sentences_of(connection, report.id)
    used = uses(connection, report, sentences, lines) if lines else {}
    return ReportPart(
        report=report,
        sections=tuple(_sections(report.text or "", list(rows), sentences, used)),
        requirements=tuple(made),
        capture=_one(connection, captures, report.capture_id),
        imported=_one(connection, imports, report.import_id),
        used=len(used),
    )


def _sections(
    text: str, rows: Sequence[_Row], sentences: Sequence[Sentence], used: Mapping[int, list[Use]]
) -> Iterator[Section]:
    bounds = [(row.heading, row.page, row.start, row.end) for row in rows]
    for number, (heading, page, start, end) in enumerate(bounds or [("The report", None, 0, len(text))]):
        if bounds or text:
            found = list(_paragraphs(text, (start, end), sentences, used))
            first = "".join(stretch.text for stretch in found[0]).strip() if found else None
            cut = found[1:] if first == heading else found  # the heading stands above them already
            yield Section(number=number, heading=heading, page=page, paragraphs=tuple(cut))


def _paragraphs(
    text: str, within: tuple[int, int], sentences: Sequence[Sentence], used: Mapping[int, list[Use]]
) -> Iterator[tuple[Stretch, ...]]:
    start, last = within
    while start < last:
        end = text.find("\n\n", start, last)
        end = last if end < 0 else end
        if stretches := tuple(_stretches(text, (start, end), sentences, used)):
            yield stretches
        start = end + 2


def _stretches(
    text: str, within: tuple[int, int], sentences: Sequence[Sentence], used: Mapping[int, list[Use]]
) -> Iterator[Stretch]:
    place, end = within
    inside = sentences[bisect_left(sentences, place, key=lambda one: one.start) :]
    for one in inside:
        if one.start >= end:
            break
        if between := " ".join(text[place : one.start].split()):
            yield Stretch(text=between)
        words = " ".join(text[one.start : min(one.end, end)].split())
        yield Stretch(text=words, number=one.number, used_by=tuple(used.get(one.number, ())))
        place = min(one.end, end)
    if rest := " ".join(text[place:end].split()):
        yield Stretch(text=rest)


def _one(connection: sa.Connection, table: sa.Table, id_: str | None) -> _Row | None:
    return connection.execute(sa.select(table).where(table.c.id == id_)).first() if id_ else None
