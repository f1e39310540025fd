"""The settings and providers the public view reads. No query here names an address, or a person's name."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from archive import telling
from archive.public import Home, Inspected, Opening, Owner
from archive.reading.public import AT_ONCE, LISTED, about
from storage.assertions import OWNER_ID
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.registers import providers, settings

_INSPECTED: Final = (
    inspections.c.kind,
    inspections.c.first_day,
    inspections.c.last_day,
    inspections.c.overall,
)
_ORGANISATION: Final = providers.c.natural_person.is_(False) & providers.c.merged_into.is_(None)


def home(connection: sa.Connection, opening: Opening, setting_id: str) -> Home | None:
    """A setting with its inspections and the stories on it; None where there is none."""
    found = _homes_where(connection, settings.c.id == setting_id)
    if not found:
        return None
    (one,) = found
    inspected = (
        sa.select(*_INSPECTED)
        .where(inspections.c.setting_id == setting_id)
        .order_by(inspections.c.first_day.desc().nulls_last(), inspections.c.id)
        .limit(LISTED)
    )
    told = about(connection, opening, links.c.setting_id == setting_id)
    return Home(
        **vars(one)
        | {
            "inspections": tuple(Inspected(**row._mapping) for row in connection.execute(inspected)),
            "stories": tuple(one for one in told if one.setting_id),
        }
    )


def owner(connection: sa.Connection, opening: Opening, provider_id: str) -> Owner | None:
    """A provider with its settings; None for a natural person, and where there is none."""
    this = (providers.c.id == provider_id) & _ORGANISATION
    row = connection.execute(sa.select(providers.c.id, providers.c.name).where(this)).first()
    if row is None:
        return None
    told = about(connection, opening, OWNER_ID.in_([provider_id]))
    return Owner(
        id=row.id,
        name=row.name,
        homes=tuple(_homes_where(connection, settings.c.provider_id == provider_id)),
        stories=tuple(one for one in told if one.provider_id),
    )


def every_home(connection: sa.Connection, where: sa.ColumnElement[bool]) -> Iterator[Home]:
    """All settings, one after the other, each with its inspections."""
    query = _homes_with_owners().where(where).order_by(settings.c.id)
    with connection.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        for rows in found.partitions():
            held = _inspected(connection, [row.id for row in rows])
            for row in rows:
                yield Home(**vars(_home(row)) | {"inspections": tuple(held[row.id])})


def _inspected(connection: sa.Connection, homes: Sequence[str]) -> dict[str, list[Inspected]]:
    held: dict[str, list[Inspected]] = {id_: [] for id_ in homes}
    query = sa.select(inspections.c.setting_id, *_INSPECTED).where(inspections.c.setting_id.in_(held))
    for id_, *told in connection.execute(
        query.order_by(inspections.c.first_day.nulls_first(), inspections.c.id)
    ):
        kind, first, last, overall = told
        held[id_].append(Inspected(kind=kind, first_day=first, last_day=last, overall=overall))
    return held


def every_owner(connection: sa.Connection, where: sa.ColumnElement[bool]) -> Iterator[Owner]:
    """All organisations, one after the other, without their settings and stories."""
    query = sa.select(providers.c.id, providers.c.name).where(_ORGANISATION, where).order_by(providers.c.id)
    with connection.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        for row in found:
            yield Owner(id=row.id, name=row.name, homes=(), stories=())


def _homes_where(connection: sa.Connection, where: sa.ColumnElement[bool]) -> Sequence[Home]:
    query = (
        _homes_with_owners().where(where).order_by(settings.c.local_authority.nulls_first(), settings.c.urn)
    )
    return [_home(row) for row in connection.execute(query.limit(LISTED))]


def _homes_with_owners() -> sa.Select[Any]:
    return sa.select(
        settings.c.id,
        settings.c.regulator,
        settings.c.urn,
        settings.c.kind,
        settings.c.name,
        settings.c.name_withheld,
        settings.c.local_authority,
        providers.c.id.label("provider_id"),
        providers.c.name.label("provider"),
        providers.c.natural_person,
    ).outerjoin(providers, providers.c.id == settings.c.provider_id)


def _home(row: sa.Row[Any]) -> Home:
    return Home(
        id=row.id,
        title=telling.setting_title(row),
        regulator=row.regulator,
        urn=row.urn,
        authority=row.local_authority,
        provider_id=None if row.natural_person else row.provider_id,
        provider=None if row.natural_person else row.provider,
    )
