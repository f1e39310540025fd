"""What one or several providers hold: settings on a day, owners that came and went, inspections, coverage."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import sqlalchemy as sa

from archive.figures import Figure
from archive.reading import history
from archive.reading.homes import judged, latest_judgements
from archive.reading.listed import CoverageLine, InspectionLine, coverage, inspection_lines
from archive.reading.mix import mixed, years_figure
from archive.timeline import Lane, Mark, Span, Timeline, timeline
from storage import ownerships as owned
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import ownerships, providers, settings

_Row = sa.Row[*tuple[Any, ...]]
_LANES: Final = 15
"""Settings drawn: more lanes than these are no longer a picture. The lists below hold them all."""
_LISTED: Final = 50
"""Inspections and stories listed; the rest is in the search and on the settings' own pages."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A setting that came to the providers, or left them, by the register of a day."""

    day: dt.date
    came: bool
    setting: _Row
    other: _Row | None  # whose it was before, or became


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """Everything held; ``setting_ids`` are those of the day asked for, by authority and URN."""

    setting_ids: tuple[str, ...]
    places: int
    judgements: Mapping[str, int]
    changes: tuple[Change, ...]
    chart: Timeline
    drawn: int
    mix: Figure
    inspections: tuple[InspectionLine, ...]
    coverage: tuple[CoverageLine, ...]


def holdings(
    connection: sa.Connection, ids: Sequence[str], name: str, *, today: dt.date, as_of: dt.date | None
) -> Holdings:
    """What these providers hold, on ``as_of`` where it is given, else by the newest register."""
    rows = _held_on(connection, ids, as_of) if as_of else _held_now(connection, ids)
    kept = [row.id for row in rows]
    latest = latest_judgements(connection, kept)
    inspected = _inspected(connection, ids)
    told = _told(connection, ids)
    lanes, drawn = _lanes(connection, ids, rows, latest)
    lanes.insert(0, Lane(title="Press", marks=_press(told)))
    return Holdings(
        setting_ids=tuple(kept),
        places=sum(row.places or 0 for row in rows),
        judgements=judged(latest),
        changes=tuple(_changes(connection, ids)),
        chart=timeline(lanes, today=today),
        drawn=drawn,
        mix=years_figure(mixed((one.kind, one.first_day, one.overall) for one in inspected), name),
        inspections=tuple(inspection_lines(connection, inspections.c.id.in_(_newest(inspected)))),
        coverage=tuple(coverage(connection, links.c.id.in_([row.id for row in told[:_LISTED]]))),
    )


