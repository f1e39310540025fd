"""Providers merged and split by hand: spellings go from one to another, and all that hangs on them follows.

Which provider a spelling belongs to is kept with the spelling, so a register that is imported again, or a
newer one, finds it where people put it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from storage import assertions, changes, inspections, providers, settings
from storage.batches import batches, select_where_in
from storage.errors import NotFound, StorageError
from storage.ids import opaque_id
from storage.names import organisation_key, owners_in
from storage.schema.inspections import inspections as inspections_table
from storage.schema.naming import provider_decisions
from storage.schema.registers import ownerships, provider_names, register_rows
from storage.schema.registers import providers as providers_table
from storage.schema.registers import settings as settings_table

By = tuple[str, dt.datetime, str | None]
"""Who decides, when, and why."""


def merge(connection: sa.Connection, kept: str, other: str, by: By) -> int:
    """Give every spelling of ``other`` to ``kept``; the decision's number."""
    if kept == other:
        raise StorageError("these names are one provider already")
    names = _names(connection, other)
    _move(connection, names, (other, kept), by[1])
    connection.execute(
        sa.update(providers_table).where(providers_table.c.id == other).values(merged_into=kept)
    )
    changes.note(connection, "provider", [other], by[1], "erased")
    return _decide(
        connection, {"decision": "merge", "provider_id": kept, "other_id": other, "names": names}, by
    )


def split(connection: sa.Connection, provider: str, spellings: Sequence[str], by: By) -> int:
    """Make a provider of its own of some of a provider's spellings; the decision's number."""
    held = _names(connection, provider)
    for name in spellings:
        if name not in held:
            raise NotFound(f"{name!r} is no spelling of it; it has: {'; '.join(held)}")
    if set(spellings) == set(held):
        raise StorageError("these are all its spellings; leave it at least one")
    names = sorted(set(spellings))
    other = opaque_id("provider", "by hand", *names)
    if not connection.execute(sa.select(providers_table.c.id).where(providers_table.c.id == other)).first():
        row = {"id": other, "name": names[0], "name_key": organisation_key(names[0]) or names[0].casefold()}
        connection.execute(sa.insert(providers_table).values(**row))
    _revive(connection, other)
    _move(connection, names, (provider, other), by[1])
    told = {"decision": "split", "provider_id": provider, "other_id": other, "names": names}
    return _decide(connection, told, by)


def undo(connection: sa.Connection, seq: int, by: By) -> None:
    """Give the spellings back."""
    row = next((one for one in decisions(connection) if one["seq"] == seq), None)
    if row is None or row["decision"] == "undo":
        raise NotFound(f"there is no decision {seq} on providers; `onrecord provider decisions` lists them")
    if row["undone"]:
        raise StorageError(f"decision {seq} was undone before")
    kept, other, names = row["provider_id"], row["other_id"], row["names"]
    if row["decision"] == "merge":
        _revive(connection, other)
        _move(connection, names, (kept, other), by[1])
    else:
        _move(connection, names, (other, kept), by[1])
        connection.execute(
            sa.update(providers_table).where(providers_table.c.id == other).values(merged_into=kept)
        )
    told = {"decision": "undo", "provider_id": kept, "other_id": other, "names": names, "undoes": seq}
    _decide(connection, told, by)


def decisions(connection: sa.Connection) -> list[dict[str, Any]]:
    """What people decided, oldest first, each with whether it was ``undone``."""
    query = sa.select(provider_decisions).order_by(provider_decisions.c.seq)
    rows = connection.execute(query).mappings().all()
    undone = {row["undoes"] for row in rows if row["undoes"]}
    return [dict(row) | {"undone": row["seq"] in undone} for row in rows]


def _decide(connection: sa.Connection, told: Mapping[str, Any], by: By) -> int:
    who, at, reason = by
    row = {**told, "who": who, "at": at, "reason": reason}
    made = connection.execute(sa.insert(provider_decisions).values(**row))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def _names(connection: sa.Connection, provider: str) -> list[str]:
    query = sa.select(provider_names.c.name).where(provider_names.c.provider_id == provider).distinct()
    return sorted(connection.execute(query).scalars())


def _revive(connection: sa.Connection, provider: str) -> None:
    own = providers_table.c.id == provider
    connection.execute(sa.update(providers_table).where(own).values(merged_into=None))


def _move(connection: sa.Connection, names: Iterable[str], way: tuple[str, str], at: dt.datetime) -> None:
    """Give the spellings over, and make anew whatever was owned by either of the two."""
    source, target = way
    for batch in batches(names):
        connection.execute(
            sa.update(provider_names)
            .where(provider_names.c.provider_id == source, provider_names.c.name.in_(batch))
            .values(provider_id=target)
        )
    _rows_anew(connection, way)
    touched = _settings_of(connection, way)
    inspected = [
        row["id"]
        for row in select_where_in(
            connection, sa.select(inspections_table.c.id), inspections_table.c.provider_id, way
        )
    ]
    moved = settings.derive(connection, touched, at)
    inspections.refresh_owners(connection, moved, at)
    inspections.refresh(connection, inspected, at)
    providers.refresh(connection, way, at)
    changes.note(connection, "provider", way, at)
    assertions.follow_owners(connection, way, at)


def _rows_anew(connection: sa.Connection, way: tuple[str, str]) -> None:
    """The provider of each register row by its owner's spelling, as it now belongs."""
    query = sa.select(register_rows.c.owner).where(register_rows.c.provider_id.in_(way)).distinct()
    for owner in connection.execute(query).scalars().all():
        first = next(iter(owners_in(owner or "")), "")
        named = sa.select(provider_names.c.provider_id).where(provider_names.c.name == first)
        found = connection.execute(named).scalar()
        same = sa.and_(register_rows.c.owner == owner, register_rows.c.provider_id.in_(way))
        connection.execute(sa.update(register_rows).where(same).values(provider_id=found))


def _settings_of(connection: sa.Connection, way: tuple[str, str]) -> list[str]:
    found = [
        connection.execute(sa.select(column).where(owner.in_(way))).scalars().all()
        for column, owner in (
            (settings_table.c.id, settings_table.c.provider_id),
            (ownerships.c.setting_id, ownerships.c.provider_id),
            (register_rows.c.setting_id, register_rows.c.provider_id),
        )
    ]
    return sorted({id_ for ids in found for id_ in ids})
