"""Inspections, merged from what registers, tables and reports say of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from archive.export import changed
from archive.export.kinds import day, records, text, texts, whole
from archive.export.tabled import Reading, Record, Reference, Rows, Table, streamed
from archive.export.tabled import day as day_of
from archive.export.tables.coded import CODE, Codes
from archive.export.tables.named import Names
from storage.schema.inspections import GRADED, inspection_claims, inspections
from storage.schema.registers import providers, settings

_AREAS: Final = tuple(area for area in GRADED if area not in ("overall", "protection", "leadership"))
_FACTS: Final = (
    settings.c.regulator,
    settings.c.urn,
    inspections.c.event_number,
    inspections.c.kind,
    day_of(inspections.c.first_day),
    day_of(inspections.c.last_day),
    day_of(inspections.c.published),
    inspections.c.overall,
    inspections.c.protection,
    inspections.c.leadership,
)
_REST: Final = (
    inspections.c.id,
    inspections.c.setting_id,
    inspections.c.provider_id,
    inspections.c.capacity,
    sa.func.coalesce(inspections.c.local_authority, settings.c.local_authority).label("local_authority"),
    sa.func.coalesce(providers.c.name, inspections.c.provider_name).label("provider"),
    inspections.c.disagreements,
)
_QUERY: Final = (
    sa.select(*_FACTS, *(inspections.c[area] for area in _AREAS), *_REST)
    .join(settings, settings.c.id == inspections.c.setting_id)
    .outerjoin(providers, providers.c.id == inspections.c.provider_id)
    .order_by(inspections.c.id)
)


def _read(reading: Reading) -> Rows:
    names, codes = Names(reading.connection), Codes(reading.connection)
    for batch in streamed(reading, _QUERY.where(changed.only(reading, inspections.c.id, "inspection"))):
        facts, graded = batch[: len(_FACTS)], batch[len(_FACTS) : -len(_REST)]
        ids, settings_ids, owners, capacities, authorities, providers_names, disagreements = batch[
            -len(_REST) :
        ]
        named = names.on(owners, facts[4], facts[6], providers_names)
        origins = _origins(reading, ids)
        where = (
            named,
            authorities,
            codes.of(authorities),
            origins,
            [_disagreements(held) for held in disagreements],
        )
        yield [*facts, _areas(graded), capacities, *where, ids, settings_ids, owners, (None,) * len(ids)]
    gone = changed.missing(reading, "inspection", inspections.c.id)
    yield INSPECTIONS.gone({"inspection_id": id_, "status": "erased"} for id_ in gone)


def _areas(graded: Sequence[Sequence[str | None]]) -> list[list[Record]]:
    """The judgements that an inspection gave beyond the three that have columns."""
    return [
        [(area, said) for area, said in zip(_AREAS, row, strict=True) if said]
        for row in zip(*graded, strict=True)
    ]


def _origins(reading: Reading, ids: Sequence[str]) -> list[list[str]]:
    held: dict[str, list[str]] = {id_: [] for id_ in ids}
    query = sa.select(inspection_claims.c.inspection_id, inspection_claims.c.origin).distinct()
    in_order = query.order_by(inspection_claims.c.inspection_id, inspection_claims.c.origin)
    for id_, origin in reading.connection.execute(in_order.where(inspection_claims.c.inspection_id.in_(ids))):
        held[id_].append(origin)
    return list(held.values())


def _disagreements(held: Sequence[Mapping[str, Any]]) -> list[Record]:
    return [
        (one["field"], origin, None if value is None else str(value))
        for one in held
        for origin, value in one["values"].items()
    ]


INSPECTIONS: Final = Table(
    name="inspections",
    told="Inspections as regulators publish them, each once, from however many documents.",
    key="inspection_id",
    columns=(
        text("regulator", "who inspected", "register"),
        text("urn", "the setting's number with its regulator", "register"),
        text("event_number", "the inspection's number with its regulator", "table"),
        text("kind", "`full`, `interim`, `monitoring`, `assurance` or `other`", "table"),
        day("first_day", "first day on site", "report"),
        day("last_day", "last day on site", "report"),
        day("published", "when its report was published", "report"),
        text("overall", "the overall judgement", "table"),
        text("protection", "how well children are helped and protected", "table"),
        text("leadership", "the effectiveness of leaders and managers", "table"),
        records(
            "areas",
            "further judgements, by the framework's areas",
            "table",
            of=(
                text("area", "education, health, safe, caring …", "table"),
                text("judgement", "the judgement", "table"),
            ),
        ),
        whole("capacity", "how many it may care for", "report", unit="places"),
        text("provider", "who ran it, as registered on the day", "register"),
        text("local_authority", "the authority it lies in", "register"),
        CODE,
        texts("sources", "what says so: `register`, `table`, `report`, `page`", "archive"),
        records(
            "disagreements",
            "where these differ",
            "archive",
            of=(
                text("field", "of what", "archive"),
                text("origin", "who says so", "archive"),
                text("value", "what it says", "archive"),
            ),
        ),
        text("inspection_id", "the inspection's id here", "archive"),
        text("setting_id", "the setting, in `settings`", "archive"),
        text("provider_id", "the provider of the day, in `providers`", "archive"),
        text("status", "empty; since a cursor also `erased`", "archive"),
    ),
    read=_read,
    refers=(
        Reference(columns=("setting_id",), table="settings", to=("setting_id",)),
        Reference(columns=("provider_id",), table="providers", to=("provider_id",)),
    ),
    facets=("regulator", "kind", "overall", "local_authority"),
)
