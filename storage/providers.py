"""Providers: owner spellings grouped into one organisation each, with its names over time.

A spelling belongs to a provider by its company number, by its key, or by a mere slip of the pen. Which
spellings fall together depends on the spellings alone, not on the order in which they came: a later one
that shows two providers to be one merges them. The merged row stays, pointing to the other.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from storage import changes
from storage.batches import batches, select_where_in, update_rows
from storage.ids import opaque_id
from storage.names import company_number, is_name, is_person, organisation_key
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.naming import provider_decisions
from storage.schema.registers import ownerships, provider_names, providers, register_rows, settings
from storage.spellings import Spellings

Origin = Literal["register", "report", "alias"]
_FEW = 50  # spellings: for so few it pays to ask whether each is known exactly


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A spelling of an owner, and the first and last day on which a source gave it."""

    name: str
    first: dt.date | None
    last: dt.date | None
    sector: str | None = None


@dataclass(frozen=True, kw_only=True)
class Identified:
    """The provider's id of each spelling, and the providers that took in another on the way."""

    ids: Mapping[str, str]
    grown: frozenset[str]


class _Known:
    """The living providers of the archive, found by spelling, company number and key."""

    def __init__(self, connection: sa.Connection, names: Iterable[str] | None = None) -> None:
        """All of them, or only those spelled exactly as ``names``."""
        self.by_name: dict[str, str] = {}
        self.by_number: dict[str, str] = {}
        self.by_key: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        self.spellings = Spellings()
        query = (
            sa.select(provider_names.c.provider_id, provider_names.c.name, provider_names.c.name_key)
            .join(providers)
            .where(providers.c.merged_into.is_(None))
            .order_by(provider_names.c.provider_id)
        )
        if names is not None:
            query = query.where(provider_names.c.name.in_(names))
        for id_, name, key in connection.execute(query):
            self.learn(id_, name, key)

    def learn(self, id_: str, name: str, key: str) -> None:
        self.by_name[name] = id_
        self.by_key[key] = id_
        self.spellings.add(key)
        if number := company_number(name):
            self.by_number[number] = id_
            self.numbers.setdefault(id_, number)

    def matching(self, name: str, key: str) -> list[str]:
        """Every provider that this spelling belongs to; more than one when it shows them to be one."""
        number = company_number(name)
        found = [self.by_number[number]] if number in self.by_number else []
        if key in self.by_key:
            found.append(self.by_key[key])
        else:
            found += [self.by_key[other] for other in self.spellings.near(key)]
        fitting = [id_ for id_ in dict.fromkeys(found) if self._agrees(id_, number)]
        numbers = {self.numbers[id_] for id_ in fitting if id_ in self.numbers}
        return fitting if len(numbers) < 2 else fitting[:1]

    def follow(self, loser: str, winner: str) -> None:
        for index in (self.by_name, self.by_key, self.by_number):
            index.update({text: winner for text, id_ in index.items() if id_ == loser})
        if number := self.numbers.pop(loser, None):
            self.numbers[winner] = number

    def _agrees(self, id_: str, number: str | None) -> bool:
        return number is None or self.numbers.get(id_, number) == number


def identify(
    connection: sa.Connection, seen: Iterable[Seen], *, origin: Origin, at: dt.datetime
) -> Identified:
    """Find the provider of each spelling, made where new; what is no name has none.

    The days on which a spelling was seen widen with each call.
    """
    given = {one.name: one for one in seen if is_name(one.name)}
    known, apart = _known(connection, given), _apart(connection)
    made, merges = [], {}
    for name in sorted(given):
        if name in known.by_name:
            continue
        key = organisation_key(name) or name.casefold()
        winner, *losers = known.matching(name, key) or [""]
        if not winner:
            winner = opaque_id("provider", key, company_number(name))
            made.append({"id": winner, "name": name, "name_key": key})
        for loser in (one for one in losers if frozenset((one, winner)) not in apart):
            known.follow(loser, winner)
            merges[loser] = winner
        known.learn(winner, name, key)
    if made:
        connection.execute(sa.insert(providers), made)
        changes.note(connection, "provider", [row["id"] for row in made], at)
    for loser, winner in merges.items():
        _merge(connection, loser, winner, at)
    ids = {name: known.by_name[name] for name in given}
    _note_spellings(connection, given, ids, origin)
    _refresh(connection, {*ids.values(), *merges.values()}, given, ids, at)
    return Identified(ids=ids, grown=frozenset(merges.values()))


def _known(connection: sa.Connection, given: Mapping[str, Seen]) -> _Known:
    """The providers to compare with; a report's owner is mostly spelled as it was before: then only that."""
    if len(given) <= _FEW:
        known = _Known(connection, given)
        if all(name in known.by_name for name in given):
            return known
    return _Known(connection)


def living(connection: sa.Connection, name: str) -> str | None:
    """The provider that a spelling belongs to, if the archive knows it."""
    known = _Known(connection)
    return known.by_name.get(name) or next(iter(known.matching(name, organisation_key(name))), None)


def refresh(connection: sa.Connection, ids: Iterable[str], at: dt.datetime) -> None:
    """Bring providers' own rows up to date after spellings went from one to another."""
    _refresh(connection, ids, {}, {}, at)


