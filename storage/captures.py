"""The index of captures: where in which WARC the bytes of an address lie."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from storage.errors import NotFound
from storage.records import Capture
from storage.schema.crawl import captures
from storage.schema.press import article_versions

_COLUMNS = [captures.c[field.name] for field in dataclasses.fields(Capture)]


def save(connection: sa.Connection, made: Iterable[Capture]) -> None:
    """Index captures whose records are whole on the disk."""
    rows = [dataclasses.asdict(capture) for capture in made]
    if rows:
        connection.execute(sa.insert(captures), rows)


def get(connection: sa.Connection, capture_id: str) -> Capture:
    """The capture of that id; NotFound."""
    return _one(connection, captures.c.id == capture_id, f"there is no capture {capture_id}")


def with_body(connection: sa.Connection, capture: Capture) -> Capture:
    """The capture that holds the body: an unchanged body was recorded only the first time."""
    if capture.record_type != "revisit":
        return capture
    same_body = sa.and_(captures.c.digest == capture.digest, captures.c.record_type != "revisit")
    return _one(connection, same_body, f"the body that capture {capture.id} repeats is not indexed")


def holding(connection: sa.Connection, digest: str, url: str) -> Capture | None:
    """An earlier capture of the same address with the same body, to be referred to by a revisit."""
    query = (
        sa.select(*_COLUMNS)
        .where(captures.c.digest == digest, captures.c.url == url, captures.c.record_type != "revisit")
        .order_by(captures.c.fetched_at)
    )
    row = connection.execute(query).first()
    return Capture(**row._mapping) if row else None


def made_of(connection: sa.Connection, capture: Capture) -> Capture:
    """What was fetched, of which a browser made this capture; of any other capture itself."""
    if capture.record_type != "conversion":
        return capture
    fetched = (
        sa.select(*_COLUMNS)
        .where(
            captures.c.url == capture.url,
            captures.c.run_id == capture.run_id,
            captures.c.record_type != "conversion",
            captures.c.fetched_at <= capture.fetched_at,
        )
        .order_by(captures.c.fetched_at.desc())
    )
    row = connection.execute(fetched).first()
    if row is None:
        raise NotFound(f"the answer of which capture {capture.id} was made is not indexed")
    return Capture(**row._mapping)


def latest(connection: sa.Connection, url: str) -> Capture | None:
    """The last capture of an address that holds a body: what a "not modified" refers to."""
    query = (
        sa.select(*_COLUMNS)
        .where(captures.c.url == url, captures.c.record_type != "revisit", captures.c.status == 200)
        .order_by(captures.c.fetched_at.desc())
    )
    row = connection.execute(query).first()
    return Capture(**row._mapping) if row else None


def of_article(connection: sa.Connection, article_id: str, version: int | None = None) -> Capture:
    """What the article's text (of its latest version, or of the one given) was read from; NotFound."""
    query = (
        sa.select(*_COLUMNS)
        .join(article_versions, article_versions.c.capture_id == captures.c.id)
        .where(article_versions.c.article_id == article_id)
        .order_by(article_versions.c.number.desc())
    )
    if version is not None:
        query = query.where(article_versions.c.number == version)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("no bytes were captured for that article: it was imported as text")
    return Capture(**row._mapping)


def each(
    connection: sa.Connection, *, record_type: str | None = None, warc_file: str | None = None
) -> Iterator[Capture]:
    """Every capture (of one type, or of one file), file by file, in the order of the records."""
    query = sa.select(*_COLUMNS).order_by(captures.c.warc_file, captures.c.offset)
    if record_type is not None:
        query = query.where(captures.c.record_type == record_type)
    if warc_file is not None:
        query = query.where(captures.c.warc_file == warc_file)
    for row in connection.execute(query):
        yield Capture(**row._mapping)


def ends(connection: sa.Connection) -> dict[str, int]:
    """How far each WARC file is indexed, in bytes."""
    end = sa.func.max(captures.c.offset + captures.c.length)
    rows = connection.execute(sa.select(captures.c.warc_file, end).group_by(captures.c.warc_file))
    return {row[0]: row[1] for row in rows}


def newest(connection: sa.Connection, warc_file: str) -> dt.datetime:
    """When the last capture of a WARC file was fetched; NotFound where none is indexed."""
    found: dt.datetime | None = connection.scalar(
        sa.select(sa.func.max(captures.c.fetched_at)).where(captures.c.warc_file == warc_file)
    )
    if found is None:
        raise NotFound(f"no capture of {warc_file} is indexed")
    return found


def _one(connection: sa.Connection, condition: sa.ColumnElement[bool], missing: str) -> Capture:
    row = connection.execute(sa.select(*_COLUMNS).where(condition)).first()
    if row is None:
        raise NotFound(missing)
    return Capture(**row._mapping)
