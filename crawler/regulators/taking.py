"""Take a regulator's file into the archive: all of it or nothing, and twice is once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from crawler.regulators.checks import compare, settle_repeats
from crawler.regulators.declared import Regulator, TableKind
from crawler.regulators.files import Reading, read_file
from storage import imports, inspections, registers
from storage.ids import digest_of
from storage.imports import Import
from storage.records import RegisterRow
from storage.registers import Snapshot
from storage.store import Store


@dataclass(frozen=True, kw_only=True)
class File:
    """A file to take, and how it came."""

    name: str
    content: bytes
    regulator: Regulator
    as_of: dt.date | None = None  # of a register: the day it shows
    accept: bool = False


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a file; ``new`` is False when the archive had it already."""

    name: str
    kind: TableKind
    new: bool
    as_of: dt.date | None
    rows_read: int
    rows_kept: int
    settings: int
    inspections: int
    changes: int
    rejected: list[dict[str, Any]]
    findings: dict[str, Any]


_Save = Callable[[sa.Connection, Reading, Import, dt.datetime], None]


def take_register(store: Store, file: File, at: dt.datetime) -> Taken:
    """One whole snapshot; RefusedFile when it cannot be believed."""
    assert file.as_of is not None

    def save(connection: sa.Connection, reading: Reading, made: Import, at: dt.datetime) -> None:
        registers.save(connection, _snapshot(made), [row for _, row in reading.rows], at)
        _save_claims(connection, reading, made, "register", at)

    if done := _known(store, file, "register", file.as_of):
        return done
    reading = read_file(file.name, file.content, file.regulator, "register")
    settle_repeats(reading)
    if twin := _compared(store, file, reading):
        return twin
    return _take(store, file, reading, save, at)


def take_inspections(store: Store, file: File, at: dt.datetime) -> Taken:
    """A table of inspections, and what it says in passing of their settings."""

    def save(connection: sa.Connection, reading: Reading, made: Import, at: dt.datetime) -> None:
        rows = list({row.urn: row for _, row in _by_day(reading)}.values())
        registers.save(connection, replace(_snapshot(made), complete=False), rows, at)
        _save_claims(connection, reading, made, "table", at)

    if done := _known(store, file, "inspections"):
        return done
    reading = read_file(file.name, file.content, file.regulator, "inspections")
    return _take(store, file, reading, save, at)


def take_changes(store: Store, file: File, at: dt.datetime) -> Taken:
    """Openings and closings; never a snapshot: what the list lacks has not closed."""

    def save(connection: sa.Connection, reading: Reading, made: Import, at: dt.datetime) -> None:
        rows = list({row.urn: row for _, row in reading.rows}.values())
        snapshot = replace(_snapshot(made), complete=False)
        registers.save_changes(connection, snapshot, rows, reading.changes, at)

    if done := _known(store, file, "changes"):
        return done
    reading = read_file(file.name, file.content, file.regulator, "changes")
    return _take(store, file, reading, save, at)


def _known(store: Store, file: File, kind: TableKind, as_of: dt.date | None = None) -> Taken | None:
    """What the archive says of this very file, where it has it."""
    with store.reading() as connection:
        held = imports.of_file(connection, kind, file.regulator.name, digest_of(file.content), as_of)
    return _again(file, kind, held) if held else None


def _again(file: File, kind: TableKind, held: Import, **findings: Any) -> Taken:
    return Taken(
        name=file.name,
        kind=kind,
        new=False,
        as_of=held.as_of,
        rows_read=held.rows_read,
        rows_kept=held.rows_kept,
        settings=0,
        inspections=0,
        changes=0,
        rejected=[],
        findings={**held.findings, **findings},
    )


def _compared(store: Store, file: File, reading: Reading) -> Taken | None:
    """Hold a register against the nearest; the import that holds the same rows already, if one does."""
    assert file.as_of is not None
    regulator = file.regulator.name
    with store.reading() as connection:
        nearest = registers.nearest(connection, regulator, file.as_of)
        if nearest is None:
            return None
        then = registers.rows_of(connection, regulator, nearest)
        if nearest == file.as_of and then == {row.urn: row for _, row in reading.rows}:
            held = imports.of_snapshot(connection, regulator, nearest)
            if held is not None:
                return _again(file, "register", held, same_as=held.file_name)
    compare(reading, file.as_of, nearest, then, accept=file.accept)
    return None


def _take(store: Store, file: File, reading: Reading, save: _Save, at: dt.datetime) -> Taken:
    made = Import(
        kind=reading.kind,
        file_name=file.name,
        digest=digest_of(file.content),
        regulator=file.regulator.name,
        as_of=file.as_of or _latest_day(reading),
        learned_at=at,
        rows_read=reading.rows_read,
        rows_kept=reading.rows_kept,
        findings=reading.findings,
    )
    with store.writing() as connection:
        imports.save(connection, made, reading.rejected)
        save(connection, reading, made, at)
    return Taken(
        name=file.name,
        kind=reading.kind,
        new=True,
        as_of=made.as_of,
        rows_read=reading.rows_read,
        rows_kept=reading.rows_kept,
        settings=len({row.urn for _, row in reading.rows}),
        inspections=len(reading.claims),
        changes=len(reading.changes),
        rejected=[{"line": row.line, "urn": row.urn, "reason": row.reason} for row in reading.rejected],
        findings=reading.findings,
    )


def _snapshot(made: Import) -> Snapshot:
    assert made.regulator is not None
    assert made.as_of is not None
    return Snapshot(regulator=made.regulator, as_of=made.as_of, import_id=made.id)


def _save_claims(
    connection: sa.Connection, reading: Reading, made: Import, origin: str, at: dt.datetime
) -> None:
    assert made.regulator is not None
    inspections.save_claims(
        connection,
        made.regulator,
        [claim for _, claim in reading.claims],
        origin=origin,
        origin_id=made.id,
        at=at,
    )


def _by_day(reading: Reading) -> list[tuple[dt.date, RegisterRow]]:
    """Rows of a table of inspections, oldest inspection first: the newest says most of the setting."""
    days = {line.number: claim.first_day or dt.date.min for line, claim in reversed(reading.claims)}
    return sorted(
        ((days[line.number], row) for line, row in reading.rows), key=lambda pair: (pair[0], pair[1].urn)
    )


def _latest_day(reading: Reading) -> dt.date:
    """Of a table without a day of its own: the last day that it speaks of."""
    if "title_day" in reading.findings:
        return dt.date.fromisoformat(reading.findings["title_day"])
    days = [claim.first_day for _, claim in reading.claims if claim.first_day]
    return max([*days, *(change.day for change in reading.changes)])
