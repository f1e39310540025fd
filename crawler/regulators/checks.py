"""Whether a register can be believed: no number twice, and nothing fell away since the nearest snapshot."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from crawler.regulators.files import Reading
from storage.errors import RefusedFile
from storage.imports import RejectedRow
from storage.names import organisation_key
from storage.records import RegisterRow
from storage.registers import count_by_kind

_FALL = 0.6  # of the earlier count: what is left must be more, or the file is refused
_FEW = 3  # settings: of a kind with two, one may close
_SHARED = 0.01  # of all rows: numbers that two settings share, beyond which the file is refused
_COMMON = 20  # settings in both snapshots before their fields are compared
_TOLD_APART_BY = ("kind", "local_authority", "constituency", "places", "owner", "registered", "name")
_STEADY = {"kind": "kind of provision", "local_authority": "local authority", "sector": "sector"}


def settle_repeats(reading: Reading) -> None:
    """See to numbers that stand twice: equal rows are one; two settings under one number go aside.

    A setting said twice with other values makes the file unbelievable: RefusedFile.
    """
    by_urn: dict[str, list[tuple[int, RegisterRow]]] = defaultdict(list)
    for line, row in reading.rows:
        by_urn[row.urn].append((line, row))
    claimed = defaultdict(list)
    for line, claim in reading.claims:
        claimed[line].append(claim)
    shared = set()
    for urn, said in by_urn.items():
        if all((row, claimed[line]) == (said[0][1], claimed[said[0][0]]) for line, row in said):
            continue
        if _one_setting([row for _, row in said]):
            lines = " and ".join(str(line) for line, _ in said)
            raise RefusedFile(reading.name, f"{urn} stands in lines {lines} with other values")
        shared.add(urn)
    if len(shared) > _SHARED * len(by_urn):
        raise RefusedFile(
            reading.name, f"{len(shared)} numbers stand for two settings each, {min(shared)} for one"
        )
    _set_aside(reading, shared)
    _keep_once(reading)


def _one_setting(rows: Sequence[RegisterRow]) -> bool:
    one, other = rows[0], rows[1]
    pairs = [(getattr(one, name), getattr(other, name)) for name in _TOLD_APART_BY]
    told = [a != b for a, b in pairs if a is not None and b is not None]
    return told.count(True) * 2 <= len(told)


def _set_aside(reading: Reading, shared: set[str]) -> None:
    gone = {line: row.urn for line, row in reading.rows if row.urn in shared}
    reading.rows = [(line, row) for line, row in reading.rows if line not in gone]
    reading.claims = [(line, claim) for line, claim in reading.claims if line not in gone]
    reading.rejected += [
        RejectedRow(line=line, urn=urn, reason="the number stands for two settings")
        for line, urn in gone.items()
    ]
    reading.rows_kept -= len(gone)


def _keep_once(reading: Reading) -> None:
    once = {row.urn: (line, row) for line, row in reversed(reading.rows)}
    if repeated := len(reading.rows) - len(once):
        reading.findings["said_twice"] = repeated
    reading.rows = [(line, row) for line, row in reading.rows if once[row.urn][0] == line]
    kept = {line for line, _ in reading.rows}
    reading.claims = [(line, claim) for line, claim in reading.claims if line in kept]


def compare(
    reading: Reading,
    as_of: dt.date,
    nearest: dt.date,
    then: Mapping[str, RegisterRow],
    *,
    accept: bool,
) -> None:
    """Hold the file against the nearest snapshot in time, by kind of provision and field by field.

    A fall of more than 40 % in a kind, or a field that differs for most settings, refuses the file unless
    accepted. A file older than the snapshot may lack a kind that had not begun; then its total counts.
    """
    rows = [row for _, row in reading.rows]
    now, before = count_by_kind(rows), count_by_kind(then.values())
    fallen = {
        kind: (count, now[kind])
        for kind, count in before.items()
        if now[kind] < _FALL * count and count - now[kind] >= _FEW
    }
    if as_of < nearest and now.total() > _FALL * before.total():
        fallen = {}
    reading.findings["compared"] = {
        "with": nearest.isoformat(),
        "by_kind": {kind: [before[kind], now[kind]] for kind in sorted(before | now)},
    }
    faults = [f"{kind} {count} → {left}" for kind, (count, left) in sorted(fallen.items())]
    faults += _changed(rows, then)
    if faults and not accept:
        raise RefusedFile(
            reading.name,
            f"against {nearest}: {'; '.join(faults)}; if this is right, repeat with --accept",
        )


def _changed(rows: Sequence[RegisterRow], then: Mapping[str, RegisterRow]) -> list[str]:
    pairs = [(row, then[row.urn]) for row in rows if row.urn in then]
    faults = []
    for name, called in _STEADY.items():
        both = [(getattr(a, name), getattr(b, name)) for a, b in pairs]
        both = [(a, b) for a, b in both if a is not None and b is not None]
        other = sum(a.casefold() != b.casefold() for a, b in both)
        if len(both) >= _COMMON and other * 2 > len(both):
            faults.append(f"the {called} of {other} of {len(both)} settings is another")
    owners = [(a.owner, b.owner) for a, b in pairs if a.owner and b.owner]
    moved = sum(organisation_key(a) != organisation_key(b) for a, b in owners)
    if len(owners) >= _COMMON and moved * 2 > len(owners):
        faults.append(f"the owner of {moved} of {len(owners)} settings is another")
    return faults
