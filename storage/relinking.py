"""What links were made on: each article's grounds, and a digest of each record as it then was."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from storage.batches import batches
from storage.schema.inspections import inspections, reports
from storage.schema.naming import provider_aliases
from storage.schema.people import changes, places
from storage.schema.registers import ownerships, provider_names, providers, register_rows, settings, snapshots
from storage.schema.relinking import link_grounds, linked_records, linked_wholes

_RECORD = ("setting", "provider", "inspection", "report", "place")
"""What of the change sequence the linker reads as the record."""
_COUNTED = (
    settings,
    inspections,
    reports,
    providers,
    provider_names,
    provider_aliases,
    ownerships,
    snapshots,
    register_rows,
    places,
)
_STAMP = "record all"
"""Under what the whole record's stamp stands among the digests."""


def record_stamp(connection: sa.Connection) -> str:
    """The same as long as nothing is noted of the record and none of its tables grows or shrinks."""
    last = sa.select(sa.func.max(changes.c.seq)).where(changes.c.what.in_(_RECORD)).scalar_subquery()
    counts = [sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in _COUNTED]
    return " ".join(map(str, connection.execute(sa.select(last, *counts)).one()))


def stamp_linked(connection: sa.Connection) -> str | None:
    """The stamp of the record that articles were last linked against."""
    query = sa.select(linked_records.c.digest).where(linked_records.c.id == _STAMP)
    found: str | None = connection.execute(query).scalar()
    return found


def keep_grounds(connection: sa.Connection, grounds: Mapping[str, Mapping[str, Any]]) -> None:
    """Put each article's grounds in the place of its earlier ones."""
    for batch in batches(grounds):
        connection.execute(sa.delete(link_grounds).where(link_grounds.c.article_id.in_(batch)))
    rows = [{"article_id": id_, "grounds": dict(told)} for id_, told in grounds.items()]
    if rows:
        connection.execute(sa.insert(link_grounds), rows)


def grounds(connection: sa.Connection) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every linked article with its grounds."""
    for row in connection.execute(sa.select(link_grounds)):
        yield row.article_id, row.grounds


def digests(connection: sa.Connection) -> dict[str, str]:
    """The records as they were last linked against, by id."""
    query = sa.select(linked_records.c.id, linked_records.c.digest).where(linked_records.c.id != _STAMP)
    return {id_: digest for id_, digest in connection.execute(query)}  # noqa: C416 (rows are no pairs to mypy)


def keep_digests(
    connection: sa.Connection, changed: Mapping[str, str], gone: set[str], *, stamp: str
) -> None:
    """Remember how changed records are now, and the whole by its stamp; forget those that are gone."""
    for batch in batches([*changed, *sorted(gone), _STAMP]):
        connection.execute(sa.delete(linked_records).where(linked_records.c.id.in_(batch)))
    rows = [{"id": id_, "digest": digest} for id_, digest in {**changed, _STAMP: stamp}.items()]
    for some in batches(rows):
        connection.execute(sa.insert(linked_records), some)


def whole_run(connection: sa.Connection, model_id: str) -> tuple[int, int] | None:
    """Settings and inspections at the last run over all articles by this model; None before the first."""
    row = connection.execute(sa.select(linked_wholes).where(linked_wholes.c.model_id == model_id)).first()
    return (row.settings, row.inspections) if row else None


def keep_whole_run(connection: sa.Connection, model_id: str, settings: int, inspections: int) -> None:
    """Note that all articles were linked by this model against a register of that size."""
    connection.execute(sa.delete(linked_wholes))
    row = {"model_id": model_id, "settings": settings, "inspections": inspections}
    connection.execute(sa.insert(linked_wholes).values(**row))
