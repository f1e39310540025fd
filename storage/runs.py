"""Runs: when something was done, what it counted, and what failed in it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from storage.ids import random_id
from storage.schema.crawl import failures, runs

Ending = Literal["done", "failed", "stopped"]
Count = Literal["stored", "duplicate", "refused", "failed"]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a run met; ``fetched`` is always the sum of the other four."""

    fetched: int = 0
    stored: int = 0
    duplicate: int = 0
    refused: int = 0
    failed: int = 0


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A page or file that gave nothing, and why."""

    what: str
    outcome: str
    reason: str
    capture_id: str | None = None


def begin(connection: sa.Connection, kind: str, source_id: str | None, *, at: dt.datetime) -> str:
    """Begin a run; an earlier one of the same kind and source that never ended was stopped."""
    if source_id is not None:
        unended = (runs.c.kind == kind) & (runs.c.source_id == source_id) & runs.c.ended.is_(None)
        connection.execute(sa.update(runs).where(unended).values(ended=at, outcome="stopped"))
    run_id = random_id("run")
    connection.execute(sa.insert(runs).values(id=run_id, kind=kind, source_id=source_id, started=at))
    return run_id


def count(connection: sa.Connection, run_id: str, met: Mapping[Count, int]) -> None:
    """Add what was met since, in the transaction that keeps it."""
    more: dict[str, Any] = {name: runs.c[name] + number for name, number in met.items()}
    more["fetched"] = runs.c.fetched + sum(met.values())
    connection.execute(sa.update(runs).where(runs.c.id == run_id).values(**more))


def fail(connection: sa.Connection, run_id: str, failure: Failure, *, at: dt.datetime) -> None:
    """Keep one failure of the run, for people to see."""
    connection.execute(
        sa.insert(failures).values(
            id=random_id("failure"),
            run_id=run_id,
            capture_id=failure.capture_id,
            what=failure.what,
            outcome=failure.outcome,
            reason=failure.reason,
            at=at,
        )
    )


def end(
    connection: sa.Connection, run_id: str, ending: Ending, *, at: dt.datetime, detail: Mapping[str, Any]
) -> Counts:
    """End the run; gives back what it counted."""
    connection.execute(
        sa.update(runs).where(runs.c.id == run_id).values(ended=at, outcome=ending, detail=dict(detail))
    )
    return counts(connection, run_id)


def counts(connection: sa.Connection, run_id: str) -> Counts:
    """What the run has counted so far."""
    columns = [runs.c[field] for field in Counts.__dataclass_fields__]
    return Counts(**connection.execute(sa.select(*columns).where(runs.c.id == run_id)).one()._mapping)
