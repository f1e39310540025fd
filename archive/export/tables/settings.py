"""Settings as the newest register has them; never the name of one whose name is withheld."""

from typing import Final

import sqlalchemy as sa

from archive.export import changed
from archive.export.kinds import day, text, whole
from archive.export.tabled import Reading, Reference, Rows, Table, streamed
from archive.export.tabled import day as day_of
from archive.export.tables.coded import CODE, Codes
from storage.schema.registers import providers, settings

_AUTHORITY: Final = 3
_QUERY: Final = (
    sa.select(
        settings.c.regulator,
        settings.c.urn,
        settings.c.kind,
        settings.c.local_authority,
        settings.c.region,
        settings.c.constituency,
        settings.c.places,
        settings.c.sector,
        providers.c.name,
        day_of(settings.c.registered),
        settings.c.status,
        day_of(settings.c.status_since),
        day_of(settings.c.first_seen),
        day_of(settings.c.last_seen),
        sa.case((settings.c.name_withheld, None), else_=settings.c.name),
        day_of(settings.c.closed),
        settings.c.id,
        settings.c.provider_id,
    )
    .outerjoin(providers, providers.c.id == settings.c.provider_id)
    .order_by(settings.c.id)
)


def _read(reading: Reading) -> Rows:
    codes = Codes(reading.connection)
    for batch in streamed(reading, _QUERY.where(changed.only(reading, settings.c.id, "setting"))):
        yield [*batch[: _AUTHORITY + 1], codes.of(batch[_AUTHORITY]), *batch[_AUTHORITY + 1 :]]
    gone = changed.missing(reading, "setting", settings.c.id)
    yield SETTINGS.gone({"setting_id": id_, "status": "erased"} for id_ in gone)


SETTINGS: Final = Table(
    name="settings",
    told="Homes and services, each as the newest register that has it says.",
    key="setting_id",
    columns=(
        text("regulator", "who inspects it", "register"),
        text("urn", "its number with the regulator", "register"),
        text("kind", "what kind of setting it is", "register"),
        text("local_authority", "the authority it lies in, the finest place given", "register"),
        CODE,
        text("region", "the region", "register"),
        text("constituency", "the parliamentary constituency", "register"),
        whole("places", "how many it is registered for", "register", unit="places"),
        text("sector", "private, voluntary, local authority …", "register"),
        text("provider", "who runs it, as registered", "register"),
        day("registered", "since when it is registered", "register"),
        text("status", "what the register says of it; `erased` where it is held no more", "register"),
        day("status_since", "since when", "register"),
        day("first_seen", "the first register that has it", "archive"),
        day("last_seen", "the last register that has it", "archive"),
        text("name", "its name, unless that is withheld", "register"),
        day("closed", "when it closed", "register"),
        text("setting_id", "the setting's id here", "archive"),
        text("provider_id", "the provider, in `providers`", "archive"),
    ),
    read=_read,
    refers=(Reference(columns=("provider_id",), table="providers", to=("provider_id",)),),
    facets=("regulator", "kind", "local_authority", "region", "sector", "status"),
)
