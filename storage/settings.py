"""Settings: one row each, made anew from all that registers, tables and lists of changes said of it.

What is derived depends on what was said and of which day, never on the order of the imports. A setting
that a newer register of its kind lacks has closed or left it; its row stays.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from storage import changes, ownerships
from storage.batches import select_where_in, update_rows
from storage.ids import opaque_id
from storage.names import owners_in
from storage.ownerships import OwnedOn, Ownership, intervals
from storage.schema.registers import (
    imports,
    provider_names,
    register_rows,
    setting_changes,
    settings,
    snapshots,
)
from storage.vocabulary import WITHHELD_KINDS

LEFT = "No longer in the register"
_ENDINGS = {"closed": "Closed", "resigned": "Resigned", "cancelled": "Cancelled"}
_WEIGHT = {"register": 2, "inspections": 1, "changes": 0}
"""Of sources of one day the one that says most of a setting stands first."""
_LASTING = ("local_authority", "region", "constituency", "places", "sector", "registered", "owner")

Row = Mapping[str, Any]


@lru_cache(maxsize=65536)
def setting_id(regulator: str, urn: str) -> str:
    """The id of the setting that the regulator numbers ``urn``."""
    return opaque_id("setting", regulator, urn)


def ensure(
    connection: sa.Connection, regulator: str, kinds: Mapping[str, str | None], at: dt.datetime
) -> None:
    """Make the settings (number → kind) that the archive does not know; give a kind where none was known."""
    ids = {setting_id(regulator, urn): urn for urn in kinds}
    stored = {row["id"]: row for row in select_where_in(connection, sa.select(settings), settings.c.id, ids)}
    fresh = [_bare(id_, regulator, urn, kinds[urn]) for id_, urn in ids.items() if id_ not in stored]
    if fresh:
        connection.execute(sa.insert(settings), fresh)
    better = [
        {"id": id_, "kind": kinds[urn], "name_withheld": kinds[urn] in WITHHELD_KINDS}
        for id_, urn in ids.items()
        if id_ in stored and stored[id_]["kind"] == "other" and kinds[urn] not in {None, "other"}
    ]
    update_rows(connection, settings, better)
    changes.note(connection, "setting", [row["id"] for row in fresh + better], at)


def _bare(id_: str, regulator: str, urn: str, kind: str | None) -> dict[str, Any]:
    withheld = kind in WITHHELD_KINDS
    return {"id": id_, "regulator": regulator, "urn": urn, "kind": kind or "other", "name_withheld": withheld}


@dataclass(frozen=True, kw_only=True)
class Covered:
    """A whole register: its day, and the kinds of setting that it lists."""

    as_of: dt.date
    kinds: frozenset[str]


def derive(connection: sa.Connection, setting_ids: Iterable[str], at: dt.datetime) -> set[str]:
    """Make the current rows and the ownerships of these settings anew; those whose owners changed."""
    wanted = list(dict.fromkeys(setting_ids))
    said, ended = _sightings(connection, wanted), _endings(connection, wanted)
    covered, owners = _covered(connection), _owners(connection)
    stored = {
        row["id"]: row for row in select_where_in(connection, sa.select(settings), settings.c.id, wanted)
    }
    changed, owned = [], {}
    for id_ in wanted:
        if id_ not in said:  # what a report alone told of a setting stays
            continue
        whole = covered.get(stored[id_]["regulator"], [])
        known = _Known(said=said[id_], changed=ended.get(id_, []), covered=whole)
        fresh = known.row(stored[id_])
        owned[id_] = known.owned(owners, _last_day(fresh))
        fresh["provider_id"] = owners.get(next(iter(owners_in(known.lasting("owner") or "")), ""))
        if any(stored[id_][field] != value for field, value in fresh.items()):
            changed.append(fresh)
    update_rows(connection, settings, changed)
    changes.note(connection, "setting", [row["id"] for row in changed], at)
    return ownerships.replace(connection, owned)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """All that was said of one setting, newest first: in registers and tables, in lists of changes."""

    said: Sequence[Row]
    changed: Sequence[Row]
    covered: Sequence[Covered]

    def row(self, stored: Row) -> dict[str, Any]:
        kind = next((row["kind"] for row in self.said if row["kind"] != "other"), stored["kind"])
        named = [row for row in self.said if row["source"] == "register" or row["kind"] != "other"]
        name = next((row["name"] for row in named), None)
        withheld = kind in WITHHELD_KINDS or (bool(named) and name is None)
        days = [row["as_of"] for row in [*self.said, *self.changed]]
        status, since, closed = self._status(kind)
        lasting = {field: self.lasting(field) for field in _LASTING if field not in {"owner", "registered"}}
        return {
            "id": stored["id"],
            "kind": kind,
            "name": None if withheld else name,
            "name_withheld": withheld,
            **lasting,
            "registered": self.lasting("registered") or self._day_of("registered"),
            "closed": closed,
            "status": status,
            "status_since": since,
            "first_seen": min(days, default=None),
            "last_seen": max(days, default=None),
        }

    def lasting(self, field: str) -> Any:
        """The newest value given; a source that leaves a field out does not unsay it."""
        return next((row[field] for row in self.said if row[field] is not None), None)

    def owned(self, owners: Mapping[str, str], ended: dt.date | None) -> list[Ownership]:
        statements = [
            OwnedOn(day=row["as_of"], providers=found, import_id=row["import_id"])
            for row in _one_a_day([row for row in self.said if row["owner"]])
            if (found := tuple(owners[n] for n in owners_in(row["owner"] or "") if n in owners))
        ]
        return intervals(statements, ended)

    def _status(self, kind: str) -> tuple[str | None, dt.date | None, dt.date | None]:
        """Status, since when, and the day it closed, if it did."""
        last = max((row["as_of"] for row in self.said), default=None)
        for row in self.changed:
            active_since = last and last > row["as_of"] and self.said[0]["status"] == "Active"
            if row["change"] in _ENDINGS and not active_since:
                return _ENDINGS[row["change"]], row["day"], row["day"]
        missing = [
            whole.as_of for whole in self.covered if last and whole.as_of > last and kind in whole.kinds
        ]
        if missing:
            return LEFT, min(missing), None
        status = self.lasting("status")
        run = [row["as_of"] for row in self.said if row["status"] is not None]
        for count, row in enumerate(row for row in self.said if row["status"] is not None):
            if row["status"] != status:
                run = run[:count]
                break
        return status, min(run, default=None), None

    def _day_of(self, change: str) -> dt.date | None:
        return min((row["day"] for row in self.changed if row["change"] == change), default=None)


def _last_day(row: Row) -> dt.date | None:
    gone = row["status"] == LEFT or row["status"] in _ENDINGS.values()
    return row["closed"] or (row["status_since"] if gone else None)


def _one_a_day(said: Sequence[Row]) -> list[Row]:
    """Of several sources of one day the first: newest first, so the register before a table."""
    return list({row["as_of"]: row for row in reversed(said)}.values())


def _sightings(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Rows of each setting, newest first; of one day the register first, then what was learned last."""
    query = sa.select(
        register_rows,
        snapshots.c.as_of,
        snapshots.c.import_id,
        imports.c.learned_at,
        imports.c.kind.label("source"),
    ).select_from(register_rows.join(snapshots).join(imports))
    found: dict[str, list[Row]] = defaultdict(list)
    for row in select_where_in(connection, query, register_rows.c.setting_id, ids):
        found[row["setting_id"]].append(row)
    for rows in found.values():
        rows.sort(
            key=lambda r: (r["as_of"], _WEIGHT[r["source"]], r["learned_at"], r["import_id"]), reverse=True
        )
    return found


