"""Who owned a setting when: intervals made from what each register said, in whatever order they came."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storage.batches import batches, select_where_in
from storage.schema.registers import ownerships


@dataclass(frozen=True, kw_only=True, order=True)
class Ownership:
    """A provider owned a setting from the first source that says so to the first that says otherwise."""

    first_day: dt.date
    provider_id: str
    last_day: dt.date | None
    learned_from: str


@dataclass(frozen=True, kw_only=True)
class OwnedOn:
    """What one source says of the owners on its day; two councils may share a setting."""

    day: dt.date
    providers: tuple[str, ...]
    import_id: str


def intervals(said: Iterable[OwnedOn], ended: dt.date | None) -> list[Ownership]:
    """The ownerships that these statements amount to; ``ended``: the day the setting closed or left."""
    made: list[Ownership] = []
    open_: dict[str, OwnedOn] = {}
    for statement in sorted(said, key=lambda one: one.day):
        for gone in [provider for provider in open_ if provider not in statement.providers]:
            made.append(_closed(gone, open_.pop(gone), statement.day))
        for provider in statement.providers:
            open_.setdefault(provider, statement)
    return sorted(made + [_closed(provider, since, ended) for provider, since in open_.items()])


def _closed(provider: str, since: OwnedOn, last: dt.date | None) -> Ownership:
    last = max(last, since.day) if last else None
    return Ownership(provider_id=provider, first_day=since.day, last_day=last, learned_from=since.import_id)


def owner_on(owned: Sequence[Ownership], day: dt.date | None) -> str | None:
    """The provider on a day; before the first register that names an owner, that first owner.

    A home keeps its number only while its owner keeps it, so the years before the register first
    named owners belong to the one it then named.
    """
    if not owned:
        return None
    if day is None:
        return owned[-1].provider_id
    begun = [one for one in owned if one.first_day <= day]
    lasting = [one for one in begun if one.last_day is None or day < one.last_day]
    return (lasting or begun[-1:] or owned[:1])[0].provider_id


def of_settings(connection: sa.Connection, setting_ids: Iterable[str]) -> dict[str, list[Ownership]]:
    """The stored ownerships of each of these settings, oldest first."""
    found: dict[str, list[Ownership]] = defaultdict(list)
    for row in select_where_in(connection, sa.select(ownerships), ownerships.c.setting_id, setting_ids):
        found[row["setting_id"]].append(
            Ownership(**{name: value for name, value in row.items() if name != "setting_id"})
        )
    return {setting: sorted(owned) for setting, owned in found.items()}


def replace(connection: sa.Connection, derived: dict[str, list[Ownership]]) -> set[str]:
    """Write the ownerships of these settings; the settings whose owners changed."""
    stored = of_settings(connection, derived)
    changed = {setting for setting, owned in derived.items() if owned != stored.get(setting, [])}
    for batch in batches(changed):
        connection.execute(sa.delete(ownerships).where(ownerships.c.setting_id.in_(batch)))
    rows = [
        {"setting_id": setting, "provider_id": one.provider_id, "first_day": one.first_day}
        | {"last_day": one.last_day, "learned_from": one.learned_from}
        for setting in sorted(changed)
        for one in derived[setting]
    ]
    if rows:
        connection.execute(sa.insert(ownerships), rows)
    return changed