def inspected_by(ids: Sequence[str]) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Inspections they owned the setting of; today's owner stands in where the day's is not known.

    A union, each part of which goes by an index: one condition with OR reads the whole table.
    """
    of_settings = sa.select(inspections.c.id).join(settings, settings.c.id == inspections.c.setting_id)
    return sa.union(
        sa.select(inspections.c.id).where(inspections.c.provider_id.in_(ids)),
        of_settings.where(_nobodys(inspections.c.provider_id), settings.c.provider_id.in_(ids)),
    )


def _inspected(connection: sa.Connection, ids: Sequence[str]) -> Sequence[_Row]:
    """Those inspections, read once: of a big provider they are thousands, and several parts use them."""
    read = (inspections.c.id, inspections.c.kind, inspections.c.first_day, inspections.c.overall)
    return connection.execute(sa.select(*read).where(inspections.c.id.in_(inspected_by(ids)))).all()


def _newest(inspected: Sequence[_Row]) -> list[str]:
    """The ids of those that are listed, of one day by id, as ``inspection_lines`` orders them."""
    by_id = sorted(inspected, key=lambda one: one.id)
    by_day = sorted(by_id, key=lambda one: one.first_day or dt.date.min, reverse=True)
    return [one.id for one in by_day[:_LISTED]]


def _nobodys(owner: sa.Column[str]) -> sa.ColumnElement[bool]:
    """``owner is null`` in words that no index answers: half of all records have none, so it is no way in."""
    return sa.func.coalesce(owner, "") == ""


def _told(connection: sa.Connection, ids: Sequence[str]) -> list[_Row]:
    """Asserted links that name the providers, or an inspection or a setting that was theirs, newest first.

    As rows (link, article, published); restricted articles are not there.
    """
    asserted = (links.c.status == "linked") & links.c.rank.is_(None)
    unnamed = asserted & _nobodys(links.c.provider_id)
    one = sa.select(links.c.id, links.c.article_id)
    of_settings = one.join(settings, settings.c.id == links.c.setting_id)
    found = sa.union(
        one.where(links.c.provider_id.in_(ids), asserted),
        one.where(unnamed, links.c.inspection_id.in_(inspected_by(ids))),
        of_settings.where(unnamed, links.c.inspection_id.is_(None), settings.c.provider_id.in_(ids)),
    ).subquery()
    query = (
        sa.select(found.c.id, found.c.article_id, articles.c.published)
        .join(articles, articles.c.id == found.c.article_id)
        .where(articles.c.restriction.is_(None))
    )
    rows = connection.execute(query).all()
    return sorted(rows, key=lambda row: (row.published or "", row.article_id), reverse=True)


def _held_now(connection: sa.Connection, ids: Sequence[str]) -> Sequence[_Row]:
    query = sa.select(settings).where(settings.c.provider_id.in_(ids))
    return connection.execute(query.order_by(settings.c.local_authority.nulls_first(), settings.c.urn)).all()


def _held_on(connection: sa.Connection, ids: Sequence[str], day: dt.date) -> Sequence[_Row]:
    """Those whose owner of that day is one of them, which were registered by then and not yet closed."""
    ever = sa.union(
        sa.select(ownerships.c.setting_id).where(ownerships.c.provider_id.in_(ids)),
        sa.select(settings.c.id).where(settings.c.provider_id.in_(ids)),
    )
    query = sa.select(settings).where(
        settings.c.id.in_(ever),
        sa.or_(settings.c.registered.is_(None), settings.c.registered <= day),
        sa.or_(settings.c.closed.is_(None), settings.c.closed > day),
    )
    rows = connection.execute(query.order_by(settings.c.local_authority.nulls_first(), settings.c.urn)).all()
    owners = owned.of_settings(connection, [row.id for row in rows])
    return [row for row in rows if _owner(owners.get(row.id, []), day, row.provider_id) in ids]


def _owner(known: Sequence[owned.Ownership], day: dt.date, newest: str | None) -> str | None:
    return owned.owner_on(known, day) or newest


def _changes(connection: sa.Connection, ids: Sequence[str]) -> list[Change]:
    """Settings that changed hands to or from them, newest first; the first owner known is no change."""
    ever = sa.select(ownerships.c.setting_id).where(ownerships.c.provider_id.in_(ids))
    moved = (
        sa.select(ownerships.c.setting_id)
        .where(ownerships.c.setting_id.in_(ever))
        .group_by(ownerships.c.setting_id)
        .having(sa.func.count() > 1)
    )
    moved_ids = list(connection.scalars(moved))
    history_of = owned.of_settings(connection, moved_ids)
    wanted = {one.provider_id for held in history_of.values() for one in held}
    names = {
        row.id: row for row in connection.execute(sa.select(providers).where(providers.c.id.in_(wanted)))
    }
    homes = {
        row.id: row for row in connection.execute(sa.select(settings).where(settings.c.id.in_(moved_ids)))
    }
    found = []
    for setting, held in history_of.items():
        for before, after in pairwise(held):
            left, came = before.provider_id in ids, after.provider_id in ids
            if left != came:
                other = names.get((before if came else after).provider_id)
                found.append(Change(day=after.first_day, came=came, setting=homes[setting], other=other))
    return sorted(found, key=lambda one: (one.day, one.setting.urn), reverse=True)


def _lanes(
    connection: sa.Connection,
    ids: Sequence[str],
    rows: Sequence[_Row],
    latest: Mapping[str, tuple[dt.date, str]],
) -> tuple[list[Lane], int]:
    """The settings inspected last, each with its time under these providers."""
    newest = sorted(rows, key=lambda row: (latest.get(row.id, (dt.date.min,))[0], row.urn), reverse=True)
    chosen = [row.id for row in newest[:_LANES]]
    marks = history.inspection_marks(connection, chosen)
    owners = owned.of_settings(connection, chosen)
    steps = history.enforcement(connection, chosen)
    lanes = []
    for row in newest[:_LANES]:
        spans = [
            Span(first=one.first_day, last=one.last_day, told="under this provider")
            for one in owners.get(row.id, [])
            if one.provider_id in ids
        ]
        step = steps.get(row.id, Lane(title=""))
        lanes.append(
            Lane(
                title=f"{row.urn}, {row.local_authority or 'authority unknown'}",
                spans=[*spans, *step.spans],
                marks=[*step.marks, *marks.get(row.id, [])],
                link=f"/settings/{row.id}",
            )
        )
    return lanes, len(chosen)


def _press(told: Sequence[_Row]) -> list[Mark]:
    """Stories month by month; those dated by the year alone stand in its first month."""
    stories = {row.article_id: row.published[:7] for row in told if row.published}
    return [
        Mark(
            day=dt.date(int(when[:4]), int(when[5:7] or 1), 1),
            kind="Press",
            told=f"{count} {'story' if count == 1 else 'stories'} in the month",
            shape="bar",
            tone="press",
        )
        for when, count in sorted(Counter(stories.values()).items())
    ]
