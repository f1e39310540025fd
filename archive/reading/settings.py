"""One setting as its page shows it: facts, inspections, owners, coverage, and its years as a chart."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.reading import history
from archive.reading.listed import CoverageLine, InspectionLine, coverage, inspection_lines
from archive.timeline import Lane, Span, Timeline, timeline
from storage.errors import NotFound
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.registers import ownerships, providers, setting_changes, settings

_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class SettingPage:
    """Everything the setting's page shows."""

    setting: _Row
    provider: _Row | None
    owners: tuple[_Row, ...]
    changes: tuple[_Row, ...]
    inspections: tuple[InspectionLine, ...]
    coverage: tuple[CoverageLine, ...]


def setting_page(connection: sa.Connection, reference: str) -> SettingPage:
    """The setting by id or URN; NotFound."""
    named = sa.or_(settings.c.id == reference, settings.c.urn == reference.upper())
    setting = connection.execute(sa.select(settings).where(named)).first()
    if setting is None:
        raise NotFound(f"there is no setting {reference!r} in the registers held here")
    owners = connection.execute(
        sa.select(ownerships.c.first_day, ownerships.c.last_day, providers.c.id, providers.c.name)
        .join(providers, providers.c.id == ownerships.c.provider_id)
        .where(ownerships.c.setting_id == setting.id)
        .order_by(ownerships.c.first_day.desc())
    ).all()
    changed = connection.execute(
        sa.select(setting_changes.c.change, setting_changes.c.day)
        .where(setting_changes.c.setting_id == setting.id)
        .order_by(setting_changes.c.day.desc())
    ).all()
    provider = connection.execute(sa.select(providers).where(providers.c.id == setting.provider_id)).first()
    return SettingPage(
        setting=setting,
        provider=provider,
        owners=tuple(owners),
        changes=tuple(changed),
        inspections=tuple(inspection_lines(connection, inspections.c.setting_id == setting.id)),
        coverage=tuple(coverage(connection, links.c.setting_id == setting.id)),
    )


def setting_years(connection: sa.Connection, setting: _Row, *, today: dt.date) -> Timeline:
    """Registration, owners, inspections, enforcement and the press, up to ``today``."""
    ids = [setting.id]
    lanes = [
        Lane(title="Owner", spans=history.owner_spans(connection, ids).get(setting.id, ())),
        Lane(title="Inspections", marks=history.inspection_marks(connection, ids).get(setting.id, ())),
        *history.enforcement(connection, ids).values(),
        Lane(title="Press", marks=history.by_month(history.story_marks(connection, ids))),
    ]
    if setting.registered:
        told = "Registered"
        span = Span(first=setting.registered, last=setting.closed, told=told, tone="registered")
        lanes.insert(0, Lane(title=told, spans=[span]))
    return timeline(lanes, today=today)
