"""Whether an archive is sound at a glance: its engine, disk, log, evidence, register, jobs. Reads only.

Each check gives findings; what is wrong says in one line what to do. Quick: no byte of the evidence is read.
"""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import sqlalchemy as sa

from storage import captures, jobs, sealed_objects
from storage.errors import StorageError, UsageMistake
from storage.evidence import EvidenceFolder
from storage.place import Place
from storage.pushing import finished
from storage.schema.crawl import runs
from storage.schema.jobs import jobs as job_rows
from storage.schema.registers import snapshots

State = Literal["good", "note", "wrong"]

FLOOR: Final = 512 * 2**20
"""Bytes that must be free: below, nothing is to be fetched and nobody is to be sent here."""
_SOUND_SQLITE: Final = (3, 51, 3)
_OLDEST_POSTGRES: Final = (14,)
_LONG_LOG: Final = 256 * 2**20
_SLACK: Final = dt.timedelta(minutes=5)
_OLD_REGISTER: Final = dt.timedelta(days=200)
_LATE: Final = dt.timedelta(days=1)  # a finished file is put into the store every hour
_OFTEN: Final = 3  # failures in a row of a job that somebody should see


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a check found; ``todo`` is there where something is to be done.

    ``alarmed``: the operator is told of it already, by the alarm of a source or a job.
    """

    check: str
    state: State
    told: str
    todo: str | None = None
    alarmed: bool = False


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What is looked at: an archive that is open for reading, now."""

    connection: sa.Connection
    place: Place
    at: dt.datetime


def look(patient: Patient) -> Iterator[Finding]:
    """Every check of the archive itself, one after the other."""
    for check in _CHECKS:
        yield from check(patient)


def engine(patient: Patient) -> Iterator[Finding]:
    """SQLite before 3.51.3 can corrupt a log that two write; our lock keeps that from happening."""
    if patient.place.path is None:
        version = patient.connection.dialect.server_version_info or (0,)
        told = f"PostgreSQL {'.'.join(map(str, version))}"
        if tuple(version) < _OLDEST_POSTGRES:
            yield _wrong("engine", f"{told} gets no corrections any more", "upgrade to 14 or newer")
            return
        yield _good("engine", told)
        yield from _collation(patient.connection)
        return
    if sqlite3.sqlite_version_info < _SOUND_SQLITE:
        told = f"SQLite {sqlite3.sqlite_version} can corrupt a log that two processes write at once"
        yield Finding(
            check="engine",
            state="note",
            told=f"{told}; On Record never does that",
            todo="write to the archive with nothing but On Record, or use a Python with SQLite 3.51.3",
        )
        return
    yield _good("engine", f"SQLite {sqlite3.sqlite_version}")


def _collation(connection: sa.Connection) -> Iterator[Finding]:
    """By code points names stand in the same order on every machine, and as on SQLite."""
    provider = "datlocprovider" if (connection.dialect.server_version_info or (0,)) >= (15,) else "'c'"
    named = f"select datcollate, {provider} from pg_database where datname = current_database()"  # noqa: S608
    collation, of = connection.exec_driver_sql(named).one()
    if of == "i" or collation.partition(".")[0] not in ("C", "POSIX"):
        yield Finding(
            check="engine",
            state="note",
            told="the database sorts by a language: lists are in another order than elsewhere",
            todo="make a database with LOCALE 'C.UTF-8', and `onrecord archive copy` into it",
        )


def disk(patient: Patient) -> Iterator[Finding]:
    """Room to go on, and for the copy that an upgrade works on."""
    free = room(patient.place)
    size = patient.place.path.stat().st_size if patient.place.path else 0
    told = f"{free / 2**30:.1f} GiB free"
    if free < FLOOR:
        yield _wrong("disk", told, f"make room: {FLOOR / 2**30:.1f} GiB at least must be free")
    elif free < 2 * size:
        yield Finding(
            check="disk",
            state="note",
            told=told,
            todo="make room: an upgrade works on a copy of the database",
        )
    else:
        yield _good("disk", told)


def room(place: Place) -> int:
    """Bytes that are free where the archive's folders lie."""
    return shutil.disk_usage(next(folder for folder in place.evidence.parents if folder.is_dir())).free


def clock(patient: Patient) -> Iterator[Finding]:
    """No clock that is right is behind what was already written down."""
    last = patient.connection.scalar(sa.select(sa.func.max(runs.c.started)))
    if last is not None and last > patient.at + _SLACK:
        told = f"it is {patient.at:%Y-%m-%d %H:%M} UTC here, but something ran on {last:%Y-%m-%d %H:%M}"
        yield _wrong("clock", told, "set this machine's clock by NTP")
        return
    yield _good("clock", f"{patient.at:%Y-%m-%d %H:%M} UTC")


def log(patient: Patient) -> Iterator[Finding]:
    """A write-ahead log that cannot be folded is held by somebody who reads."""
    if patient.place.path is None:
        return
    size = log_size(patient.place)
    told = f"{size / 2**20:.1f} MiB"
    if size > _LONG_LOG:
        todo = "end the process that has been reading the archive for long, then run any import or crawl"
        yield _wrong("write-ahead log", told, todo)
        return
    yield _good("write-ahead log", told)


