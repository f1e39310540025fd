"""What happened to settings over the years, as lanes: owners, inspections, enforcement, press."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from archive.timeline import Lane, Mark, Span, inspected
from storage.batches import select_where_in
from storage.dates import PartialDate
from storage.schema.inspections import inspections, reports, requirements
from storage.schema.links import links
from storage.schema.press import article_versions, articles
from storage.schema.registers import (
    ownerships,
    providers,
    register_rows,
    setting_changes,
    snapshots,
)

_Row = Mapping[str, Any]
_QUIET = (None, "", "none", "None")


def inspection_marks(connection: sa.Connection, ids: Collection[str]) -> dict[str, list[Mark]]:
    """The inspections of each of these settings."""
    query = sa.select(
        inspections.c.id,
        inspections.c.setting_id,
        inspections.c.kind,
        inspections.c.overall,
        inspections.c.first_day,
        inspections.c.last_day,
    )
    found = defaultdict(list)
    for row in select_where_in(connection, query, inspections.c.setting_id, ids):
        if day := row["first_day"] or row["last_day"]:
            link = f"/inspections/{quote(row['id'], safe='')}"
            found[row["setting_id"]].append(inspected(row["kind"], row["overall"], day, link=link))
    return found


def owner_spans(connection: sa.Connection, ids: Collection[str]) -> dict[str, list[Span]]:
    """Who owned each of these settings from when to when."""
    query = sa.select(
        ownerships.c.setting_id,
        ownerships.c.provider_id,
        ownerships.c.first_day,
        ownerships.c.last_day,
        providers.c.name,
    ).join(providers, providers.c.id == ownerships.c.provider_id)
    found: dict[str, list[Span]] = defaultdict(list)
    rows = select_where_in(connection, query, ownerships.c.setting_id, ids)
    for row in sorted(rows, key=lambda one: (one["setting_id"], one["first_day"])):
        held = found[row["setting_id"]]
        tone = "other" if held and held[-1].tone == "owner" else "owner"  # neighbours are told apart
        link = f"/providers/{quote(row['provider_id'], safe='')}"
        held.append(
            Span(first=row["first_day"], last=row["last_day"], told=row["name"], tone=tone, link=link)
        )
    return found


def enforcement(connection: sa.Connection, ids: Collection[str]) -> dict[str, Lane]:
    """Notices, suspensions, closures and what reports tell of steps taken, a lane a setting."""
    marks = defaultdict(list)
    for setting, mark in (*_notices(connection, ids), *_told(connection, ids), *_changes(connection, ids)):
        marks[setting].append(mark)
    spans = _suspensions(connection, ids)
    return {
        setting: Lane(title="Enforcement and changes", spans=spans.get(setting, ()), marks=marks[setting])
        for setting in {*marks, *spans}
    }


def story_marks(connection: sa.Connection, ids: Collection[str]) -> list[Mark]:
    """The stories linked to these settings, one mark each; restricted ones are not there."""
    query = (
        sa.select(links.c.article_id, articles.c.published, articles.c.outlet, article_versions.c.title)
        .join(articles, articles.c.id == links.c.article_id)
        .join(
            article_versions,
            (article_versions.c.article_id == articles.c.id)
            & (article_versions.c.number == articles.c.latest_version),
        )
        .where(links.c.status == "linked", links.c.rank.is_(None), articles.c.restriction.is_(None))
    )
    found = {}
    for row in select_where_in(connection, query, links.c.setting_id, ids):
        if row["published"]:
            told = f"{row['title'] or 'Untitled'} ({row['outlet'] or 'unknown outlet'})"
            found[row["article_id"]] = _story(
                PartialDate.parse(row["published"]).span.first, told, row["article_id"]
            )
    return list(found.values())


def by_month(marks: Sequence[Mark]) -> list[Mark]:
    """The same stories, those of one month as one mark."""
    made = []
    ordered = sorted(marks, key=lambda one: one.day)
    for _, of_month in groupby(ordered, key=lambda one: (one.day.year, one.day.month)):
        first, *more = of_month
        told = first.told if not more else f"{len(more) + 1} stories in {first.day:%B %Y}"
        link = None if more else first.link
        made.append(Mark(day=first.day, kind="Press", told=told, shape="bar", tone="press", link=link))
    return made


def _story(day: dt.date, told: str, article: str) -> Mark:
    link = f"/articles/{quote(article, safe='')}"
    return Mark(day=day, kind="Press", told=told, shape="bar", tone="press", link=link)


def _alarm(day: dt.date, kind: str, told: str, link: str | None = None) -> Mark:
    return Mark(day=day, kind=kind, told=told, shape="bar", tone="alarm", link=link)


def _notices(connection: sa.Connection, ids: Collection[str]) -> Iterator[tuple[str, Mark]]:
    query = (
        sa.select(reports.c.setting_id, reports.c.inspection_id, reports.c.last_day, requirements.c.title)
        .join(requirements, requirements.c.report_id == reports.c.id)
        .where(
            requirements.c.compliance_notice, reports.c.last_day.is_not(None), reports.c.restriction.is_(None)
        )
    )
    for row in select_where_in(connection, query, reports.c.setting_id, ids):
        link = row["inspection_id"] and f"/inspections/{quote(row['inspection_id'], safe='')}#report"
        yield (
            row["setting_id"],
            _alarm(row["last_day"], "Compliance notice", row["title"] or "notice", link),
        )


def _told(connection: sa.Connection, ids: Collection[str]) -> Iterator[tuple[str, Mark]]:
    step = reports.c.facts["enforcement_since_last"].as_string()
    query = sa.select(
        reports.c.setting_id, reports.c.inspection_id, reports.c.first_day, step.label("step")
    ).where(reports.c.first_day.is_not(None), reports.c.restriction.is_(None))
    for row in select_where_in(connection, query, reports.c.setting_id, ids):
        if row["step"] not in _QUIET:
            link = row["inspection_id"] and f"/inspections/{quote(row['inspection_id'], safe='')}#report"
            yield (
                row["setting_id"],
                _alarm(row["first_day"], "Enforcement since the inspection before", row["step"], link),
            )


def _changes(connection: sa.Connection, ids: Collection[str]) -> Iterator[tuple[str, Mark]]:
    query = sa.select(setting_changes.c.setting_id, setting_changes.c.change, setting_changes.c.day)
    for row in select_where_in(connection, query, setting_changes.c.setting_id, ids):
        told = row["change"]
        tone = "neutral" if told == "registered" else "alarm"
        mark = Mark(day=row["day"], kind="Register", told=told, shape="bar", tone=tone)
        yield row["setting_id"], mark


def _suspensions(connection: sa.Connection, ids: Collection[str]) -> dict[str, list[Span]]:
    """From the first register that calls it suspended to the next that does not."""
    query = sa.select(register_rows.c.setting_id, register_rows.c.status, snapshots.c.as_of).join(
        snapshots, snapshots.c.id == register_rows.c.snapshot_id
    )
    rows = select_where_in(connection, query, register_rows.c.setting_id, ids)
    ordered = sorted(rows, key=lambda one: (one["setting_id"], one["as_of"]))
    found: dict[str, list[Span]] = {}
    for setting, of_it in groupby(ordered, key=lambda one: one["setting_id"]):
        spans = list(
            _stretches([(row["as_of"], "suspend" in (row["status"] or "").lower()) for row in of_it])
        )
        if spans:
            found[setting] = spans
    return found


def _stretches(said: Sequence[tuple[dt.date, bool]]) -> Iterator[Span]:
    since: dt.date | None = None
    for day, suspended in said:
        if suspended and since is None:
            since = day
        elif not suspended and since is not None:
            yield Span(first=since, last=day, told="Suspended, as registers say", tone="alarm")
            since = None
    if since is not None:
        yield Span(first=since, last=None, told="Suspended, as registers say", tone="alarm")
