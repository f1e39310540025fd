"""Hosts that asked to be left alone, and until when; a restart honours it."""

import datetime as dt
from typing import Final

import sqlalchemy as sa

from storage.schema.crawl import hosts

LONGEST_WAIT: Final = dt.timedelta(hours=24)
"""What a host may ask for at most; one that says ten years is asked again tomorrow."""
_SLACK: Final = dt.timedelta(hours=1)  # a crawl's clock goes on while it runs


def leave_alone(connection: sa.Connection, name: str, until: dt.datetime) -> None:
    """Ask the host nothing before that time."""
    values = {"not_before": until}
    if connection.execute(sa.update(hosts).where(hosts.c.id == name).values(**values)).rowcount == 0:
        connection.execute(sa.insert(hosts).values(id=name, **values))


def waits(connection: sa.Connection, *, at: dt.datetime) -> dict[str, dt.datetime]:
    """The hosts that are still to be left alone, and until when; nobody for longer than may be asked for.

    What is farther away was written by a clock that was wrong.
    """
    still = hosts.c.not_before.between(at, at + LONGEST_WAIT + _SLACK)
    rows = connection.execute(sa.select(hosts.c.id, hosts.c.not_before).where(still))
    return {row.id: row.not_before for row in rows}
