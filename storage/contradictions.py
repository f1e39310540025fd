"""Where a report and the registers of its time say different things of a home."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from storage.names import organisation_key, owners_in
from storage.schema.inspections import reports
from storage.schema.registers import register_rows, snapshots

Contradiction = dict[str, Any]
"""``{field, values: {origin: value}}``, as on an inspection."""


def of_report(connection: sa.Connection, report_id: str) -> list[Contradiction]:
    """Capacity and provider of the report that neither the register before it nor the next one has.

    A home may change hands or size between two registers, so that one that agrees is enough.
    """
    query = sa.select(
        reports.c.setting_id, reports.c.last_day, reports.c.capacity, reports.c.provider_name
    ).where(reports.c.id == report_id)
    report = connection.execute(query).mappings().first()
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
    return found


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


def _told(field: str, report: Any, register: Any) -> Contradiction:
    return {"field": field, "values": {"report": report, "register": register}}
