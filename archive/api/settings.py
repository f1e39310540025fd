"""Settings: the list, and one by id, by URN, or by regulator and URN."""

from typing import Any, Final

import sqlalchemy as sa
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.api import cursors
from archive.api.coded import Code, coded, place
from archive.api.endpoint import Endpoint
from archive.api.shapes import (
    Authority,
    CoverageLine,
    Day,
    Id,
    InspectionLine,
    Page,
    Paging,
    Record,
    SettingLine,
    Text,
    Urn,
    page,
    setting_line,
)
from archive.reading.settings import setting_page
from archive.reading.stretches.record import setting_id, setting_stretch
from archive.reading.stretches.stretch import Stretch
from archive.site import site_of
from storage.places import codes


class SettingsQuery(Paging):
    """Which settings."""

    regulator: Text | None = None
    urn: Text | None = None
    kind: Text | None = None
    local_authority: Text | None = None
    region: Text | None = None
    provider_id: Text | None = None
    status: Text | None = None


class SettingRow(SettingLine):
    """A setting in the list of all."""

    authority_code: Code | None
    """The ONS code of the authority: England's are known, others where places were imported."""


class Owner(Record):
    """A provider that had the setting."""

    provider: str
    provider_id: Id
    first: Day = Field(alias="from")
    until: Day | None


class SettingChange(Record):
    """Something that a list of changes says."""

    change: str
    """registered, resigned, closed or cancelled."""
    day: Day


class Setting(Record):
    """A setting with its inspections, owners and coverage."""

    id: Id
    regulator: str = Field(examples=["ofsted"])
    urn: Urn
    kind: str = Field(examples=["children's home"])
    name: str | None
    """Null where the regulator withholds it."""
    local_authority: Authority | None
    authority_code: Code | None
    """The ONS code of the authority: England's are known, others where places were imported."""
    region: str | None
    constituency: str | None
    places: int | None
    sector: str | None
    status: str | None
    registered: Day | None
    closed: Day | None
    provider: str | None
    provider_id: Id | None
    owners: list[Owner]
    changes: list[SettingChange]
    inspections: list[InspectionLine]
    coverage: list[CoverageLine]


def settings(request: Request, asked: SettingsQuery) -> dict[str, Any]:
    """List settings."""
    narrowed = asked.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    wanted = Stretch(after=cursors.text_place("settings", asked.cursor), limit=asked.limit, only=narrowed)
    with site_of(request).store.reading() as connection:
        lines = coded(connection, map(setting_line, setting_stretch(connection, wanted)))
    return page(request, "settings", lines, asked, place=place)


def setting(request: Request, asked: Any) -> dict[str, Any]:
    """A setting by id or URN."""
    with site_of(request).store.reading() as connection:
        return _told(connection, request.path_params["id"])


def setting_of_regulator(request: Request, asked: Any) -> dict[str, Any]:
    """A setting by its regulator and the URN that the regulator knows it by."""
    regulator, urn = request.path_params["regulator"], request.path_params["urn"]
    with site_of(request).store.reading() as connection:
        found = setting_id(connection, regulator, urn)
        if found is None:
            raise HTTPException(404)
        return _told(connection, found)


def _told(connection: sa.Connection, reference: str) -> dict[str, Any]:
    shown = setting_page(connection, reference)
    row = shown.setting
    authority = row.local_authority
    return {
        **row._mapping,
        "name": None if row.name_withheld else row.name,
        "authority_code": codes(connection, [authority]).get(authority) if authority else None,
        "provider": shown.provider.name if shown.provider else None,
        "owners": [
            {"provider": one.name, "provider_id": one.id, "from": one.first_day, "until": one.last_day}
            for one in shown.owners
        ],
        "changes": list(shown.changes),
        "inspections": list(shown.inspections),
        "coverage": list(shown.coverage),
    }


ENDPOINTS: Final = (
    Endpoint(path="/api/v1/settings", answer=settings, takes=SettingsQuery, gives=Page[SettingRow]),
    Endpoint(path="/api/v1/settings/{id}", answer=setting, gives=Setting),
    Endpoint(path="/api/v1/settings/{regulator}/{urn}", answer=setting_of_regulator, gives=Setting),
)
