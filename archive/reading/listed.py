"""Lines that many pages list: inspections of a setting, and the articles that cover something."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.schema.inspections import inspections, reports
from storage.schema.links import links
from storage.schema.press import article_versions, articles
from storage.schema.registers import providers, settings


@dataclass(frozen=True, kw_only=True)
class InspectionLine:
    """An inspection in a list; ``covered`` counts the articles linked to it."""

    id: str
    kind: str
    first_day: dt.date | None
    last_day: dt.date | None
    published: dt.date | None
    overall: str | None
    protection: str | None
    leadership: str | None
    setting_id: str
    urn: str
    local_authority: str | None
    provider_id: str | None
    provider: str | None
    has_report: bool
    disagreements: int
    covered: int


@dataclass(frozen=True, kw_only=True)
class CoverageLine:
    """An article in a list, and the link by which it belongs there."""

    id: str
    title: str | None
    outlet: str | None
    published: str | None
    level: str
    probability: float
    confirmed: bool
    inspection_id: str | None
    first_day: dt.date | None
    setting_id: str | None
    urn: str | None
    local_authority: str | None
    provider_id: str | None
    provider: str | None


def inspection_lines(
    connection: sa.Connection, where: sa.ColumnElement[bool], limit: int = 200
) -> list[InspectionLine]:
    """Inspections, newest first; ``where`` is about inspections alone."""
    rows = connection.execute(_inspected(where, limit)).all()
    ids = [row.id for row in rows]
    readable = reports.c.inspection_id.in_(ids) & reports.c.restriction.is_(None)
    reported = set(connection.scalars(sa.select(reports.c.inspection_id).where(readable)))
    counts = _coverage_counts(connection, ids)
    return [
        InspectionLine(
            id=row.id,
            kind=row.kind,
            first_day=row.first_day,
            last_day=row.last_day,
            published=row.published,
            overall=row.overall,
            protection=row.protection,
            leadership=row.leadership,
            setting_id=row.setting_id,
            urn=row.urn,
            local_authority=row.place,
            provider_id=row.provider_id,
            provider=row.provider,
            has_report=row.id in reported,
            disagreements=len(row.disagreements or ()),
            covered=counts.get(row.id, 0),
        )
        for row in rows
    ]


def coverage(
    connection: sa.Connection, where: sa.ColumnElement[bool], limit: int = 200
) -> list[CoverageLine]:
    """Articles by their asserted links, newest first; restricted ones are not there.

    ``where`` is about links and articles alone.
    """
    return [CoverageLine(**row._mapping) for row in connection.execute(_covering(where, limit))]


def _inspected(where: sa.ColumnElement[bool], limit: int) -> sa.Select[Any]:
    newest = inspections.c.first_day.desc().nulls_last(), inspections.c.id
    # Chosen before anything is joined: a big provider has thousands, and a page lists a few.
    chosen = sa.select(inspections.c.id).where(where).order_by(*newest).limit(limit)
    return (
        sa.select(
            inspections,
            settings.c.urn,
            settings.c.local_authority.label("place"),
            sa.func.coalesce(providers.c.name, inspections.c.provider_name).label("provider"),
        )
        .join(settings, settings.c.id == inspections.c.setting_id)
        .outerjoin(providers, providers.c.id == inspections.c.provider_id)
        .where(inspections.c.id.in_(chosen.correlate(None)))
        .order_by(*newest)
    )


def _covering(where: sa.ColumnElement[bool], limit: int) -> sa.Select[Any]:
    newest = articles.c.published.desc().nulls_last(), articles.c.id
    chosen = (
        sa.select(links.c.id)
        .join(articles, articles.c.id == links.c.article_id)
        .where(_asserted(), articles.c.restriction.is_(None), where)
        .order_by(*newest)
        .limit(limit)
    )
    return (
        sa.select(
            articles.c.id,
            article_versions.c.title,
            articles.c.outlet,
            articles.c.published,
            links.c.level,
            links.c.probability,
            links.c.confirmed,
            links.c.inspection_id,
            inspections.c.first_day,
            links.c.setting_id,
            settings.c.urn,
            settings.c.local_authority,
            links.c.provider_id,
            providers.c.name.label("provider"),
        )
        .join(articles, articles.c.id == links.c.article_id)
        .join(
            article_versions,
            (article_versions.c.article_id == articles.c.id)
            & (article_versions.c.number == articles.c.latest_version),
        )
        .outerjoin(inspections, inspections.c.id == links.c.inspection_id)
        .outerjoin(settings, settings.c.id == links.c.setting_id)
        .outerjoin(providers, providers.c.id == links.c.provider_id)
        .where(links.c.id.in_(chosen.correlate(None)))
        .order_by(*newest)
    )


def _asserted() -> sa.ColumnElement[bool]:
    return (links.c.status == "linked") & links.c.rank.is_(None)


def _coverage_counts(connection: sa.Connection, ids: Iterable[str]) -> dict[str, int]:
    query = (
        sa.select(links.c.inspection_id, sa.func.count(sa.distinct(links.c.article_id)))
        .join(articles, articles.c.id == links.c.article_id)
        .where(_asserted(), articles.c.restriction.is_(None), links.c.inspection_id.in_(list(ids)))
        .group_by(links.c.inspection_id)
    )
    return dict(connection.execute(query).all())
