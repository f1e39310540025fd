"""Settings, providers, groups, inspections and reports of the record, a stretch at a time."""

import datetime as dt
from dataclasses import dataclass, fields

import sqlalchemy as sa

from archive.reading.homes import HomeLine, home_lines
from archive.reading.listed import InspectionLine, inspection_lines
from archive.reading.stretches.stretch import Stretch
from storage.schema.inspections import inspections, reports
from storage.schema.registers import providers, settings


@dataclass(frozen=True, kw_only=True)
class ProviderLine:
    """A provider in a list."""

    id: str
    name: str
    company_number: str | None
    group_name: str | None
    sector: str | None
    natural_person: bool


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """A group and how many providers people put into it."""

    name: str
    providers: int


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """A report in a list."""

    id: str
    inspection_id: str | None
    setting_id: str | None
    regulator: str
    urn: str | None
    url: str | None
    kind: str
    framework: str | None
    first_day: dt.date | None
    last_day: dt.date | None
    published: dt.date | None
    overall: str | None
    pages: int | None
    digest: str


def setting_stretch(connection: sa.Connection, wanted: Stretch) -> list[HomeLine]:
    """Settings, narrowed by any of their columns."""
    ids = connection.scalars(wanted.of(sa.select(settings.c.id), settings.c.id, settings.c))
    return home_lines(connection, list(ids))


def setting_id(connection: sa.Connection, regulator: str, urn: str) -> str | None:
    """The id of the setting that a regulator knows by that number; None where there is none."""
    its = (settings.c.regulator == regulator) & (settings.c.urn == urn)
    found: str | None = connection.execute(sa.select(settings.c.id).where(its)).scalar()
    return found


def provider_stretch(connection: sa.Connection, wanted: Stretch) -> list[ProviderLine]:
    """Providers, without those merged into another, narrowed by any of their columns."""
    query = sa.select(*(providers.c[field.name] for field in fields(ProviderLine)))
    of_them = wanted.of(query.where(providers.c.merged_into.is_(None)), providers.c.id, providers.c)
    return [ProviderLine(**row._mapping) for row in connection.execute(of_them)]


def group_stretch(connection: sa.Connection, wanted: Stretch) -> list[GroupLine]:
    """Groups by name."""
    query = (
        sa.select(providers.c.group_name.label("name"), sa.func.count().label("providers"))
        .where(providers.c.group_name.is_not(None), providers.c.merged_into.is_(None))
        .group_by(providers.c.group_name)
    )
    rows = connection.execute(wanted.of(query, providers.c.group_name, providers.c))
    return [GroupLine(**row._mapping) for row in rows]


def inspection_stretch(connection: sa.Connection, wanted: Stretch) -> list[InspectionLine]:
    """Inspections, narrowed by any of their columns."""
    ids = list(connection.scalars(wanted.of(sa.select(inspections.c.id), inspections.c.id, inspections.c)))
    lines = inspection_lines(connection, inspections.c.id.in_(ids), limit=len(ids)) if ids else []
    return sorted(lines, key=lambda line: ids.index(line.id))


def report_stretch(connection: sa.Connection, wanted: Stretch) -> list[ReportLine]:
    """Reports, narrowed by any of their columns; what is restricted is not there."""
    query = sa.select(*(reports.c[field.name] for field in fields(ReportLine)))
    of_them = wanted.of(query.where(reports.c.restriction.is_(None)), reports.c.id, reports.c)
    return [ReportLine(**row._mapping) for row in connection.execute(of_them)]
