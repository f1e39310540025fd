"""How the last check of each source went; a check is a run that fetches for nobody."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from storage import runs
from storage.schema.crawl import runs as table


def save(
    connection: sa.Connection, source_id: str, outcome: str, told: Mapping[str, Any], *, at: dt.datetime
) -> None:
    """Keep how a check went; the source must be known."""
    run_id = runs.begin(connection, "check", source_id, at=at)
    ending: runs.Ending = "done" if outcome == "done" else "failed"
    runs.end(connection, run_id, ending, at=at, detail={"outcome": outcome, **told})


def latest(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """The last check of each source: ``at``, ``outcome``, ``reason``, ``url``, ``fields``, ``missing``."""
    query = sa.select(table).where(table.c.kind == "check").order_by(table.c.started)
    return {row.source_id: {"at": row.started, **row.detail} for row in connection.execute(query)}
