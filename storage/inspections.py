"""Inspections: claims of every origin joined into one record each, with what they disagree on.

Two records are one inspection when the setting and the kind agree and the days meet, a day's slack each
side; where both give an event number, that decides. Kinds are never merged. Numbers of two series decide
nothing: Ofsted renumbered its inspections in 2015 and gave their last day where it had given the first.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import changes, ownerships, providers
from storage.batches import batches, select_where_in, update_rows
from storage.dates import DaySpan
from storage.ids import opaque_id
from storage.merging import FIELDS, merged, two_series
from storage.records import InspectionClaim
from storage.schema.inspections import GRADED, inspection_claims, inspections
from storage.schema.registers import imports
from storage.settings import ensure, setting_id

_JOINED_BY = ("id", "setting_id", "kind", "event_number", "first_day", "last_day")
_SLACK = 1  # day: reports and tables of one inspection differ by that much
_RENUMBERED_WITHIN = 7  # days; no setting has two full inspections in one week


@dataclass(kw_only=True)
class _Known:
    """An inspection to be joined: of the archive, or of this very batch."""

    id: str
    kind: str
    event: str | None
    span: DaySpan | None

    def gap(self, claim: InspectionClaim) -> int | None:
        """Days between the two, 0 for the same event number; None when they are two inspections."""
        slack = _SLACK
        if claim.event_number and self.event:
            if claim.event_number == self.event:
                return 0
            if self.kind != "full" or not two_series(claim.event_number, self.event):
                return None
            slack = _RENUMBERED_WITHIN
        if self.span is None or claim.first_day is None:
            return None
        first, last = claim.first_day, claim.last_day or claim.first_day
        apart = max((self.span.first - last).days, (first - self.span.last).days, 0)
        return apart if apart <= slack else None


def save_claims(
    connection: sa.Connection,
    regulator: str,
    claims: Sequence[InspectionClaim],
    *,
    origin: str,
    origin_id: str,
    at: dt.datetime,
) -> list[str]:
    """Join each claim to its inspection, made where new; the inspections' ids in the claims' order.

    ``origin`` is ``table``, ``register``, ``report`` or ``page``; ``origin_id`` the import, report or
    capture that says so. Claims of the same origin and id replace those it made before.
    """
    ensure(connection, regulator, {claim.urn: claim.setting_kind for claim in claims}, at)
    joined = _join(connection, regulator, claims, origin_id)
    as_of: dt.date | None = connection.execute(
        sa.select(imports.c.as_of).where(imports.c.id == origin_id)
    ).scalar()
    _write_claims(connection, _rows(joined, claims, as_of), origin, origin_id)
    refresh(connection, joined, at)
    return joined


def refresh(connection: sa.Connection, inspection_ids: Iterable[str], at: dt.datetime) -> None:
    """Make each inspection's record anew from its claims and the owner of its day; note what changed."""
    by_id: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    wanted = list(dict.fromkeys(inspection_ids))
    for row in select_where_in(
        connection, sa.select(inspection_claims), inspection_claims.c.inspection_id, wanted
    ):
        by_id[row["inspection_id"]].append(row)
    stored = {
        row["id"]: row
        for row in select_where_in(connection, sa.select(inspections), inspections.c.id, wanted)
    }
    owners = _Owners(connection, {row["setting_id"] for row in stored.values()}, by_id.values(), at)
    changed = []
    for id_, claims in by_id.items():
        facts = merged(claims)
        owner = owners.of(stored[id_]["setting_id"], claims, facts["first_day"])
        fresh = {"id": id_, **facts, "provider_id": owner}
        if any(stored[id_][field] != value for field, value in fresh.items()):
            changed.append(fresh)
    update_rows(connection, inspections, changed)
    changes.note(connection, "inspection", [row["id"] for row in changed], at)


def refresh_owners(connection: sa.Connection, setting_ids: Iterable[str], at: dt.datetime) -> None:
    """Give each inspection of these settings the owner of its day, after ownerships changed."""
    query = sa.select(inspections.c.id)
    found = select_where_in(connection, query, inspections.c.setting_id, setting_ids)
    refresh(connection, [row["id"] for row in found], at)


