"""Authorities: all of them side by side, and one with its settings, judgements and coverage."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from archive.figures import Figure
from archive.reading.homes import judged, latest_judgements, latest_overall
from archive.reading.kept import Kept
from archive.reading.listed import CoverageLine, InspectionLine, coverage, inspection_lines
from archive.reading.mix import FEWEST, against_figure, mix, years_figure
from storage.errors import NotFound
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import settings

_WEAK: Final = ("Requires improvement to be good", "Adequate", "Inadequate")


@dataclass(frozen=True, kw_only=True)
class AuthorityLine:
    """One authority: its open settings, how many are judged, how many of these weak, its stories."""

    name: str
    region: str | None
    settings: int
    judged: int
    weak: int
    stories: int

    @property
    def share(self) -> int | None:
        """Percent of its judged settings that stand at less than good; None of too few."""
        return round(100 * self.weak / self.judged) if self.judged >= FEWEST else None


@dataclass(frozen=True, kw_only=True)
class AuthorityPage:
    """Everything the authority's page shows."""

    name: str
    region: str | None
    setting_ids: tuple[str, ...]
    open: int
    judgements: Mapping[str, int]
    mix: Figure
    against: Figure
    uncovered: tuple[InspectionLine, ...]
    coverage: tuple[CoverageLine, ...]
    outlets: tuple[tuple[str, int], ...]


def authority_lines(connection: sa.Connection) -> tuple[AuthorityLine, ...]:
    """Every authority that a register held here names, by name."""
    latest = latest_overall()
    standing = (
        sa.select(settings.c.local_authority.label("name"), settings.c.region, latest.label("overall"))
        .where(settings.c.local_authority.is_not(None), settings.c.closed.is_(None))
        .subquery()
    )
    weak = sa.case((standing.c.overall.in_(_WEAK), 1), else_=0)
    query = sa.select(
        standing.c.name,
        sa.func.max(standing.c.region),
        sa.func.count(),
        sa.func.count(standing.c.overall),
        sa.func.sum(weak),
    ).group_by(standing.c.name)
    stories = _stories(connection)
    return tuple(
        AuthorityLine(
            name=name, region=region, settings=held, judged=graded, weak=low, stories=stories.get(name, 0)
        )
        for name, region, held, graded, low in connection.execute(query.order_by(standing.c.name))
    )


def authority_page(connection: sa.Connection, name: str, kept: Kept) -> AuthorityPage:
    """The authority by the name that registers give it; NotFound."""
    here = settings.c.local_authority == name
    rows = connection.execute(
        sa.select(settings.c.id, settings.c.region, settings.c.closed)
        .where(here)
        .order_by(settings.c.closed.is_not(None), settings.c.urn)
    ).all()
    if not rows:
        raise NotFound(f"no register held here names an authority {name!r}")
    ids = sa.select(settings.c.id).where(here)
    standing = [row.id for row in rows if row.closed is None]
    counts = mix(connection, inspections.c.setting_id.in_(ids))
    england = kept.of(connection, "mix of all", mix)
    return AuthorityPage(
        name=name,
        region=next((row.region for row in rows if row.region), None),
        setting_ids=tuple(row.id for row in rows),
        open=len(standing),
        judgements=judged(latest_judgements(connection, standing)),
        mix=years_figure(counts, f"settings in {name}"),
        against=against_figure(counts, name, england),
        uncovered=tuple(inspection_lines(connection, _uncovered(ids), limit=8)),
        coverage=tuple(coverage(connection, links.c.setting_id.in_(ids), limit=50)),
        outlets=_outlets(connection, ids),
    )


def _uncovered(ids: sa.Select[str]) -> sa.ColumnElement[bool]:
    told = sa.select(links.c.inspection_id).where(
        links.c.status == "linked", links.c.rank.is_(None), links.c.inspection_id == inspections.c.id
    )
    return inspections.c.setting_id.in_(ids) & (inspections.c.overall == "Inadequate") & ~sa.exists(told)


def _outlets(connection: sa.Connection, ids: sa.Select[str]) -> tuple[tuple[str, int], ...]:
    stories = sa.func.count(sa.distinct(articles.c.id))
    query = (
        sa.select(articles.c.outlet, stories)
        .join(links, links.c.article_id == articles.c.id)
        .where(
            links.c.setting_id.in_(ids),
            links.c.status == "linked",
            links.c.rank.is_(None),
            articles.c.restriction.is_(None),
            articles.c.outlet.is_not(None),
        )
        .group_by(articles.c.outlet)
        .order_by(stories.desc(), articles.c.outlet)
        .limit(20)
    )
    return tuple((row[0], row[1]) for row in connection.execute(query))


def _stories(connection: sa.Connection) -> Mapping[str, int]:
    query = (
        sa.select(settings.c.local_authority, sa.func.count(sa.distinct(links.c.article_id)))
        .join(links, links.c.setting_id == settings.c.id)
        .join(articles, articles.c.id == links.c.article_id)
        .where(links.c.status == "linked", links.c.rank.is_(None), articles.c.restriction.is_(None))
        .group_by(settings.c.local_authority)
    )
    return dict(connection.execute(query).all())
