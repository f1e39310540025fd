"""Where a report and the registers of its time say different things of a home."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from storage.dates import DaySpan
from storage.names import organisation_key, owners_in
from storage.schema.inspections import inspections, reports
from storage.schema.registers import register_rows, snapshots

_WEEK = 7  # days: nearer than any two inspections of one kind
Contradiction = dict[str, Any]
"""``{field, values: {origin: value}}``, as on an inspection."""


def of_report(connection: sa.Connection, report_id: str) -> list[Contradiction]:
    """Capacity and provider that neither the register before the report nor the next one has; its history.

    A home may change hands or size between two registers, so that one that agrees is enough.
    """
    report = connection.execute(sa.select(reports).where(reports.c.id == report_id)).mappings().first()
    if report is None or report["last_day"] is None:
        return []
    rows = _of_the_time(connection, report["setting_id"], report["last_day"])
    places = [row["places"] for row in rows if row["places"] is not None]
    owners = [row["owner"] for row in rows if row["owner"]]
    keys = {organisation_key(name) for owner in owners for name in (owner, *owners_in(owner))}
    found = []
    if report["capacity"] is not None and places and report["capacity"] not in places:
        found.append(_told("capacity", report["capacity"], places[0]))
    if report["provider_name"] and owners and organisation_key(report["provider_name"]) not in keys:
        found.append(_told("provider_name", report["provider_name"], owners[0]))
    return found + list(_of_history(connection, report["setting_id"], report["facts"].get("history") or []))


def _of_history(
    connection: sa.Connection, setting: str | None, listed: Sequence[Sequence[str | None]]
) -> Iterator[Contradiction]:
    """Earlier inspections that the archive knows of the same week, under another day or judgement."""
    query = sa.select(inspections).where(inspections.c.setting_id == setting)
    known = [dict(row) for row in connection.execute(query).mappings()]
    for written, kind, judgement in listed:
        day = dt.date.fromisoformat(written or "")
        same = [
            one
            for one in known
            if one["kind"] == (kind or "").lower() and one["first_day"] and _apart(one, day) <= _WEEK
        ]
        for one in same[:1] if not any(_apart(one, day) == 0 for one in same) else []:
            yield _told("history", written, one["first_day"].isoformat(), "table")
        for one in same:
            if judgement and one["overall"] and one["overall"].casefold() != judgement.casefold():
                yield _told("history", f"{written} {judgement}", one["overall"], "table")


def _apart(inspection: Mapping[str, Any], day: dt.date) -> int:
    return DaySpan(inspection["first_day"], inspection["last_day"] or inspection["first_day"]).gap(day)


def _of_the_time(connection: sa.Connection, setting: str | None, day: dt.date) -> Sequence[Mapping[str, Any]]:
    """What the last register before that day and the first one after it say of the setting."""
    query = (
        sa.select(snapshots.c.as_of, register_rows.c.places, register_rows.c.owner)
        .join(snapshots, snapshots.c.id == register_rows.c.snapshot_id)
        .where(register_rows.c.setting_id == setting)
        .order_by(snapshots.c.as_of)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [row for row in rows if row["as_of"] <= day][-1:] + [row for row in rows if row["as_of"] > day][:1]


def _told(field: str, report: Any, other: Any, origin: str = "register") -> Contradiction:
    return {"field": field, "values": {"report": report, origin: other}}
