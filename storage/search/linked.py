"""The records that stand behind articles and reports: their settings, inspections, providers, link state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.registers import provider_names, providers, settings

_ANSWERS: Final = {
    "confirmed": ("yes", "confirmed"),
    "linked": ("yes",),
    "candidate": ("no", "candidate"),
    "none": ("no", "none"),
    "waiting": ("no", "waiting"),
    "covered": ("yes",),
    "uncovered": ("no",),
}
"""What ``linked:`` finds, by the state shown to readers; the surest state of an article is its state."""


@dataclass(frozen=True, slots=True)
class NamedProvider:
    """A provider with every name it is found by, and the group it belongs to."""

    id: str
    name: str
    names: tuple[str, ...]
    group: str | None


@dataclass(slots=True)
class Linked:
    """What a document is linked to; ``status`` is one of the states above."""

    status: str = "waiting"
    settings: list[sa.Row[Any]] = field(default_factory=list)
    inspections: list[sa.Row[Any]] = field(default_factory=list)
    providers: list[NamedProvider] = field(default_factory=list)

    @property
    def answers_to(self) -> tuple[str, ...]:
        """The values of ``linked:`` that find it."""
        return _ANSWERS[self.status]


def decisions(connection: sa.Connection, article_ids: Sequence[str]) -> list[sa.Row[Any]]:
    """The decision that stands on each mention, of the newest version that was linked."""
    standing = links.c.status != "withdrawn"
    newest = (
        sa.select(links.c.article_id, sa.func.max(links.c.version).label("version"))
        .where(links.c.article_id.in_(article_ids), standing)
        .group_by(links.c.article_id)
        .subquery()
    )
    query = sa.select(links).join(
        newest, (newest.c.article_id == links.c.article_id) & (newest.c.version == links.c.version)
    )
    return list(connection.execute(query.where(links.c.rank.is_(None), standing).order_by(links.c.mention)))


def of_articles(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Linked]:
    """What each article's asserted links lead to."""
    decided = decisions(connection, ids)
    asserted = [row for row in decided if row.status == "linked"]
    seen = _inspections(connection, {row.inspection_id for row in asserted})
    homes = _settings(connection, {row.setting_id for row in asserted})
    owners = _providers(connection, {_owner(row, seen, homes) for row in asserted})
    found = {id_: Linked() for id_ in ids}
    for row in decided:
        entry = found[row.article_id]
        entry.status = _surer(entry.status, _state(row))
        if row.status == "linked":
            _gather(entry, seen.get(row.inspection_id), homes.get(row.setting_id))
            if provider := owners.get(_owner(row, seen, homes) or ""):
                entry.providers.append(provider)
    return found


def of_reports(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> dict[str, Linked]:
    """What each report is of, and whether the press covered its inspection."""
    seen = _inspections(connection, {row.inspection_id for row in rows})
    homes = _settings(connection, {row.setting_id for row in rows})
    owners = _providers(connection, {_owner(row, seen, homes) for row in rows})
    covered = set(
        connection.scalars(
            sa.select(links.c.inspection_id).where(
                links.c.inspection_id.in_(list(seen)), links.c.status == "linked", links.c.rank.is_(None)
            )
        )
    )
    found = {}
    for row in rows:
        entry = Linked(status="covered" if row.inspection_id in covered else "uncovered")
        _gather(entry, seen.get(row.inspection_id), homes.get(row.setting_id))
        if provider := owners.get(_owner(row, seen, homes) or ""):
            entry.providers.append(provider)
        found[row.id] = entry
    return found


def _state(decision: sa.Row[Any]) -> str:
    if decision.status == "linked":
        return "confirmed" if decision.confirmed else "linked"
    return "candidate" if decision.answer in ("several_fit", "too_little") else "none"


def _surer(one: str, other: str) -> str:
    order = list(_ANSWERS)
    return min(one, other, key=order.index)


def _owner(row: sa.Row[Any], seen: dict[str, sa.Row[Any]], homes: dict[str, sa.Row[Any]]) -> str | None:
    """The owner of the inspection's day, else the one the link names, else today's."""
    for record in (seen.get(row.inspection_id), row, homes.get(row.setting_id)):
        owner: str | None = getattr(record, "provider_id", None)
        if owner:
            return owner
    return None


def _gather(entry: Linked, inspection: sa.Row[Any] | None, setting: sa.Row[Any] | None) -> None:
    if inspection is not None:
        entry.inspections.append(inspection)
    if setting is not None:
        entry.settings.append(setting)


def _inspections(connection: sa.Connection, ids: Iterable[str | None]) -> dict[str, sa.Row[Any]]:
    return _by_id(connection, inspections, ids)


def _settings(connection: sa.Connection, ids: Iterable[str | None]) -> dict[str, sa.Row[Any]]:
    return _by_id(connection, settings, ids)


def _by_id(connection: sa.Connection, table: sa.Table, ids: Iterable[str | None]) -> dict[str, sa.Row[Any]]:
    wanted = [id_ for id_ in ids if id_]
    return {row.id: row for row in connection.execute(sa.select(table).where(table.c.id.in_(wanted)))}


def _providers(connection: sa.Connection, ids: Iterable[str | None]) -> dict[str, NamedProvider]:
    rows = _by_id(connection, providers, ids)
    names: dict[str, list[str]] = {id_: [row.name] for id_, row in rows.items()}
    query = sa.select(provider_names.c.provider_id, provider_names.c.name)
    for id_, name in connection.execute(query.where(provider_names.c.provider_id.in_(list(rows)))):
        names[id_].append(name)
    return {
        id_: NamedProvider(id_, row.name, tuple(dict.fromkeys(names[id_])), row.group_name)
        for id_, row in rows.items()
    }
