"""Make an archive, or bring an older one to today's schema: on a copy that is swapped in at the end.

Killed at any instant, either the old file or the new one is there, whole. Foreign keys are off while
tables are recreated, since SQLite would otherwise delete every child row of a dropped parent, and are
checked before the swap.
"""

import contextlib
import os
import re
import sqlite3
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from storage import sqlite
from storage.errors import ArchiveBusy, NewerArchive, StorageError, UnfinishedCopy

_READERS_MAY_TAKE = 2_000  # ms; a page's reading transaction takes far less, a long export more

_MIGRATIONS = Path(__file__).parent / "migrations"


COPYING: Final = "copying"
"""What stands for the revision while an archive is copied there: nobody opens half of one."""

_REVISION = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)', re.M)


def revisions() -> dict[str, str | None]:
    """Each migration's revision, and the one it follows; read without Alembic, which takes 0.3 s to load."""
    said = (dict(_REVISION.findall(path.read_text())) for path in _MIGRATIONS.glob("versions/*.py"))
    return {one["revision"]: one["down_revision"] or None for one in said}


def newest() -> str:
    """The revision that this version of the code writes."""
    known = revisions()
    (head,) = known.keys() - set(known.values())
    return head


def revision_of(connection: sa.Connection) -> str | None:
    """The revision that the schema is said to be of; None where there is none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("select version_num from alembic_version")).scalar()
    return found


def is_current(connection: sa.Connection, name: str) -> bool:
    """Whether the schema is today's; NewerArchive when it is one this version does not know.

    UnfinishedCopy where `onrecord archive copy` has not come to its end.
    """
    revision = revision_of(connection)
    if revision == COPYING:
        raise UnfinishedCopy(
            f"{name} is a copy that is not finished; repeat `onrecord archive copy` to go on"
        )
    if revision is not None and revision not in revisions():
        raise NewerArchive(
            f"{name} was written by a newer version of On Record; upgrade the program to open it"
        )
    return revision == newest()


def migrate(connection: sa.Connection, target: str = "head") -> None:
    """Run the missing migrations inside the connection's transaction."""
    from alembic import command  # noqa: PLC0415 (heavy, and only an upgrade needs it)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def create(path: Path, target: str = "head") -> None:
    """Make an empty archive at ``path``; the writer's lock must be held."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _scratch(path)
    _migrate_file(fresh, target)
    _swap_in(fresh, path)


def upgrade(path: Path, target: str = "head") -> None:
    """Migrate a copy of the archive and swap it in; the writer's lock must be held."""
    copy = _scratch(path)
    with (
        contextlib.closing(sqlite.connect(path, write=True)) as old,
        contextlib.closing(sqlite3.connect(copy)) as new,
    ):
        old.backup(new)
        sqlite.in_one_file(new, copy)
    _migrate_file(copy, target)
    with contextlib.closing(sqlite.connect(path, write=True)) as old:
        old.execute(f"PRAGMA busy_timeout={_READERS_MAY_TAKE}")
        blocked, *_ = old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if blocked:
        copy.unlink()
        raise ArchiveBusy(
            f"{path} must be upgraded and another process reads it; stop `onrecord serve` and repeat"
        )
    _swap_in(copy, path)


def _scratch(path: Path) -> Path:
    scratch = path.with_name(f"{path.name}.upgrading")
    for leftover in (scratch, *(Path(f"{scratch}{end}") for end in ("-wal", "-shm", "-journal"))):
        leftover.unlink(missing_ok=True)
    return scratch


def _migrate_file(path: Path, target: str = "head") -> None:
    engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(path, isolation_level=None))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            migrate(connection, target)
            if orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise StorageError(
                    f"the upgrade of {path} would orphan {len(orphans)} rows; the archive is unchanged"
                )
            connection.exec_driver_sql(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
            connection.exec_driver_sql("COMMIT")
    finally:
        engine.dispose()


def _swap_in(fresh: Path, path: Path) -> None:
    if Path(f"{fresh}-wal").exists():
        raise StorageError(f"{fresh} could not be written whole; {path} is unchanged: look at the disk")
    sqlite.sync(fresh)
    os.replace(fresh, path)
    # A WAL of the old file (empty by now) must never be replayed into the new one.
    for leftover in (Path(f"{path}-wal"), Path(f"{path}-shm")):
        leftover.unlink(missing_ok=True)
    sqlite.sync(path)
