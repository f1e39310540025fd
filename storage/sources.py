"""The sources that are crawled: what their files declare, and whether the newsroom has them enabled."""

import dataclasses
import datetime as dt

import sqlalchemy as sa

from storage.errors import NotFound
from storage.records import Source
from storage.schema.crawl import sources


def save(connection: sa.Connection, source: Source) -> None:
    """Keep what the source's file declares; what the newsroom set stays."""
    declared = dataclasses.asdict(source)
    name = declared.pop("name")
    if connection.execute(sa.select(sources.c.id).where(sources.c.id == name)).first():
        connection.execute(sa.update(sources).where(sources.c.id == name).values(**declared))
    else:
        connection.execute(sa.insert(sources).values(id=name, **declared))


def disabled(connection: sa.Connection) -> set[str]:
    """The names of the sources that the newsroom switched off."""
    return set(connection.execute(sa.select(sources.c.id).where(sources.c.enabled.is_(False))).scalars())


def switch(connection: sa.Connection, name: str, *, on: bool) -> None:
    """Have a source crawled, or not, from now on; NotFound."""
    _change(connection, name, enabled=on)


def make_due(connection: sa.Connection, name: str, *, at: dt.datetime) -> None:
    """Have the schedule look at a source at once; NotFound."""
    _change(connection, name, next_due=at)


def _change(connection: sa.Connection, name: str, **values: object) -> None:
    changed = connection.execute(sa.update(sources).where(sources.c.id == name).values(**values))
    if not changed.rowcount:
        raise NotFound(f"there is no source {name[:60]!r}")
