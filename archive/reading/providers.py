"""One provider as its page shows it: names over time, settings, inspections, coverage."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.reading.listed import CoverageLine, InspectionLine, coverage, inspection_lines
from storage.errors import NotFound
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.registers import ownerships, provider_names, providers, settings

_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class ProviderPage:
    """Everything the provider's page shows; ``former`` are settings it once owned."""

    provider: _Row
    names: tuple[_Row, ...]
    settings: tuple[_Row, ...]
    former: tuple[_Row, ...]
    inspections: tuple[InspectionLine, ...]
    judgements: Mapping[str, int]
    coverage: tuple[CoverageLine, ...]


def provider_page(connection: sa.Connection, provider_id: str) -> ProviderPage:
    """The provider, or the one it was merged into; NotFound."""
    provider = _follow(connection, provider_id)
    names = connection.execute(
        sa.select(provider_names)
        .where(provider_names.c.provider_id == provider.id)
        .order_by(provider_names.c.last_seen.desc(), provider_names.c.name)
    ).all()
    owned = connection.execute(
        sa.select(settings)
        .where(settings.c.provider_id == provider.id)
        .order_by(settings.c.local_authority, settings.c.urn)
    ).all()
    once = (
        sa.select(settings, ownerships.c.first_day, ownerships.c.last_day)
        .join(ownerships, ownerships.c.setting_id == settings.c.id)
        .where(ownerships.c.provider_id == provider.id, ownerships.c.last_day.is_not(None))
    )
    lines = inspection_lines(connection, inspections.c.id.in_(_inspected(provider.id)))
    return ProviderPage(
        provider=provider,
        names=tuple(names),
        settings=tuple(owned),
        former=tuple(connection.execute(once.order_by(ownerships.c.last_day.desc()))),
        inspections=tuple(lines),
        judgements=_latest_judgements(lines),
        coverage=tuple(coverage(connection, _covers(provider.id))),
    )


def _follow(connection: sa.Connection, provider_id: str) -> _Row:
    for _ in range(10):  # a merge of merges; a circle ends here
        row = connection.execute(sa.select(providers).where(providers.c.id == provider_id)).first()
        if row is None:
            break
        if row.merged_into is None:
            return row
        provider_id = row.merged_into
    raise NotFound(f"there is no provider {provider_id!r}")


def _inspected(provider_id: str) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Inspections it owned the setting of; today's owner stands in where the day's is not known.

    A union, each part of which goes by an index: one condition with OR reads the whole table.
    """
    unknown = inspections.c.provider_id.is_(None)
    of_settings = sa.select(inspections.c.id).join(settings, settings.c.id == inspections.c.setting_id)
    return sa.union(
        sa.select(inspections.c.id).where(inspections.c.provider_id == provider_id),
        of_settings.where(unknown, settings.c.provider_id == provider_id),
    )


def _covers(provider_id: str) -> sa.ColumnElement[bool]:
    """Links that name the provider, or an inspection or a setting that was its own."""
    unnamed = links.c.provider_id.is_(None)
    no_inspection = links.c.inspection_id.is_(None)
    of_settings = sa.select(links.c.id).join(settings, settings.c.id == links.c.setting_id)
    return links.c.id.in_(
        sa.union(
            sa.select(links.c.id).where(links.c.provider_id == provider_id),
            sa.select(links.c.id).where(unnamed, links.c.inspection_id.in_(_inspected(provider_id))),
            of_settings.where(unnamed, no_inspection, settings.c.provider_id == provider_id),
        )
    )


def _latest_judgements(lines: list[InspectionLine]) -> dict[str, int]:
    """How many settings stand at each overall judgement by their latest full inspection."""
    latest: dict[str, str] = {}
    for line in lines:
        if line.kind == "full" and line.overall:
            latest.setdefault(line.setting_id, line.overall)
    counts: dict[str, int] = {}
    for judgement in latest.values():
        counts[judgement] = counts.get(judgement, 0) + 1
    return counts
