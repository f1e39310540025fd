"""The audit log as an operator reads it: filtered, newest first."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.schema.work import audit


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries are wanted; empty fields want all. ``before``: entries older than that number."""

    who: str = ""
    action: str = ""
    about: str = ""
    before: int | None = None


def log_lines(connection: sa.Connection, wanted: Wanted, *, limit: int = 100) -> list[sa.Row[Any]]:
    """Entries, the newest first."""
    query = sa.select(audit).order_by(audit.c.seq.desc()).limit(limit)
    for column, value in ((audit.c.who, wanted.who), (audit.c.action, wanted.action)):
        query = query.where(column == value) if value else query
    if wanted.about:
        query = query.where(sa.or_(audit.c.about == wanted.about, audit.c.what == wanted.about))
    if wanted.before is not None:
        query = query.where(audit.c.seq < wanted.before)
    return list(connection.execute(query))


def choices(connection: sa.Connection) -> tuple[list[str], list[str]]:
    """Who did something, and what was done: what the log can be filtered by."""
    who, action = (
        list(connection.execute(sa.select(column).distinct().order_by(column)).scalars())
        for column in (audit.c.who, audit.c.action)
    )
    return who, action
