"""One export, from what is asked to the file: its table, its format, and one moment of the archive."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import sqlalchemy as sa

from archive.export import about, changed
from archive.export.about import About
from archive.export.forms import csv, datapackage, ftm, jsonl, parquet, sqlite
from archive.export.tabled import Reading, Table
from archive.export.tables import TABLES
from archive.export.tables.public import PUBLIC
from archive.public import Opening
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.store import Store

_ALONE: Final = {"csv": csv.write, "jsonl": jsonl.write, "parquet": parquet.write}
_TOGETHER: Final = {"ftm": ftm.write, "sqlite": sqlite.write, "datapackage": datapackage.write}
"""Formats that hold one table, and those that hold what it refers to as well."""
FORMS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "ftm": "application/jsonl",
    "sqlite": "application/vnd.sqlite3",
    "datapackage": "application/zip",
}
"""Every format, and what it is served as."""
TOLD: Final = {
    "csv": "CSV",
    "jsonl": "JSON Lines",
    "parquet": "Parquet",
    "ftm": "FollowTheMoney",
    "sqlite": "SQLite",
    "datapackage": "Data package",
}
"""Every format as readers know it."""
_ENDINGS: Final = {"ftm": "ftm.jsonl", "sqlite": "db", "datapackage": "zip"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be exported. ``since``: a cursor; ``opening``: by the public view's rules."""

    what: str
    form: str
    since: str | None = None
    with_text: bool = False
    opening: Opening | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was written: how many ``counted`` of the table asked for, and what was kept back, by reason."""

    rows: int
    counted: str
    about: About
    tables: tuple[Table, ...]
    refused: Mapping[str, int] = field(default_factory=dict)


def file_name(what: str, form: str) -> str:
    """``links.csv``."""
    return f"{what}.{_ENDINGS.get(form, form)}"


def export(store: Store, asked: Asked, out: IO[bytes]) -> Done:
    """Write it; UsageMistake for what cannot be, before anything is written."""
    tables = _tables(asked)
    with one_moment(store) as connection:
        refused: Counter[str] = Counter()
        reading = Reading(
            connection=connection,
            since=changed.place(connection, asked.since) if asked.since else None,
            with_text=asked.with_text,
            opening=asked.opening,
            refused=refused,
        )
        told = _about(connection, asked)
        if asked.form in _ALONE:
            rows = _ALONE[asked.form](tables[0], reading, out)
        else:
            rows = _TOGETHER[asked.form](tables, reading, told, out)
    counted = "entities" if asked.form == "ftm" else asked.what
    return Done(rows=rows, counted=counted, about=told, tables=tuple(tables), refused=refused)


def export_to(store: Store, asked: Asked, path: Path) -> Done:
    """Write it to a file, which is there whole or not at all; beside a database lies Datasette's metadata."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            done = export(store, asked, file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    if asked.form == "sqlite":
        sqlite.beside(done.tables, done.about, path)
    return done


@contextlib.contextmanager
def one_moment(store: Store) -> Iterator[sa.Connection]:
    """A connection whose statements all read the same moment, on PostgreSQL too."""
    with store.reading() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _about(connection: sa.Connection, asked: Asked) -> About:
    return About(
        cursor=changed.now(connection),
        made_at=utc_now().isoformat(timespec="seconds"),
        since=asked.since,
        public=asked.opening is not None,
        publishers=about.publishers(connection),
    )


def _tables(asked: Asked) -> Sequence[Table]:
    """The table asked for, and behind it what it refers to, where the format holds more than one."""
    known = TABLES if asked.opening is None else PUBLIC
    if asked.form not in FORMS:
        raise UsageMistake(f"there is no format {asked.form!r}; there are {', '.join(FORMS)}")
    if asked.what not in known:
        raise UsageMistake(f"{asked.what} are not public; {', '.join(known)} are")
    if asked.with_text and asked.what != "articles":
        raise UsageMistake("--with-text is for articles: `onrecord export articles --with-text`")
    if asked.form == "ftm" and asked.what == "judgements":
        raise UsageMistake("judgements are no entities of FollowTheMoney; take csv, jsonl or parquet")
    wanted = [asked.what]
    if asked.form in _TOGETHER:
        for name in wanted:
            wanted += [one.table for one in known[name].refers if one.table not in wanted]
    tables = [known[name] for name in wanted]
    return tables if asked.with_text else [one.without("text") for one in tables]
