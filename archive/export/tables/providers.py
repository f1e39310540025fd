"""Providers with every name they went by and the numbers of their settings."""

from collections import defaultdict
from typing import Final

import sqlalchemy as sa

from archive.export import changed
from archive.export.kinds import flag, text, texts
from archive.export.tabled import Reading, Reference, Rows, Table, as_held, flags, streamed
from storage.schema.registers import provider_names, providers, settings

_QUERY: Final = sa.select(
    providers.c.id,
    providers.c.name,
    providers.c.company_number,
    providers.c.group_name,
    providers.c.sector,
    as_held(providers.c.natural_person),
    providers.c.merged_into,
).order_by(providers.c.id)
_SPELLED: Final = sa.select(provider_names.c.provider_id, provider_names.c.name).order_by(
    provider_names.c.provider_id, provider_names.c.first_seen.nulls_first(), provider_names.c.name
)
_RUN: Final = sa.select(settings.c.provider_id, settings.c.urn).order_by(
    settings.c.provider_id, settings.c.regulator, settings.c.urn
)


def _read(reading: Reading) -> Rows:
    for ids, names, *facts, natural, merged in streamed(
        reading, _QUERY.where(changed.only(reading, providers.c.id, "provider"))
    ):
        spelled = _lists(reading, _SPELLED.where(provider_names.c.provider_id.in_(ids)))
        run = _lists(reading, _RUN.where(settings.c.provider_id.in_(ids)))
        known = [spelled.get(id_, [name]) for id_, name in zip(ids, names, strict=True)]
        state = ["withdrawn" if one else None for one in merged]
        yield [ids, names, known, *facts, [run.get(id_, []) for id_ in ids], flags(natural), merged, state]
    gone = changed.missing(reading, "provider", providers.c.id)
    yield PROVIDERS.gone({"provider_id": id_, "status": "erased"} for id_ in gone)


def _lists(reading: Reading, query: sa.Select[str, str]) -> dict[str, list[str]]:
    """The second column's values by the first, each once."""
    held: dict[str, dict[str, None]] = defaultdict(dict)
    for row in reading.connection.execute(query):
        held[row[0]][row[1]] = None
    return {id_: list(values) for id_, values in held.items()}


PROVIDERS: Final = Table(
    name="providers",
    told="The organisations, and few people, that registers name as running settings.",
    key="provider_id",
    columns=(
        text("provider_id", "the provider's id here", "archive"),
        text("name", "as registered, the newest spelling", "register"),
        texts("names", "every name that registers, reports or this newsroom know it by", "register"),
        text("company_number", "with Companies House", "register"),
        text("group", "the group it belongs to", "archive"),
        text("sector", "private, voluntary, local authority …", "register"),
        texts("settings", "the numbers of the settings it runs now", "register"),
        flag("natural_person", "whether it is a person, who is never published", "archive"),
        text("merged_into", "the provider it turned out to be", "archive"),
        text("status", "empty; `withdrawn` where it was merged; since a cursor also `erased`", "archive"),
    ),
    read=_read,
    refers=(Reference(columns=("merged_into",), table="providers", to=("provider_id",)),),
    facets=("group", "sector"),
)
