"""Outlets: all of them side by side, and one with what it covered, how soon, and what its patch misses."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import sqlalchemy as sa

from archive.figures import Figure, Series
from archive.reading.homes import latest_overall
from archive.reading.listed import CoverageLine, coverage
from archive.reading.mix import FEWEST
from storage.dates import PartialDate
from storage.errors import NotFound
from storage.schema.crawl import sources
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import settings
from storage.vocabulary import GRADES

_DELAYS: Final = ((3, "0 to 3 days"), (7, "4 to 7"), (14, "8 to 14"), (30, "15 to 30"), (90, "31 to 90"))
_LATER: Final = "over 90"


@dataclass(frozen=True, kw_only=True)
class OutletLine:
    """One outlet: its stories, how many are linked to the record, and the newest."""

    name: str
    stories: int
    linked: int
    newest: str | None


@dataclass(frozen=True, kw_only=True)
class OutletPage:
    """Everything the outlet's page shows; ``missed``: settings of its patch that no story is linked to."""

    name: str
    stories: int
    linked: int
    patch: tuple[str, ...]
    soon: Figure
    typical: float | None
    judgements: Figure
    missed: tuple[str, ...]
    coverage: tuple[CoverageLine, ...]


def outlet_lines(connection: sa.Connection) -> tuple[OutletLine, ...]:
    """Every outlet that has a story here, by name."""
    linked = sa.select(links.c.article_id).where(
        links.c.article_id == articles.c.id, links.c.status == "linked", links.c.rank.is_(None)
    )
    query = (
        sa.select(
            articles.c.outlet,
            sa.func.count(),
            sa.func.sum(sa.case((sa.exists(linked), 1), else_=0)),
            sa.func.max(articles.c.published),
        )
        .where(articles.c.outlet.is_not(None), articles.c.restriction.is_(None))
        .group_by(articles.c.outlet)
        .order_by(articles.c.outlet)
    )
    return tuple(
        OutletLine(name=name, stories=count, linked=held, newest=newest)
        for name, count, held, newest in connection.execute(query)
    )


def outlet_page(connection: sa.Connection, name: str) -> OutletPage:
    """The outlet by its name; NotFound."""
    its = (articles.c.outlet == name) & articles.c.restriction.is_(None)
    stories = connection.execute(sa.select(sa.func.count()).select_from(articles).where(its)).scalar_one()
    if not stories:
        raise NotFound(f"there is no story of an outlet {name!r}")
    told = list(_told(connection, its))
    patch = _patch(connection, name)
    waits = [days for _, _, days in told if days is not None]
    return OutletPage(
        name=name,
        stories=stories,
        linked=len({article for article, *_ in told}),
        patch=patch,
        soon=_soon(waits, name),
        typical=median(waits) if len(waits) >= FEWEST else None,
        judgements=_judgements([overall for _, overall, _ in told], name),
        missed=_missed(connection, patch),
        coverage=tuple(coverage(connection, its, limit=50)),
    )


def _told(
    connection: sa.Connection, its: sa.ColumnElement[bool]
) -> Iterator[tuple[str, str | None, int | None]]:
    """Its linked stories: article, the inspection's judgement, days from the report's publication."""
    query = (
        sa.select(articles.c.id, articles.c.published, inspections.c.overall, inspections.c.published)
        .join(links, links.c.article_id == articles.c.id)
        .outerjoin(inspections, inspections.c.id == links.c.inspection_id)
        .where(its, links.c.status == "linked", links.c.rank.is_(None))
    )
    for article, published, overall, reported in connection.execute(query):
        yield article, overall, _wait(published, reported)


def _wait(published: str | None, reported: dt.date | None) -> int | None:
    """Days between; None where a day is not known, or the story came first (it cannot be of that report)."""
    if not published or reported is None:
        return None
    span = PartialDate.parse(published).span
    days = (span.first - reported).days
    return days if span.first == span.last and days >= 0 else None


def _soon(waits: Sequence[int], name: str) -> Figure:
    counts = dict.fromkeys([told for _, told in _DELAYS] + [_LATER], 0)
    for days in waits:
        counts[next((told for most, told in _DELAYS if days <= most), _LATER)] += 1
    return Figure(
        id="soon",
        title="How soon after publication",
        told=f"Days from a report's publication to the story in {name}, where both days are known.",
        shape="bar",
        of="Days after",
        labels=list(counts),
        series=[Series(name="Stories", values=list(counts.values()))],
    )


def _judgements(judged: Sequence[str | None], name: str) -> Figure:
    labels = [*GRADES, "Not graded, or inspection not sure"]
    counts = [sum(1 for one in judged if one == grade) for grade in GRADES]
    counts.append(len(judged) - sum(counts))
    return Figure(
        id="covered",
        title="What it covered",
        told=f"Linked stories in {name} by the inspection's overall judgement.",
        shape="bar",
        of="Judgement",
        labels=labels,
        series=[Series(name="Stories", values=counts)],
        across=True,
    )


def _patch(connection: sa.Connection, name: str) -> tuple[str, ...]:
    """The authorities that the outlet's source declares, as registers spell them."""
    own = sa.select(articles.c.source_id).where(articles.c.outlet == name, articles.c.source_id.is_not(None))
    area = connection.execute(
        sa.select(sources.c.area).where(sources.c.id == own.limit(1).scalar_subquery())
    ).scalar()
    return tuple(part.strip() for part in (area or "").split(",") if part.strip())


def _missed(connection: sa.Connection, patch: Sequence[str]) -> tuple[str, ...]:
    """Open settings of the patch, last judged inadequate or to improve, of which nobody told."""
    if not patch:
        return ()
    told = sa.select(links.c.id).where(
        links.c.setting_id == settings.c.id, links.c.status == "linked", links.c.rank.is_(None)
    )
    latest = latest_overall()
    query = (
        sa.select(settings.c.id)
        .where(
            settings.c.local_authority.in_(patch),
            settings.c.closed.is_(None),
            ~sa.exists(told),
            latest.in_(("Inadequate", "Requires improvement to be good")),
        )
        .order_by(latest, settings.c.local_authority, settings.c.urn)
    )
    return tuple(connection.scalars(query))
