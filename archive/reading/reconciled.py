"""Providers and settings as a table of somebody else's names them: candidates, and facts to add to it.

A setting whose name is withheld answers to its URN alone, here as everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa

from archive import telling
from archive.reading.homes import latest_judgements
from archive.reading.kept import Kept
from archive.reading.named import Place
from linker.face import NameIndex
from storage.batches import select_where_in
from storage.places import codes
from storage.schema.naming import provider_aliases
from storage.schema.registers import provider_names, providers, settings

Type = Literal["provider", "setting"]
SURE: Final = 0.99
"""The linker's score from which two names are one."""
_SUGGESTED: Final = 10


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A provider or a setting; ``facts`` by the property's id."""

    id: str
    type: Type
    name: str
    description: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An entity that may be meant; ``score`` 0 to 1, ``match`` where it is the only one sure enough."""

    entity: Entity
    score: float
    match: bool


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One thing sought: a name or number, of which types, and values that its properties must have."""

    query: str
    types: tuple[Type, ...]
    limit: int
    having: Mapping[str, tuple[str, ...]]


def candidates(connection: sa.Connection, kept: Kept, asked: Asked) -> list[Candidate]:
    """Whom a name or number may mean, best first."""
    scores: dict[str, float] = {}
    if "provider" in asked.types:
        scores |= _by_name(kept.of(connection, "providers' names", _provider_names), asked)
        scores |= dict.fromkeys(_numbered(connection, providers.c.company_number, asked), 1.0)
    if "setting" in asked.types:
        scores |= _by_name(kept.of(connection, "settings' names", _setting_names), asked)
    open_ones = {one.id: one for one in entities(connection, scores) if "name" in one.facts}
    if "setting" in asked.types:
        by_urn = _numbered(connection, settings.c.urn, asked)
        scores |= dict.fromkeys(by_urn, 1.0)
        open_ones |= {one.id: one for one in entities(connection, by_urn)}
    fitting = [one for one in open_ones.values() if _has(one, asked.having)]
    found = sorted(fitting, key=lambda one: (-scores[one.id], one.id))[: asked.limit]
    sure = [one.id for one in fitting if scores[one.id] >= SURE]
    return [Candidate(entity=one, score=scores[one.id], match=sure == [one.id]) for one in found]


def suggestions(connection: sa.Connection, prefix: str) -> list[Entity]:
    """Providers and settings whose name begins so, and the setting of that URN."""
    begun = prefix.casefold()
    if not begun.strip():
        return []
    of_providers = sa.select(providers.c.id).where(
        providers.c.merged_into.is_(None),
        sa.func.lower(providers.c.name).startswith(begun, autoescape=True),
    )
    of_settings = sa.select(settings.c.id).where(
        sa.or_(
            settings.c.urn == prefix.strip().upper(),
            sa.not_(settings.c.name_withheld)
            & sa.func.lower(settings.c.name).startswith(begun, autoescape=True),
        )
    )
    ids = [
        *connection.scalars(of_providers.order_by(providers.c.name).limit(_SUGGESTED)),
        *connection.scalars(of_settings.order_by(settings.c.urn).limit(_SUGGESTED)),
    ]
    return entities(connection, ids)


def entities(connection: sa.Connection, ids: Iterable[str]) -> list[Entity]:
    """Those of the ids that are there, with their facts, in the order given."""
    wanted = list(dict.fromkeys(ids))
    found = {one.id: one for one in (*_providers(connection, wanted), *_settings(connection, wanted))}
    return [found[id_] for id_ in wanted if id_ in found]


def _by_name(index: NameIndex, asked: Asked) -> dict[str, float]:
    if not asked.query.strip():
        return {}
    return {hit.provider: hit.score for hit in index.find(asked.query, limit=4 * asked.limit)}


def _numbered(connection: sa.Connection, column: sa.Column[Any], asked: Asked) -> list[str]:
    """The entities that bear the number that is sought, or that is given as a property."""
    given = (asked.query, *asked.having.get(column.name, ()))
    numbers = [one.strip().upper() for one in given if one.strip()]
    table = column.table
    query = sa.select(table.c.id).where(column.in_(numbers)).order_by(table.c.id).limit(50)
    return list(connection.scalars(query)) if numbers else []


def _has(one: Entity, having: Mapping[str, Sequence[str]]) -> bool:
    """Whether the entity has one of the values given, of each property that it knows."""
    return all(
        str(one.facts.get(name) or "").casefold() in [value.strip().casefold() for value in values]
        for name, values in having.items()
    )


def _provider_names(connection: sa.Connection) -> NameIndex:
    known = sa.select(provider_names.c.provider_id, provider_names.c.name)
    alias = sa.select(provider_aliases.c.provider_id, provider_aliases.c.name)
    rows = connection.execute(sa.union(known, alias.where(provider_aliases.c.kind == "alias")))
    return NameIndex.build((row.provider_id, row.name) for row in rows)


def _setting_names(connection: sa.Connection) -> NameIndex:
    query = sa.select(settings.c.id, settings.c.name)
    rows = connection.execute(query.where(settings.c.name.is_not(None), sa.not_(settings.c.name_withheld)))
    return NameIndex.build((row.id, row.name) for row in rows)


def _providers(connection: sa.Connection, ids: Sequence[str]) -> Iterable[Entity]:
    held = sa.select(sa.func.count()).where(settings.c.provider_id == providers.c.id).scalar_subquery()
    query = sa.select(providers, held.label("held")).where(providers.c.merged_into.is_(None))
    for row in select_where_in(connection, query, providers.c.id, ids):
        facts = {name: row[name] for name in ("name", "company_number", "sector")}
        facts |= {"group": row["group_name"], "settings": row["held"]}
        settings_told = f"{row['held']} setting{'' if row['held'] == 1 else 's'}"
        told = ", ".join(part for part in (row["company_number"], settings_told) if part)
        yield Entity(id=row["id"], type="provider", name=row["name"], description=told, facts=facts)


def _settings(connection: sa.Connection, ids: Sequence[str]) -> Iterable[Entity]:
    query = sa.select(settings, providers.c.name.label("owner")).outerjoin(
        providers, providers.c.id == settings.c.provider_id
    )
    rows = select_where_in(connection, query, settings.c.id, ids)
    known = codes(connection, {row["local_authority"] for row in rows if row["local_authority"]})
    latest = latest_judgements(connection, [row["id"] for row in rows])
    plain = ("urn", "regulator", "kind", "local_authority", "region", "status", "places", "registered")
    for row in rows:
        facts = {name: row[name] for name in (*plain, "closed")}
        day, judgement = latest.get(row["id"], (None, None))
        facts |= {"judgement": judgement, "judged": day, "authority_code": known.get(row["local_authority"])}
        facts["provider"] = (row["provider_id"], row["owner"]) if row["owner"] else None
        if row["name"] and not row["name_withheld"]:
            facts["name"] = row["name"]
        title = telling.setting_title(Place(row))
        told = f"{row['regulator']} {row['urn']}"
        yield Entity(id=row["id"], type="setting", name=title, description=told, facts=facts)
