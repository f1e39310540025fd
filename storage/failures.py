"""What crawls could not read: shown to an operator, tried again or set aside on request."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from storage import frontier
from storage import sources as stored_sources
from storage.errors import NotFound
from storage.frontier import Found
from storage.schema.crawl import failures, runs
from storage.schema.crawl import frontier as waiting


@dataclass(frozen=True, kw_only=True)
class Failed:
    """One address or file that gave nothing, and of which source and run."""

    id: str
    what: str
    outcome: str
    reason: str
    at: dt.datetime
    source_id: str | None
    run_id: str | None
    capture_id: str | None


def standing(
    connection: sa.Connection,
    *,
    source: str | None = None,
    before: dt.datetime | None = None,
    limit: int = 50,
) -> list[Failed]:
    """Failures nobody has settled, the newest first; ``before`` for the next page."""
    query = _rows().where(failures.c.settled_at.is_(None)).order_by(failures.c.at.desc(), failures.c.id)
    if source is not None:
        query = query.where(runs.c.source_id == source)
    if before is not None:
        query = query.where(failures.c.at < before)
    return [Failed(**row._mapping) for row in connection.execute(query.limit(limit))]


def count(connection: sa.Connection) -> int:
    """How many failures nobody has settled."""
    query = sa.select(sa.func.count()).select_from(failures).where(failures.c.settled_at.is_(None))
    return connection.execute(query).scalar_one()


def retry(connection: sa.Connection, failure_id: str, *, at: dt.datetime) -> Failed:
    """Have the address fetched again by the next crawl of its source, which is due at once; NotFound."""
    failed = settle(connection, failure_id, at=at)
    if failed.source_id is None:
        raise NotFound("that came from no source that could be asked again; import the file once more")
    held = waiting.c.source_id == failed.source_id, waiting.c.url == failed.what
    kind = connection.execute(sa.select(waiting.c.kind).where(*held)).scalar() or "article"
    again = [Found(url=failed.what, kind=kind)]
    frontier.begin_at(connection, failed.source_id, again, at=at)
    stored_sources.make_due(connection, failed.source_id, at=at)
    return failed


def settle(connection: sa.Connection, failure_id: str, *, at: dt.datetime) -> Failed:
    """Take a failure off the list, and return it; NotFound when it is off already."""
    open_one = (failures.c.id == failure_id) & failures.c.settled_at.is_(None)
    row = connection.execute(_rows().where(open_one)).first()
    if row is None:
        raise NotFound("that failure is settled already, or never was")
    connection.execute(sa.update(failures).where(open_one).values(settled_at=at))
    return Failed(**row._mapping)


def _rows() -> sa.Select[tuple[str, str, str, str, dt.datetime, str | None, str | None, str | None]]:
    columns = (failures.c.id, failures.c.what, failures.c.outcome, failures.c.reason, failures.c.at)
    more = (runs.c.source_id, failures.c.run_id, failures.c.capture_id)
    return sa.select(*columns, *more).outerjoin(runs, runs.c.id == failures.c.run_id)