def _endings(connection: sa.Connection, ids: Sequence[str]) -> dict[str, list[Row]]:
    """Openings and closings of each setting, newest first, with the day of the list that gave them."""
    query = sa.select(setting_changes, imports.c.as_of).select_from(setting_changes.join(imports))
    found: dict[str, list[Row]] = defaultdict(list)
    for row in select_where_in(connection, query, setting_changes.c.setting_id, ids):
        found[row["setting_id"]].append({**row, "as_of": row["as_of"] or row["day"]})
    for rows in found.values():
        rows.sort(key=lambda row: (row["day"], row["change"]), reverse=True)
    return found


def _covered(connection: sa.Connection) -> dict[str, list[Covered]]:
    """The whole registers of each regulator, oldest first."""
    query = (
        sa.select(snapshots.c.regulator, snapshots.c.as_of, register_rows.c.kind)
        .join(register_rows)
        .where(snapshots.c.complete)
        .distinct()
        .order_by(snapshots.c.as_of)
    )
    kinds: dict[tuple[str, dt.date], set[str]] = defaultdict(set)
    for regulator, as_of, kind in connection.execute(query):
        kinds[regulator, as_of].add(kind)
    covered: dict[str, list[Covered]] = defaultdict(list)
    for (regulator, as_of), listed in kinds.items():
        covered[regulator].append(Covered(as_of=as_of, kinds=frozenset(listed)))
    return covered


def _owners(connection: sa.Connection) -> dict[str, str]:
    query = sa.select(provider_names.c.name, provider_names.c.provider_id)
    return {row.name: row.provider_id for row in connection.execute(query)}
