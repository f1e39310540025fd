"""What registers said on their days: whole snapshots, and the partial ones that tables of inspections give.

Every row is kept as it was said; the current settings and their owners are derived from all of them.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import inspections, providers, settings
from storage.batches import select_where_in
from storage.ids import opaque_id
from storage.names import owners_in
from storage.records import RegisterRow, SettingChange
from storage.schema.registers import imports, ownerships, register_rows, setting_changes, snapshots
from storage.schema.registers import settings as settings_table
from storage.settings import setting_id
from storage.vocabulary import WITHHELD_KINDS

FIELDS = (
    "kind",
    "name",
    "status",
    "local_authority",
    "region",
    "constituency",
    "places",
    "sector",
    "owner",
    "registered",
)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What one file says of settings on a day; ``complete``: whatever it lacks is not in the register."""

    regulator: str
    as_of: dt.date
    import_id: str
    complete: bool = True

    @property
    def id(self) -> str:
        """The same file is the same snapshot."""
        return opaque_id("snapshot", self.regulator, self.as_of, self.import_id)


def save(connection: sa.Connection, snapshot: Snapshot, rows: Sequence[RegisterRow], at: dt.datetime) -> str:
    """Keep a snapshot and derive the settings and owners that it changes; its id."""
    settings.ensure(connection, snapshot.regulator, {row.urn: row.kind for row in rows}, at)
    found = _identify(connection, snapshot, rows, at)
    connection.execute(
        sa.insert(snapshots).values(
            id=snapshot.id,
            regulator=snapshot.regulator,
            as_of=snapshot.as_of,
            import_id=snapshot.import_id,
            complete=snapshot.complete,
        )
    )
    stored = [_stored(snapshot, row, found.ids) for row in rows]
    if stored:
        connection.execute(sa.insert(register_rows), stored)
    touched = [row["setting_id"] for row in stored]
    if snapshot.complete:
        touched += _all_settings(connection, snapshot.regulator)
    touched += _owned_by(connection, found.grown)
    moved = settings.derive(connection, touched, at)
    inspections.refresh_owners(connection, moved, at)
    return snapshot.id


def save_changes(
    connection: sa.Connection,
    snapshot: Snapshot,
    rows: Sequence[RegisterRow],
    listed: Sequence[SettingChange],
    at: dt.datetime,
) -> int:
    """Keep the openings and closings of a list, and what it says of the settings; how many were new."""
    settings.ensure(connection, snapshot.regulator, {row.urn: row.kind for row in rows}, at)
    wanted = {(setting_id(snapshot.regulator, one.urn), one.change, one.day): one for one in listed}
    query = sa.select(setting_changes)
    held = {
        (row["setting_id"], row["change"], row["day"])
        for row in select_where_in(
            connection, query, setting_changes.c.setting_id, [key[0] for key in wanted]
        )
    }
    fresh = [
        {"setting_id": id_, "change": change, "day": day, "import_id": snapshot.import_id}
        for id_, change, day in wanted
        if (id_, change, day) not in held
    ]
    if fresh:
        connection.execute(sa.insert(setting_changes), fresh)
    save(connection, snapshot, rows, at)
    return len(fresh)


def as_of(connection: sa.Connection, regulator: str, day: dt.date) -> dict[str, RegisterRow]:
    """The register as it stood on a day: number → row of the last whole snapshot up to then."""
    latest: dt.date | None = connection.execute(
        sa.select(sa.func.max(snapshots.c.as_of)).where(
            snapshots.c.regulator == regulator, snapshots.c.as_of <= day, snapshots.c.complete
        )
    ).scalar_one()
    return rows_of(connection, regulator, latest) if latest else {}


def rows_of(connection: sa.Connection, regulator: str, day: dt.date) -> dict[str, RegisterRow]:
    """What the whole snapshots of exactly this day say; where two speak of a setting, the last learned."""
    query = (
        sa.select(settings_table.c.urn, *(register_rows.c[name] for name in FIELDS))
        .select_from(
            register_rows.join(snapshots)
            .join(imports)
            .join(settings_table, register_rows.c.setting_id == settings_table.c.id)
        )
        .where(snapshots.c.regulator == regulator, snapshots.c.as_of == day, snapshots.c.complete)
        .order_by(imports.c.learned_at, snapshots.c.import_id)
    )
    return {row["urn"]: RegisterRow(**row) for row in connection.execute(query).mappings()}


def nearest(connection: sa.Connection, regulator: str, day: dt.date) -> dt.date | None:
    """The day of the whole snapshot nearest in time to ``day``; the earlier of two as near."""
    query = sa.select(snapshots.c.as_of).where(snapshots.c.regulator == regulator, snapshots.c.complete)
    days = sorted(set(connection.execute(query).scalars()))
    return min(days, key=lambda held: abs((held - day).days), default=None)


def count_by_kind(rows: Iterable[RegisterRow]) -> Counter[str]:
    """How many settings of each kind."""
    return Counter(row.kind for row in rows)


def _identify(
    connection: sa.Connection, snapshot: Snapshot, rows: Sequence[RegisterRow], at: dt.datetime
) -> providers.Identified:
    sectors: dict[str, Counter[str]] = {}
    for row in rows:
        for owner in owners_in(row.owner or ""):
            sectors.setdefault(owner, Counter())[row.sector or ""] += 1
    seen = [
        providers.Seen(name=owner, first=snapshot.as_of, last=snapshot.as_of, sector=_usual(counted))
        for owner, counted in sectors.items()
    ]
    return providers.identify(connection, seen, origin="register", at=at)


def _usual(counted: Counter[str]) -> str | None:
    return min(counted, key=lambda sector: (-counted[sector], sector)) or None


def _stored(snapshot: Snapshot, row: RegisterRow, owners: Mapping[str, str]) -> dict[str, Any]:
    withheld = {"name": None} if row.kind in WITHHELD_KINDS else {}
    first = next(iter(owners_in(row.owner or "")), "")
    return (
        {"snapshot_id": snapshot.id, "setting_id": setting_id(snapshot.regulator, row.urn)}
        | {name: getattr(row, name) for name in FIELDS}
        | {"provider_id": owners.get(first)}
        | withheld
    )


def _all_settings(connection: sa.Connection, regulator: str) -> list[str]:
    query = sa.select(settings_table.c.id).where(settings_table.c.regulator == regulator)
    return list(connection.execute(query).scalars())


def _owned_by(connection: sa.Connection, provider_ids: Iterable[str]) -> list[str]:
    query = sa.select(ownerships.c.setting_id).where(ownerships.c.provider_id.in_(list(provider_ids)))
    return list(connection.execute(query).scalars())
