"""What the archive takes on the disk, and which versions made it."""

import platform
import shutil
import sqlite3
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from storage.place import Place
from storage.schema.links import models

LIBRARIES: Final = (
    "scrapy",
    "trafilatura",
    "pypdfium2",
    "tantivy",
    "sqlalchemy",
    "starlette",
    "scikit-learn",
)


@dataclass(frozen=True, kw_only=True)
class Footprint:
    """Bytes by what they hold; ``free`` and ``whole`` of the disk where the archive lies."""

    parts: tuple[tuple[str, int], ...]
    free: int
    whole: int

    @property
    def is_tight(self) -> bool:
        """Whether an upgrade, which works on a copy, would not fit."""
        return self.free < max(2**30, 2 * sum(size for name, size in self.parts if name == "Database"))


def footprint(connection: sa.Connection, place: Place) -> Footprint:
    """Sizes now; the evidence and index folders are walked."""
    if place.path is None:
        size = connection.execute(sa.text("select pg_database_size(current_database())")).scalar_one()
        records: tuple[tuple[str, int], ...] = (("Database", size),)
    else:
        wal = place.path.with_name(f"{place.path.name}-wal")
        records = (("Database", _size(place.path)), ("Write-ahead log", _size(wal)))
    folders = (("Search index", _size(place.index)), ("Evidence", _size(place.evidence)))
    disk = shutil.disk_usage(next(folder for folder in place.index.parents if folder.is_dir()))
    return Footprint(parts=records + folders, free=disk.free, whole=disk.total)


def versions(connection: sa.Connection) -> list[tuple[str, str]]:
    """Ours, Python's, the libraries', the schema's."""
    schema = connection.execute(sa.text("select version_num from alembic_version")).scalar_one()
    dialect = connection.dialect
    base = sqlite3.sqlite_version if dialect.name == "sqlite" else ".".join(map(str, _server(dialect)))
    known = [("On Record", _version("onrecord")), ("Python", platform.python_version()), ("Schema", schema)]
    known.append(("SQLite" if dialect.name == "sqlite" else "PostgreSQL", base))
    return known + [(name, _version(name)) for name in LIBRARIES]


def model(connection: sa.Connection) -> sa.Row[Any] | None:
    """The fitted model in use; None while the weights are those that came with the program."""
    return connection.execute(sa.select(models).where(models.c.in_use)).first()


def _server(dialect: sa.Dialect) -> tuple[Any, ...]:
    return dialect.server_version_info or ("unknown",)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _size(path: Path) -> int:
    """Bytes of a file, or of all files under a folder; 0 where there is none; files may vanish meanwhile."""
    files = path.rglob("*") if path.is_dir() else [path]
    total = 0
    for file in files:
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:
            continue
    return total
