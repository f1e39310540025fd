"""Take a regulator's file into the archive: all of it or nothing, and twice is once."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from crawler.extract.pool import Pool
from crawler.regulators.checks import compare, settle_repeats
from crawler.regulators.declared import Regulator, TableKind
from crawler.regulators.files import Reading
from crawler.regulators.reading import read_table
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
    kind: str
    new: bool
    as_of: dt.date | None
    rows_read: int
    rows_kept: int
    settings: int
    inspections: int
    changes: int
    rejected: list[dict[str, Any]]
    findings: dict[str, Any]


Reader = Callable[[File, TableKind], Reading]
"""Reads a file as a table of a kind; RefusedFile."""


def _believe(_: Reading) -> None:
    """Tables of inspections and lists of changes are believed as they were read."""


@dataclass(frozen=True, kw_only=True)
class _Way:
    """How a kind of table is checked once read, and saved."""

    kind: TableKind
    read: Reader
    check: Callable[[Reading], None] = _believe
    save: Callable[[sa.Connection, Reading, Import], None]


def read_here(file: File, kind: TableKind) -> Reading:
    """Reads tables in this process, but for workbooks."""
    return read_table(file.content, file.name, file.regulator.name, kind)


def read_in(pool: Pool) -> Reader:
    """Reads tables in a child process that may be killed; raises what the pool raises."""

    def read(file: File, kind: TableKind) -> Reading:
        return pool.run(read_table, file.content, file.name, file.regulator.name, kind, True)

    return read


def take_register(store: Store, file: File, at: dt.datetime, read: Reader = read_here) -> Taken:
    """One whole snapshot; RefusedFile when it cannot be believed."""

    def check(reading: Reading) -> None:
        settle_repeats(reading)
        _hold_against_nearest(store, file, reading)

    def save(connection: sa.Connection, reading: Reading, made: Import) -> None:
        registers.save(connection, _snapshot(made), [row for _, row in reading.rows], at)
        _save_claims(connection, reading, made, "register")

    return _take(store, file, _Way(kind="register", check=check, save=save, read=read), at)


def take_inspections(store: Store, file: File, at: dt.datetime, read: Reader = read_here) -> Taken:
    """A table of inspections, and what it says in passing of their settings."""

    def save(connection: sa.Connection, reading: Reading, made: Import) -> None:
        rows = list({row.urn: row for _, row in _by_day(reading)}.values())
        snapshot = replace(_snapshot(made), complete=False)
        if reading.changes:
            registers.save_changes(connection, snapshot, rows, reading.changes, at)
        else:
            registers.save(connection, snapshot, rows, at)
        _save_claims(connection, reading, made, "table")

    return _take(store, file, _Way(kind="inspections", save=save, read=read), at)


def take_changes(store: Store, file: File, at: dt.datetime, read: Reader = read_here) -> Taken:
    """Openings and closings; never a snapshot: what the list lacks has not closed."""

    def save(connection: sa.Connection, reading: Reading, made: Import) -> None:
        rows = list({row.urn: row for _, row in reading.rows}.values())
        snapshot = replace(_snapshot(made), complete=False)
        registers.save_changes(connection, snapshot, rows, reading.changes, at)

    return _take(store, file, _Way(kind="changes", save=save, read=read), at)


def _take(store: Store, file: File, way: _Way, at: dt.datetime) -> Taken:
    """Read the file and save it in one transaction, unless the archive holds it or its records already."""
    whose, digest = file.regulator.name, digest_of(file.content)
    with store.reading() as connection:
        held = imports.of_file(connection, way.kind, whose, digest, file.as_of)
    if held:
        return _again(file, held)
    reading = way.read(file, way.kind)
    way.check(reading)
    reading.findings["content"] = content = reading.content()
    made = _import(file, reading, digest, at)
    with store.writing() as connection:
        twin = imports.of_content(connection, way.kind, whose, content, file.as_of)
        if twin is None:
            imports.save(connection, made, reading.rejected)
            way.save(connection, reading, made)
    return _again(file, twin) if twin else _told(file, reading, made)


def _import(file: File, reading: Reading, digest: str, at: dt.datetime) -> Import:
    return Import(
        kind=reading.kind,
        file_name=file.name,
        digest=digest,
        regulator=file.regulator.name,
        as_of=file.as_of or _latest_day(reading),
        learned_at=at,
        rows_read=reading.rows_read,
        rows_kept=reading.rows_kept,
        findings=reading.findings,
    )


def _told(file: File, reading: Reading, made: Import) -> Taken:
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
        findings=_shown(reading.findings),
    )


def _again(file: File, held: Import) -> Taken:
    return Taken(
        name=file.name,
        kind=held.kind,
        new=False,
        as_of=held.as_of,
        rows_read=held.rows_read,
        rows_kept=held.rows_kept,
        settings=0,
        inspections=0,
        changes=0,
        rejected=[],
        findings=_shown(held.findings) | {"same_as": held.file_name},
    )


def _shown(findings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in findings.items() if name != "content"}


def _hold_against_nearest(store: Store, file: File, reading: Reading) -> None:
    assert file.as_of is not None
    with store.reading() as connection:
        nearest = registers.nearest(connection, file.regulator.name, file.as_of)
        then = registers.rows_of(connection, file.regulator.name, nearest) if nearest else {}
    if nearest:
        compare(reading, file.as_of, nearest, then, accept=file.accept)


def _snapshot(made: Import) -> Snapshot:
    assert made.regulator is not None
    assert made.as_of is not None
    return Snapshot(regulator=made.regulator, as_of=made.as_of, import_id=made.id)


def _save_claims(connection: sa.Connection, reading: Reading, made: Import, origin: str) -> None:
    assert made.regulator is not None
    inspections.save_claims(
        connection,
        made.regulator,
        [claim for _, claim in reading.claims],
        origin=origin,
        origin_id=made.id,
        at=made.learned_at,
    )


def _by_day(reading: Reading) -> list[tuple[dt.date, RegisterRow]]:
    """Rows of a table of inspections, oldest inspection first: the newest says most of the setting."""
    days = {line: claim.first_day or dt.date.min for line, claim in reversed(reading.claims)}
    rows = ((days.get(line, dt.date.min), row) for line, row in reading.rows)
    return sorted(rows, key=lambda pair: (pair[0], pair[1].urn))


def _latest_day(reading: Reading) -> dt.date:
    """Of a table without a day of its own: the last day that it speaks of."""
    if "title_day" in reading.findings:
        return dt.date.fromisoformat(reading.findings["title_day"])
    days = [claim.first_day for _, claim in reading.claims if claim.first_day]
    return max([*days, *(change.day for change in reading.changes)])
