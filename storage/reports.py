"""Inspection reports as stored: a row a document, its sections, sentences and requirements, its claim."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from storage import changes, contradictions, inspections, retractions
from storage.ids import opaque_id
from storage.records import Report
from storage.schema.inspections import GRADED, report_sections, report_sentences, reports, requirements
from storage.schema.inspections import inspections as inspections_table
from storage.schema.registers import register_rows, settings
from storage.settings import setting_id
from storage.subjects.kept_out import without_erased

_ORIGINS = ("url", "file_name", "capture_id", "import_id")
"""Where the document came from: filled in when learned, never unsaid by another import of the same bytes."""


def report_id(regulator: str, digest: str) -> str:
    """The id of the report in the document with that SHA-256."""
    return opaque_id("report", regulator, digest)


def known(connection: sa.Connection, regulator: str, digest: str) -> bool:
    """Whether the archive has this very document."""
    query = sa.select(reports.c.id).where(reports.c.id == report_id(regulator, digest))
    return connection.execute(query).first() is not None


def save(
    connection: sa.Connection,
    report: Report,
    *,
    digest: str,
    file_name: str | None = None,
    url: str | None = None,
    capture_id: str | None = None,
    import_id: str | None = None,
    at: dt.datetime,
) -> str:
    """Keep a report and join its inspection, both made where new; the report's id.

    The same document read the same way changes nothing; read otherwise (by a newer reader), its row,
    sections, sentences and requirements are written anew.
    """
    id_ = report_id(report.regulator, digest)
    stored = _stored(connection, id_)
    report = _without_erased(connection, id_, identified(connection, report, digest))
    came = {"url": url, "file_name": file_name, "capture_id": capture_id, "import_id": import_id}
    if stored is not None and stored["restriction"] == "taken down":
        return id_
    if stored is not None and _reads_the_same(stored, report):
        _learn(connection, stored, came)
        return id_
    row = _said(report) | came | {"id": id_, "digest": digest}
    if stored is None:
        connection.execute(sa.insert(reports).values(**row))
    else:
        row |= {name: stored[name] for name in _ORIGINS if stored[name] is not None}
        connection.execute(sa.update(reports).where(reports.c.id == id_).values(**row))
    _write_parts(connection, id_, report)
    _join(connection, id_, report, at)
    changes.note(connection, "report", [id_], at)
    return id_


def identified(connection: sa.Connection, report: Report, digest: str) -> Report:
    """The report with its setting's number, where the document leaves that out and the archive knows it.

    The number is what this document was kept under before, else that of the only such setting of the
    authority (a council's services), else of the only one with that public name.
    """
    if report.urn is not None or report.claim is None:
        return report
    stored = _stored(connection, report_id(report.regulator, digest))
    urn = stored["urn"] if stored and stored["urn"] else _urn_of(connection, report)
    if urn is None:
        return report
    claim = replace(report.claim, urn=urn)
    return replace(report, urn=urn, claim=claim, facts={**report.facts, "urn": urn})


def _urn_of(connection: sa.Connection, report: Report) -> str | None:
    assert report.claim is not None
    claim, query = report.claim, sa.select(settings.c.urn).where(settings.c.regulator == report.regulator)
    if claim.local_authority:
        of_kind = settings.c.kind == claim.setting_kind
        query = query.where(of_kind, settings.c.local_authority == claim.local_authority)
    else:
        query = query.where(settings.c.name == claim.setting_name)
    found = connection.execute(query).scalars().all()
    return found[0] if len(found) == 1 else None


def disagreements(connection: sa.Connection, id_: str) -> list[contradictions.Contradiction]:
    """Where tables and registers contradict the report: ``[{field, values: {origin: value}}]``."""
    query = (
        sa.select(inspections_table.c.disagreements)
        .join(reports, reports.c.inspection_id == inspections_table.c.id)
        .where(reports.c.id == id_)
    )
    joined = list(connection.execute(query).scalar() or [])
    told = {one["field"] for one in joined}
    return joined + [one for one in contradictions.of_report(connection, id_) if one["field"] not in told]


def _said(report: Report) -> dict[str, Any]:
    """The columns that the reader fills."""
    claim = report.claim
    graded: Mapping[str, str] = (
        {str(area): grade for area, grade in claim.judgements.items()} if claim else {}
    )
    return {
        "regulator": report.regulator,
        "urn": report.urn,
        "framework": report.framework,
        "kind": claim.kind if claim else "other",
        "first_day": claim.first_day if claim else None,
        "last_day": claim.last_day if claim else None,
        "published": claim.published if claim else None,
        "provider_name": claim.provider_name if claim else None,
        "capacity": claim.capacity if claim else None,
        **{area: graded.get(area) for area in GRADED},
        "facts": dict(report.facts),
        "text": report.text,
        "pages": report.pages,
    }


def _without_erased(connection: sa.Connection, id_: str, report: Report) -> Report:
    named = ("text", "facts", "sections", "sentences", "requirements")
    told = {name: getattr(report, name) for name in named}
    return replace(report, **without_erased(connection, "report", id_, told))


def _stored(connection: sa.Connection, id_: str) -> dict[str, Any] | None:
    found = connection.execute(sa.select(reports).where(reports.c.id == id_)).mappings().first()
    return dict(found) if found else None


def _reads_the_same(stored: Mapping[str, Any], report: Report) -> bool:
    return all(stored[name] == value for name, value in _said(report).items())


def _learn(connection: sa.Connection, stored: Mapping[str, Any], came: Mapping[str, str | None]) -> None:
    fresh = {name: value for name, value in came.items() if value is not None and stored[name] is None}
    if fresh:
        connection.execute(sa.update(reports).where(reports.c.id == stored["id"]).values(**fresh))


def _write_parts(connection: sa.Connection, id_: str, report: Report) -> None:
    parts: tuple[tuple[sa.Table, Iterable[Any]], ...] = (
        (report_sections, report.sections),
        (report_sentences, report.sentences),
        (requirements, report.requirements),
    )
    for table, found in parts:
        connection.execute(sa.delete(table).where(table.c.report_id == id_))
        rows = [{"report_id": id_, "number": number, **vars(one)} for number, one in enumerate(found)]
        if rows:
            connection.execute(sa.insert(table), rows)


def _join(connection: sa.Connection, id_: str, report: Report, at: dt.datetime) -> None:
    if report.claim is None or report.urn is None:
        return
    (inspection,) = inspections.save_claims(
        connection, report.regulator, [report.claim], origin="report", origin_id=id_, at=at
    )
    setting = setting_id(report.regulator, report.claim.urn)
    connection.execute(
        sa.update(reports).where(reports.c.id == id_).values(inspection_id=inspection, setting_id=setting)
    )
    retractions.leave(connection, "report", id_, but=[inspection], at=at)
    _describe(connection, setting, inspection, report, at)


def _describe(
    connection: sa.Connection, setting: str, inspection: str, report: Report, at: dt.datetime
) -> None:
    """Give a setting that no register has what its newest report says of owner and places, and its name."""
    if connection.execute(
        sa.select(register_rows.c.setting_id).where(register_rows.c.setting_id == setting)
    ).first():
        return
    newest = sa.select(sa.func.max(reports.c.last_day)).where(reports.c.setting_id == setting)
    last: dt.date | None = connection.execute(newest).scalar()
    if report.claim is None or (last and report.claim.last_day and report.claim.last_day < last):
        return
    owner = sa.select(inspections_table.c.provider_id).where(inspections_table.c.id == inspection)
    said = {
        "provider_id": connection.execute(owner).scalar(),
        "places": report.claim.capacity,
        "name": report.claim.setting_name,
        "local_authority": report.claim.local_authority,
    }
    said = {name: value for name, value in said.items() if value is not None}
    if said:
        connection.execute(sa.update(settings).where(settings.c.id == setting).values(**said))
        changes.note(connection, "setting", [setting], at)
