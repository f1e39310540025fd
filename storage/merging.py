"""What several origins say of one inspection, as one record, and where they disagree."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from storage.names import organisation_key
from storage.schema.inspections import GRADED

PRECEDENCE = {"report": 0, "page": 1, "table": 2, "register": 3}
"""Whose word stands: the document itself, the page about it, the table of its year, a later register."""

_SINGLE = ("published", "event_number", *GRADED, "capacity", "provider_name", "local_authority")
FIELDS = ("first_day", "last_day", *_SINGLE)

Claim = Mapping[str, Any]

_SERIES = 100_000  # inspections of one fortnight had numbers at most a tenth of this apart, 2013-2025


def merged(claims: Sequence[Claim]) -> dict[str, Any]:
    """One record of all claims: each field from the origin that stands first, the newest of its kind."""
    ordered = sorted(claims, key=_standing)
    dated = next((claim for claim in ordered if claim["first_day"]), ordered[0])
    facts = {name: next((c[name] for c in ordered if c[name] is not None), None) for name in _SINGLE}
    return {
        "first_day": dated["first_day"],
        "last_day": dated["last_day"] or dated["first_day"],
        **facts,
        "disagreements": disagreements(ordered),
    }


def two_series(one: str, other: str) -> bool:
    """Whether two event numbers are too far apart to have been given in one series."""
    return one.isdigit() and other.isdigit() and abs(int(one) - int(other)) > _SERIES


def disagreements(ordered: Sequence[Claim]) -> list[dict[str, Any]]:
    """Fields on which origins contradict one another: ``[{field, values: {origin: value}}]``."""
    by_origin: dict[str, Claim] = {}
    for claim in ordered:
        by_origin[claim["origin"]] = _filled(by_origin.get(claim["origin"]), claim)
    found = []
    if _days_apart(list(by_origin.values())):
        found.append(_told("first_day", by_origin))
    for name in _SINGLE:
        said = {_comparable(name, claim[name]) for claim in by_origin.values() if claim[name] is not None}
        if len(said) > 1 and not (name == "event_number" and two_series(min(said), max(said))):
            found.append(_told(name, by_origin))
    return found


def _standing(claim: Claim) -> tuple[int, int, str]:
    as_of: dt.date = claim["as_of"] or dt.date.min
    return PRECEDENCE.get(claim["origin"], len(PRECEDENCE)), -as_of.toordinal(), claim["origin_id"]


def _filled(newer: Claim | None, older: Claim) -> Claim:
    if newer is None:
        return older
    return {name: value if value is not None else older[name] for name, value in newer.items()}


def _days_apart(claims: Sequence[Claim]) -> bool:
    spans = [(c["first_day"], c["last_day"] or c["first_day"]) for c in claims if c["first_day"]]
    return bool(spans) and max(first for first, _ in spans) > min(last for _, last in spans)


def _comparable(name: str, value: Any) -> Any:
    if name == "provider_name":
        return organisation_key(value)
    return value.casefold() if isinstance(value, str) else value


def _told(name: str, by_origin: Mapping[str, Claim]) -> dict[str, Any]:
    values = {origin: claim[name] for origin, claim in by_origin.items() if claim[name] is not None}
    plain = {o: v.isoformat() if isinstance(v, dt.date) else v for o, v in values.items()}
    return {"field": name, "values": plain}