class _Owners:
    """Who owned the inspected setting: the report's word, else the registers', else a table's."""

    def __init__(
        self,
        connection: sa.Connection,
        setting_ids: Iterable[str],
        claims: Iterable[Sequence[Mapping[str, Any]]],
        at: dt.datetime,
    ) -> None:
        self._owned = ownerships.of_settings(connection, setting_ids)
        named = [row for rows in claims for row in rows if row["provider_name"]]
        unowned = [row for row in named if row["origin"] in {"report", "page"}]
        seen = [
            providers.Seen(name=row["provider_name"], first=row["first_day"], last=row["last_day"])
            for row in unowned
        ]
        found = providers.identify(connection, seen, origin="report", at=at) if seen else None
        self._reported = found.ids if found else {}

    def of(self, setting: str, claims: Sequence[Mapping[str, Any]], day: dt.date | None) -> str | None:
        for row in claims:
            if row["origin"] in {"report", "page"} and row["provider_name"] in self._reported:
                return self._reported[row["provider_name"]]
        return ownerships.owner_on(self._owned.get(setting, []), day)


def _join(
    connection: sa.Connection, regulator: str, claims: Sequence[InspectionClaim], origin_id: str
) -> list[str]:
    """The inspection of each claim; new ones are inserted, bare."""
    places = {claim.urn: setting_id(regulator, claim.urn) for claim in claims}
    known: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    query = sa.select(*(inspections.c[name] for name in _JOINED_BY))
    for row in select_where_in(connection, query, inspections.c.setting_id, places.values()):
        span = DaySpan(row["first_day"], row["last_day"]) if row["first_day"] else None
        known[row["setting_id"], row["kind"]].append(
            _Known(id=row["id"], kind=row["kind"], event=row["event_number"], span=span)
        )
    joined, made = [], []
    for claim in claims:
        setting = places[claim.urn]
        fitting = [(gap, one) for one in known[setting, claim.kind] if (gap := one.gap(claim)) is not None]
        if fitting:
            found = min(fitting, key=lambda pair: (pair[0], pair[1].event != claim.event_number, pair[1].id))[
                1
            ]
            found.event = found.event or claim.event_number
        else:
            found = _new(regulator, claim, origin_id)
            known[setting, claim.kind].append(found)
            made.append({"id": found.id, "setting_id": setting, "kind": claim.kind, "disagreements": []})
        joined.append(found.id)
    if made:
        connection.execute(sa.insert(inspections), made)
    return joined


def _new(regulator: str, claim: InspectionClaim, origin_id: str) -> _Known:
    span = DaySpan(claim.first_day, claim.last_day or claim.first_day) if claim.first_day else None
    tells_apart = claim.event_number or claim.first_day or origin_id
    id_ = opaque_id("inspection", regulator, claim.urn, claim.kind, tells_apart)
    return _Known(id=id_, kind=claim.kind, event=claim.event_number, span=span)


def _rows(
    joined: Sequence[str], claims: Sequence[InspectionClaim], as_of: dt.date | None
) -> dict[str, dict[str, Any]]:
    """One row an inspection: a second claim of the same source fills only what the first left open."""
    rows: dict[str, dict[str, Any]] = {}
    for id_, claim in zip(joined, claims, strict=True):
        row = _row(claim) | {"as_of": as_of or claim.published or claim.last_day}
        held = rows.get(id_)
        rows[id_] = row if held is None else {k: v if v is not None else row[k] for k, v in held.items()}
    return rows


def _row(claim: InspectionClaim) -> dict[str, Any]:
    graded: dict[str, Any] = {area: claim.judgements.get(area) for area in GRADED}
    plain = {name: getattr(claim, name) for name in FIELDS if name not in GRADED}
    return plain | graded | {"last_day": claim.last_day or claim.first_day}


def _write_claims(
    connection: sa.Connection, rows: Mapping[str, Mapping[str, Any]], origin: str, origin_id: str
) -> None:
    same = (inspection_claims.c.origin == origin, inspection_claims.c.origin_id == origin_id)
    for batch in batches(rows):
        connection.execute(
            sa.delete(inspection_claims).where(*same, inspection_claims.c.inspection_id.in_(batch))
        )
    whole = [
        {"inspection_id": id_, "origin": origin, "origin_id": origin_id, **row} for id_, row in rows.items()
    ]
    if whole:
        connection.execute(sa.insert(inspection_claims), whole)
