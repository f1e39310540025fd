"""Providers and the groups that people put them into: names over time, and what they hold."""

from typing import Any, Final

from pydantic import Field
from starlette.requests import Request

from archive.api import cursors
from archive.api.endpoint import Endpoint
from archive.api.shapes import (
    AskedDay,
    CoverageLine,
    Day,
    Figure,
    Given,
    Id,
    InspectionLine,
    Page,
    Paging,
    Record,
    SettingLine,
    Text,
    page,
    setting_line,
)
from archive.reading.holdings import Holdings
from archive.reading.homes import home_lines
from archive.reading.providers import group_page, provider_page
from archive.reading.stretches.record import group_stretch, provider_stretch
from archive.reading.stretches.stretch import Stretch
from archive.site import site_of
from archive.telling import london_day
from storage.dates import utc_now


class ProvidersQuery(Paging):
    """Which providers."""

    company_number: Text | None = None
    group_name: Text | None = None
    sector: Text | None = None


class HeldQuery(Given):
    """Of which day."""

    as_of: AskedDay | None = None
    """The day whose settings are told; that of the newest register otherwise."""


class ProviderLine(Record):
    """A provider in a list."""

    id: Id
    name: str = Field(examples=["Larkspur Care Limited"])
    """As registered, in the newest spelling."""
    company_number: str | None = Field(examples=["00000006"])
    group_name: str | None
    sector: str | None
    natural_person: bool


class Name(Record):
    """A name that a provider has borne."""

    name: str
    origin: str
    """register, report or alias."""
    first_seen: Day | None
    last_seen: Day | None


class Moved(Record):
    """A setting that came to the providers, or left them."""

    day: Day
    came: bool
    setting_id: Id
    urn: str
    other: str | None
    """Whose it was before, or became."""


class Held(Record):
    """What providers hold: settings on the day asked for, changes of owner, inspections, coverage."""

    settings: list[SettingLine]
    """At most 500; the list of settings narrowed by `provider_id` has them all."""
    settings_count: int
    places: int
    judgements: dict[str, int]
    """How many settings stand at each judgement."""
    changes: list[Moved]
    mix: Figure
    inspections: list[InspectionLine]
    """The newest 50."""
    coverage: list[CoverageLine]
    """The newest 50."""


class Provider(ProviderLine):
    """A provider with its names and what it holds."""

    names: list[Name]
    aliases: list[str]
    held: Held


class GroupLine(Record):
    """A group in a list."""

    name: str = Field(examples=["Larkspur Group"])
    providers: int


class Group(Record):
    """A group with its providers and what they hold together."""

    name: str
    providers: list[ProviderLine]
    sizes: dict[str, int]
    """Settings of each provider, by its id."""
    held: Held


def providers(request: Request, asked: ProvidersQuery) -> dict[str, Any]:
    """List providers."""
    narrowed = asked.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    wanted = Stretch(after=cursors.text_place("providers", asked.cursor), limit=asked.limit, only=narrowed)
    with site_of(request).store.reading() as connection:
        return page(request, "providers", provider_stretch(connection, wanted), asked)


def provider(request: Request, asked: HeldQuery) -> dict[str, Any]:
    """A provider by id; of one that was merged, the one it was merged into."""
    today = london_day(utc_now())
    with site_of(request).store.reading() as connection:
        shown = provider_page(connection, request.path_params["id"], today=today, as_of=asked.as_of)
        held = _held(connection, shown.held)
    return {
        **shown.provider._mapping,
        "names": list(shown.names),
        "aliases": list(shown.aliases),
        "held": held,
    }


def groups(request: Request, asked: Paging) -> dict[str, Any]:
    """List groups."""
    wanted = Stretch(after=cursors.text_place("groups", asked.cursor), limit=asked.limit)
    with site_of(request).store.reading() as connection:
        lines = group_stretch(connection, wanted)
    return page(request, "groups", lines, asked, place=lambda line: line.name)


def group(request: Request, asked: HeldQuery) -> dict[str, Any]:
    """A group by its name."""
    today = london_day(utc_now())
    with site_of(request).store.reading() as connection:
        shown = group_page(connection, request.path_params["name"], today=today, as_of=asked.as_of)
        held = _held(connection, shown.held)
    return {"name": shown.name, "providers": list(shown.providers), "sizes": shown.sizes, "held": held}


def _held(connection: Any, held: Holdings) -> dict[str, Any]:
    changes = [
        {
            "day": one.day,
            "came": one.came,
            "setting_id": one.setting.id,
            "urn": one.setting.urn,
            "other": one.other.name if one.other else None,
        }
        for one in held.changes
    ]
    return {
        "settings": [setting_line(line) for line in home_lines(connection, held.setting_ids[:500])],
        "settings_count": len(held.setting_ids),
        "places": held.places,
        "judgements": held.judgements,
        "changes": changes,
        "mix": held.mix,
        "inspections": list(held.inspections),
        "coverage": list(held.coverage),
    }


ENDPOINTS: Final = (
    Endpoint(path="/api/v1/providers", answer=providers, takes=ProvidersQuery, gives=Page[ProviderLine]),
    Endpoint(path="/api/v1/providers/{id}", answer=provider, takes=HeldQuery, gives=Provider),
    Endpoint(path="/api/v1/groups", answer=groups, takes=Paging, gives=Page[GroupLine]),
    Endpoint(path="/api/v1/groups/{name:path}", answer=group, takes=HeldQuery, gives=Group),
)
