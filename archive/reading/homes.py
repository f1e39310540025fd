"""Settings in a list, each with the judgement of its latest full inspection."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storage.batches import batches, select_where_in
from storage.schema.inspections import inspections
from storage.schema.registers import providers, settings
from storage.vocabulary import GRADES


@dataclass(frozen=True, kw_only=True)
class HomeLine:
    """A setting in a list."""

    id: str
    regulator: str
    urn: str
    kind: str
    name: str | None
    name_withheld: bool
    local_authority: str | None
    places: int | None
    status: str | None
    closed: dt.date | None
    provider_id: str | None
    provider: str | None
    latest: str | None
    latest_day: dt.date | None


def home_lines(connection: sa.Connection, ids: Sequence[str]) -> list[HomeLine]:
    """These settings in the order given."""
    columns = (*("id", "regulator", "urn", "kind", "name", "name_withheld", "local_authority", "places"),)
    query = sa.select(
        *(settings.c[name] for name in (*columns, "status", "closed", "provider_id")),
        providers.c.name.label("provider"),
    ).outerjoin(providers, providers.c.id == settings.c.provider_id)
    rows = {row["id"]: row for row in select_where_in(connection, query, settings.c.id, ids)}
    latest = latest_judgements(connection, ids)
    return [
        HomeLine(
            **rows[id_],
            latest=latest.get(id_, (None, None))[1],
            latest_day=latest.get(id_, (None, None))[0],
        )
        for id_ in ids
        if id_ in rows
    ]


def latest_judgements(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[dt.date, str]]:
    """Day and overall judgement of each setting's latest graded full inspection."""
    # The grades are sorted out here: as a condition they draw the planner to the index of judgements.
    query = sa.select(inspections.c.setting_id, inspections.c.first_day, inspections.c.overall).where(
        inspections.c.kind == "full", inspections.c.first_day.is_not(None)
    )
    found: dict[str, tuple[dt.date, str]] = {}
    for some in batches(ids):
        for setting, day, overall in connection.execute(query.where(inspections.c.setting_id.in_(some))):
            if overall in GRADES and (setting not in found or found[setting][0] < day):
                found[setting] = (day, overall)
    return found


def latest_overall() -> sa.ScalarSelect[str]:
    """The same judgement inside a query over settings."""
    return (
        sa.select(inspections.c.overall)
        .where(
            inspections.c.setting_id == settings.c.id,
            inspections.c.kind == "full",
            inspections.c.overall.in_(GRADES),
        )
        .order_by(inspections.c.first_day.desc().nulls_last())
        .limit(1)
        .correlate(settings)
        .scalar_subquery()
    )


def judged(latest: dict[str, tuple[dt.date, str]]) -> dict[str, int]:
    """How many settings stand at each judgement, the best first."""
    counts = {grade: sum(1 for _, held in latest.values() if held == grade) for grade in GRADES}
    return {grade: count for grade, count in counts.items() if count}
