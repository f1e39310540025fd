"""Hosts that asked to be left alone, and until when; a restart honours it."""

import datetime as dt

import sqlalchemy as sa

from storage.schema.crawl import hosts


def leave_alone(connection: sa.Connection, name: str, until: dt.datetime) -> None:
    """Ask the host nothing before that time."""
    values = {"not_before": until}
    if connection.execute(sa.update(hosts).where(hosts.c.id == name).values(**values)).rowcount == 0:
        connection.execute(sa.insert(hosts).values(id=name, **values))


def waits(connection: sa.Connection, *, at: dt.datetime) -> dict[str, dt.datetime]:
    """The hosts that are still to be left alone, and until when."""
    rows = connection.execute(sa.select(hosts.c.id, hosts.c.not_before).where(hosts.c.not_before > at))
    return {row.id: row.not_before for row in rows}
