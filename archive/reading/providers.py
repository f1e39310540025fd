"""One provider, or one group of them, as its page shows it: names over time, and what it holds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from archive.reading.holdings import Holdings, holdings
from storage.errors import NotFound
from storage.schema.naming import provider_aliases
from storage.schema.registers import provider_names, providers, settings

_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class ProviderPage:
    """Everything the provider's page shows."""

    provider: _Row
    names: tuple[_Row, ...]
    aliases: tuple[str, ...]
    held: Holdings


@dataclass(frozen=True, kw_only=True)
class GroupPage:
    """Everything the group's page shows; ``sizes``: settings of each by the newest register."""

    name: str
    providers: tuple[_Row, ...]
    sizes: Mapping[str, int]
    held: Holdings


def provider_page(
    connection: sa.Connection, provider_id: str, *, today: dt.date, as_of: dt.date | None = None
) -> ProviderPage:
    """The provider, or the one it was merged into, as of a day; NotFound."""
    provider = _follow(connection, provider_id)
    names = connection.execute(
        sa.select(provider_names)
        .where(provider_names.c.provider_id == provider.id)
        .order_by(provider_names.c.last_seen.desc().nulls_last(), provider_names.c.name)
    ).all()
    known = sa.select(provider_aliases.c.name).where(
        provider_aliases.c.provider_id == provider.id, provider_aliases.c.kind == "alias"
    )
    return ProviderPage(
        provider=provider,
        names=tuple(names),
        aliases=tuple(connection.scalars(known.order_by(provider_aliases.c.name))),
        held=holdings(connection, [provider.id], provider.name, today=today, as_of=as_of),
    )


def group_page(
    connection: sa.Connection, name: str, *, today: dt.date, as_of: dt.date | None = None
) -> GroupPage:
    """The providers that people put into one group, taken together, as of a day; NotFound."""
    query = sa.select(providers).where(providers.c.group_name == name, providers.c.merged_into.is_(None))
    rows = connection.execute(query.order_by(providers.c.name)).all()
    if not rows:
        raise NotFound(f"no provider belongs to a group {name!r}; `onrecord provider` puts one into it")
    ids = [row.id for row in rows]
    return GroupPage(
        name=name,
        providers=tuple(rows),
        sizes=_sizes(connection, ids),
        held=holdings(connection, ids, name, today=today, as_of=as_of),
    )


def _sizes(connection: sa.Connection, ids: Sequence[str]) -> Mapping[str, int]:
    query = sa.select(settings.c.provider_id, sa.func.count()).where(settings.c.provider_id.in_(ids))
    return dict(connection.execute(query.group_by(settings.c.provider_id)).all())


def _follow(connection: sa.Connection, provider_id: str) -> _Row:
    for _ in range(10):  # a merge of merges; a circle ends here
        row = connection.execute(sa.select(providers).where(providers.c.id == provider_id)).first()
        if row is None:
            break
        if row.merged_into is None:
            return row
        provider_id = row.merged_into
    raise NotFound(f"there is no provider {provider_id!r}")
