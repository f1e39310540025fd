"""Names that no register gives a provider: trading names, what the press calls it, the group it belongs to.

They are kept beside the registers' own names, so that no import of a register touches them, and follow a
provider that is merged into another.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from rapidfuzz import fuzz, process, utils

from storage import changes, providers
from storage.errors import NotFound
from storage.schema.naming import provider_aliases
from storage.schema.registers import provider_names
from storage.schema.registers import providers as providers_table

Kind = Literal["alias", "group"]


@dataclass(frozen=True, kw_only=True)
class Alias:
    """Another name of a registered provider (its name or id), or the group it belongs to."""

    provider: str
    name: str
    kind: Kind = "alias"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a list of aliases changed, and which of its providers are in no register."""

    added: int
    removed: int
    unknown: tuple[str, ...]


def find(connection: sa.Connection, name: str) -> str:
    """The living provider of that id or registered name; NotFound with the nearest names."""
    merged = mergers(connection)
    if connection.execute(sa.select(providers_table.c.id).where(providers_table.c.id == name)).first():
        return follow(name, merged)
    if found := providers.living(connection, name):
        return found
    names = connection.execute(sa.select(provider_names.c.name).distinct()).scalars().all()
    likes = process.extract(
        name, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=3, score_cutoff=75
    )
    near = [one for one, _, _ in likes]
    told = (
        f"did you mean {' or '.join(near)}?"
        if near
        else "import a register first, or write the name as `onrecord export providers` has it"
    )
    raise NotFound(f"no provider is registered as {name!r}; {told}")


def add(connection: sa.Connection, alias: Alias, *, origin: str, at: dt.datetime) -> bool:
    """Keep another name of a provider; False where it has it already. NotFound."""
    provider = find(connection, alias.provider)
    row = {"provider_id": provider, "name": alias.name, "kind": alias.kind}
    same = sa.and_(*(provider_aliases.c[column] == value for column, value in row.items()))
    if connection.execute(sa.select(provider_aliases.c.name).where(same)).first():
        return False
    connection.execute(sa.insert(provider_aliases).values(**row, origin=origin, at=at))
    _regroup(connection, provider, at)
    return True


def remove(connection: sa.Connection, alias: Alias, *, at: dt.datetime) -> None:
    """Take another name away again; NotFound."""
    provider, found = find(connection, alias.provider), provider_aliases.c
    condition = sa.and_(found.provider_id == provider, found.name == alias.name, found.kind == alias.kind)
    if not connection.execute(sa.delete(provider_aliases).where(condition)).rowcount:
        raise NotFound(f"{alias.provider} has no {alias.kind} {alias.name!r}")
    _regroup(connection, provider, at)


def replace_file(connection: sa.Connection, told: Iterable[Alias], *, origin: str, at: dt.datetime) -> Taken:
    """Put a file's aliases in the place of those that a file of its name gave before."""
    wanted, unknown = {}, []
    for alias in told:
        try:
            wanted[find(connection, alias.provider), alias.name, alias.kind] = alias
        except NotFound:
            unknown.append(alias.provider)
    query = sa.select(provider_aliases).where(provider_aliases.c.origin == origin)
    held = {(row.provider_id, row.name, row.kind) for row in connection.execute(query)}
    for provider, name, kind in sorted(held - wanted.keys()):
        remove(connection, Alias(provider=provider, name=name, kind=kind), at=at)
    added = sum(add(connection, alias, origin=origin, at=at) for alias in wanted.values())
    return Taken(added=added, removed=len(held - wanted.keys()), unknown=tuple(dict.fromkeys(unknown)))


def names(connection: sa.Connection) -> dict[str, list[str]]:
    """The aliases and groups of every living provider."""
    merged = mergers(connection)
    found: dict[str, list[str]] = defaultdict(list)
    query = sa.select(provider_aliases).order_by(provider_aliases.c.name, provider_aliases.c.kind)
    for row in connection.execute(query):
        found[follow(row.provider_id, merged)].append(row.name)
    return {provider: list(dict.fromkeys(held)) for provider, held in found.items()}


def mergers(connection: sa.Connection) -> dict[str, str]:
    """Each provider that was merged, and into which."""
    query = sa.select(providers_table.c.id, providers_table.c.merged_into)
    rows = connection.execute(query.where(providers_table.c.merged_into.is_not(None)))
    return {row.id: row.merged_into for row in rows}


def follow(provider: str, merged: dict[str, str]) -> str:
    """The provider that it lives on in."""
    while provider in merged:
        provider = merged[provider]
    return provider


def _regroup(connection: sa.Connection, provider: str, at: dt.datetime) -> None:
    """Show the group that was named last on the provider's own row."""
    query = (
        sa.select(provider_aliases.c.name)
        .where(provider_aliases.c.provider_id == provider, provider_aliases.c.kind == "group")
        .order_by(provider_aliases.c.at.desc(), provider_aliases.c.name)
    )
    group = connection.execute(query).scalar()
    own = providers_table.c.id == provider
    connection.execute(sa.update(providers_table).where(own).values(group_name=group))
    changes.note(connection, "provider", [provider], at)
