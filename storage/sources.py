"""The sources that are crawled: what their files declare, and whether the newsroom has them enabled."""

import dataclasses

import sqlalchemy as sa

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
