"""The audit log: what operators did, and who looked at what is sealed; hash-chained, append-only."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from storage import chain
from storage.schema.links import judgements
from storage.schema.work import audit

LOGS: Final[Mapping[str, sa.Table]] = {"judgements": judgements, "audit": audit}
"""Every chained log of the archive, by name."""


def note(
    connection: sa.Connection,
    action: str,
    what: str,
    about: str,
    *,
    who: str,
    at: dt.datetime,
    reason: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Append one entry inside the transaction that does what it tells; returns its number."""
    row = {"at": at, "who": who, "action": action, "what": what, "about": about, "reason": reason}
    return chain.append(connection, audit, row | {"details": dict(details or {})})


def entries(
    connection: sa.Connection,
    *,
    about: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[sa.Row[Any]]:
    """Entries, newest first; ``about`` one record, ``before`` a number (for the next page)."""
    query = sa.select(audit).order_by(audit.c.seq.desc()).limit(limit)
    if about is not None:
        query = query.where(audit.c.about == about)
    if before is not None:
        query = query.where(audit.c.seq < before)
    return list(connection.execute(query))


def verify(connection: sa.Connection) -> dict[str, chain.Verdict]:
    """What a check of each chained log found, by the log's name."""
    return {name: chain.verify(connection, log) for name, log in LOGS.items()}


def holds(connection: sa.Connection, newest: str) -> bool:
    """Whether a log still has the row of that hash, or is empty where the hash is that before any row."""
    if newest == chain.FIRST:
        return True
    return any(
        connection.execute(sa.select(log.c.seq).where(log.c.hash == newest)).first() is not None
        for log in LOGS.values()
    )
