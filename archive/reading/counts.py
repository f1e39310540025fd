"""What the home page counts, and the newest links it lists."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from archive.reading.listed import CoverageLine, InspectionLine, coverage, inspection_lines
from storage.schema.inspections import inspections, reports
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import providers, settings, snapshots


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The archive at a glance."""

    articles: int
    linked: int
    settings: int
    providers: int
    inspections: int
    reports: int
    newest_register: dt.date | None
    states: Mapping[str, int]
    latest: tuple[CoverageLine, ...]
    uncovered: tuple[InspectionLine, ...]


def overview(connection: sa.Connection) -> Overview:
    """Counts over the whole archive; the lists are short."""
    decisions = links.c.rank.is_(None)
    linked = sa.select(sa.func.count(sa.distinct(links.c.article_id))).where(
        decisions, links.c.status == "linked"
    )
    states = (
        sa.select(links.c.answer, sa.func.count())
        .where(decisions, links.c.answer.is_not(None))
        .group_by(links.c.answer)
    )
    return Overview(
        articles=_count(connection, articles, articles.c.restriction.is_(None)),
        linked=connection.execute(linked).scalar_one(),
        settings=_count(connection, settings),
        providers=_count(connection, providers, providers.c.merged_into.is_(None)),
        inspections=_count(connection, inspections),
        reports=_count(connection, reports, reports.c.restriction.is_(None)),
        newest_register=connection.execute(sa.select(sa.func.max(snapshots.c.as_of))).scalar(),
        states=dict(connection.execute(states).all()),
        latest=tuple(coverage(connection, sa.true(), limit=8)),
        uncovered=tuple(inspection_lines(connection, _inadequate_and_uncovered(), limit=6)),
    )


def _inadequate_and_uncovered() -> sa.ColumnElement[bool]:
    asserted = sa.select(links.c.inspection_id).where(
        links.c.status == "linked", links.c.rank.is_(None), links.c.inspection_id == inspections.c.id
    )
    return (inspections.c.overall == "Inadequate") & ~sa.exists(asserted)


def _count(connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool] | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    return connection.execute(query if where is None else query.where(where)).scalar_one()