def _apart(connection: sa.Connection) -> set[frozenset[str]]:
    """Pairs of providers that a person split; no spelling joins them again."""
    rows = connection.execute(sa.select(provider_decisions)).mappings().all()
    undone = {row["undoes"] for row in rows if row["undoes"]}
    return {
        frozenset((row["provider_id"], row["other_id"]))
        for row in rows
        if row["decision"] == "split" and row["seq"] not in undone
    }


def _merge(connection: sa.Connection, loser: str, winner: str, at: dt.datetime) -> None:
    """Give everything of one provider to another; judgements keep naming the merged row."""
    for table in (settings, register_rows, inspections, links, provider_names):
        connection.execute(sa.update(table).where(table.c.provider_id == loser).values(provider_id=winner))
    twin = ownerships.alias()
    same = sa.exists().where(
        twin.c.setting_id == ownerships.c.setting_id,
        twin.c.first_day == ownerships.c.first_day,
        twin.c.provider_id == winner,
    )
    of_loser = ownerships.c.provider_id == loser
    connection.execute(sa.delete(ownerships).where(of_loser, same))
    connection.execute(sa.update(ownerships).where(of_loser).values(provider_id=winner))
    connection.execute(sa.update(providers).where(providers.c.id == loser).values(merged_into=winner))
    changes.note(connection, "provider", [loser], at, "erased")


def _widened(old: sa.Row[Any], one: Seen) -> tuple[dt.date | None, dt.date | None]:
    """The first and last day on which a spelling was given, by what is stored of it or now."""
    first = min(filter(None, (old.first_seen, one.first)), default=None)
    return first, max(filter(None, (old.last_seen, one.last)), default=None)


def _note_spellings(
    connection: sa.Connection, given: Mapping[str, Seen], ids: Mapping[str, str], origin: Origin
) -> None:
    stored = {
        row.name: row
        for batch in batches(given)
        for row in connection.execute(
            sa.select(provider_names).where(
                provider_names.c.name.in_(batch), provider_names.c.origin == origin
            )
        )
    }
    fresh = [
        {
            "provider_id": ids[name],
            "name": name,
            "name_key": organisation_key(name) or name.casefold(),
            "origin": origin,
            "first_seen": one.first,
            "last_seen": one.last,
        }
        for name, one in given.items()
        if name not in stored
    ]
    wider = [
        {"the_name": name, "first_seen": first, "last_seen": last}
        for name, old in stored.items()
        for first, last in [_widened(old, given[name])]
        if (first, last) != (old.first_seen, old.last_seen)
    ]
    if fresh:
        connection.execute(sa.insert(provider_names), fresh)
    if wider:
        statement = sa.update(provider_names).where(
            provider_names.c.name == sa.bindparam("the_name"), provider_names.c.origin == origin
        )
        connection.execute(
            statement.values(first_seen=sa.bindparam("first_seen"), last_seen=sa.bindparam("last_seen")),
            wider,
        )


def _refresh(
    connection: sa.Connection,
    touched: Iterable[str],
    given: Mapping[str, Seen],
    ids: Mapping[str, str],
    at: dt.datetime,
) -> None:
    """Bring the providers' own rows up to date with their spellings."""
    names: dict[str, list[dict[str, Any]]] = {}
    for row in select_where_in(connection, sa.select(provider_names), provider_names.c.provider_id, touched):
        names.setdefault(row["provider_id"], []).append(row)
    stored = {
        row["id"]: row for row in select_where_in(connection, sa.select(providers), providers.c.id, names)
    }
    sectors = _sectors(given, ids)
    changed = []
    for id_, spelled in names.items():
        fresh = {"id": id_, **_facts(spelled, stored[id_]["sector"], sectors.get(id_))}
        if any(stored[id_][field] != value for field, value in fresh.items()):
            changed.append(fresh)
    update_rows(connection, providers, changed)
    changes.note(connection, "provider", [row["id"] for row in changed], at)


def _facts(spelled: list[dict[str, Any]], sector: str | None, newest: Seen | None) -> dict[str, Any]:
    never = dt.date.min
    current = max(
        spelled,
        key=lambda row: (
            row["origin"] == "register",
            row["last_seen"] or never,
            row["first_seen"] or never,
            not row["name"].isupper() and not row["name"].islower(),
            row["name"],
        ),
    )
    last = max((row["last_seen"] or never for row in spelled), default=never)
    if newest and newest.sector and (newest.last or never) >= last:
        sector = newest.sector
    numbers = sorted(filter(None, (company_number(row["name"]) for row in spelled)))
    return {
        "name": current["name"],
        "name_key": current["name_key"],
        "company_number": numbers[0] if numbers else None,
        "sector": sector,
        "natural_person": any(is_person(row["name"]) for row in spelled),
    }


def _sectors(given: Mapping[str, Seen], ids: Mapping[str, str]) -> dict[str, Seen]:
    newest: dict[str, Seen] = {}
    for name, one in sorted(given.items()):
        held = newest.get(ids[name])
        if held is None or (one.last or dt.date.min) > (held.last or dt.date.min):
            newest[ids[name]] = one
    return newest