def log_size(place: Place) -> int:
    """Bytes of the write-ahead log; 0 where there is none."""
    wal = Path(f"{place.path}-wal")
    return wal.stat().st_size if place.path and wal.exists() else 0


def evidence(patient: Patient) -> Iterator[Finding]:
    """Each WARC file is there, and as long as what is indexed of it."""
    ends, folder = captures.ends(patient.connection), EvidenceFolder.of(patient.place)
    try:
        there = folder.objects.sizes() if folder.objects else {}
    except (StorageError, UsageMistake) as fault:
        yield _wrong("evidence store", str(fault), "look at its address, credentials and network")
        there = dict(ends)  # nobody knows
    lost = [name for name, end in ends.items() if max(_size(folder.path / name), there.get(name, -1)) < end]
    elsewhere = [one for one in lost if folder.may_wait(captures.newest(patient.connection, one))]
    lost = [name for name in lost if name not in elsewhere]
    if folder.objects:
        yield from _waiting(patient, there, len(elsewhere))
    if lost:
        told = f"{len(lost)} of {len(ends)} files are missing or too short, as {sorted(lost)[0]}"
        yield _wrong("evidence", told, "bring them back from a backup: `onrecord restore`")
        return
    yield _good("evidence", f"{len(ends)} files, all there")


def _waiting(patient: Patient, there: Mapping[str, int], elsewhere: int) -> Iterator[Finding]:
    """What is still to be put into the evidence store, or to be sealed in it."""
    if due := sealed_objects.waiting(patient.connection):
        told = f"what was erased may still lie in {len(due)} files of it"
        yield _wrong("evidence store", told, "run `onrecord evidence push`")
    here = [one for one in finished(patient.place.evidence) if there.get(one.name) != one.stat().st_size]
    told = f"{len(there)} files in it, {len(here)} here wait for upload"
    told += f", {elsewhere} may wait on other machines" if elsewhere else ""
    if any(one.stat().st_mtime < (patient.at - _LATE).timestamp() for one in here):
        yield Finding(check="evidence store", state="note", told=told, todo="run `onrecord evidence push`")
        return
    yield _good("evidence store", told)


def register(patient: Patient) -> Iterator[Finding]:
    """Links are as good as the register is new."""
    newest = patient.connection.scalar(sa.select(sa.func.max(snapshots.c.as_of)))
    if newest is None:
        yield Finding(
            check="register",
            state="note",
            told="there is none to link against",
            todo="run `onrecord import register FILE --regulator ofsted --as-of DATE`",
        )
    elif patient.at.date() - newest > _OLD_REGISTER:
        yield Finding(
            check="register",
            state="note",
            told=f"the newest is of {newest}",
            todo="import a newer one, or have `onrecord schedule` crawl the regulator's tables",
        )
    else:
        yield _good("register", f"the newest is of {newest}")


def counts(patient: Patient) -> Iterator[Finding]:
    """What runs counted adds up: whatever was fetched became something."""
    became = runs.c.stored + runs.c.duplicate + runs.c.refused + runs.c.failed
    query = sa.select(runs.c.id).where(runs.c.fetched != became).order_by(runs.c.started)
    odd = list(patient.connection.scalars(query))
    if odd:
        told = f"{len(odd)} runs fetched what they do not account for, as {odd[-1]}"
        yield _wrong("counts", told, "run `onrecord verify`, and report it: this is a fault of On Record")
        return
    yield _good("counts", "every run accounts for what it fetched")


def work(patient: Patient) -> Iterator[Finding]:
    """The schedule is alive, and no job fails again and again."""
    planned = jobs.listed(patient.connection)
    if not planned:
        yield Finding(
            check="schedule",
            state="note",
            told="nothing is planned",
            todo="run `onrecord schedule`, or `onrecord schedule --once` by cron",
        )
        return
    late = [one for one in planned if one.due < patient.at - dt.timedelta(days=1)]
    if late and not any(one.is_running(patient.at) for one in planned):
        told = f"{len(late)} jobs are late for more than a day, as {late[0].id}"
        yield _wrong("schedule", told, "start `onrecord schedule` again")
    for one in planned:
        if one.failures >= _OFTEN:
            told = f"{one.id} failed {one.failures} times in a row: {one.reason or 'no reason given'}"
            todo = "see `onrecord schedule --list`, and do it by hand to read what it says"
            yield Finding(check="schedule", state="wrong", told=told, todo=todo, alarmed=True)
    if not late:
        last = patient.connection.scalar(sa.select(sa.func.max(job_rows.c.ended)))
        yield _good(
            "schedule", f"{len(planned)} jobs; one last ended {last:%Y-%m-%d %H:%M}" if last else "begun"
        )


def _good(check: str, told: str) -> Finding:
    return Finding(check=check, state="good", told=told)


def _wrong(check: str, told: str, todo: str) -> Finding:
    return Finding(check=check, state="wrong", told=told, todo=todo)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else -1


_CHECKS: Final[tuple[Callable[[Patient], Iterator[Finding]], ...]] = (
    engine,
    disk,
    clock,
    log,
    evidence,
    register,
    counts,
    work,
)
