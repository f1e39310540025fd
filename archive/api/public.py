"""The public view as JSON: off unless an operator opens it, made of ``archive.public``'s records alone."""

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.api import cursors
from archive.api.endpoint import Endpoint
from archive.api.shapes import (
    Authority,
    Day,
    Given,
    Grade,
    Id,
    Page,
    Probability,
    Published,
    Record,
    Text,
    Urn,
    following,
)
from archive.public import opened
from archive.reading import public, public_records
from archive.site import site_of


class StoriesQuery(Given):
    """Which stories."""

    cursor: Text | None = None
    authority: Text = ""


class PublicStory(Record):
    """A story and what it is linked to; no word of the press."""

    line: str
    """Composed from the other fields."""
    path: str
    article_id: Id
    mention: int
    outlet: str | None
    published: Published | None
    kind: str | None
    authority: Authority | None
    regulator: str | None
    judgement: Grade | None
    level: str
    first_day: Day | None
    last_day: Day | None
    setting_id: Id | None
    urn: Urn | None
    provider_id: Id | None
    """Null where the home could be told from it."""
    provider: str | None
    confirmed: bool
    probability: Probability
    decided_on: Day
    withdrawn_on: Day | None


class PublicStories(Page[PublicStory]):
    """Stories, newest first, and those taken back lately."""

    withdrawn: list[PublicStory]
    authorities: list[str]


class PublicMention(Record):
    """One mention of a story: what stands, and what was withdrawn of it."""

    now: PublicStory | None
    withdrawn: list[PublicStory]


class PublicInspection(Record):
    """An inspection, as the regulator published it."""

    kind: str
    first_day: Day | None
    last_day: Day | None
    overall: Grade | None


class PublicSetting(Record):
    """A setting."""

    id: Id
    title: str
    regulator: str
    urn: Urn
    authority: Authority | None
    provider_id: Id | None
    provider: str | None
    inspections: list[PublicInspection]
    stories: list[PublicStory]


class PublicProvider(Record):
    """A registered organisation and its settings."""

    id: Id
    name: str
    homes: list[PublicSetting]
    stories: list[PublicStory]


class PublicCorrection(Record):
    """A mistake that was reported, and what was decided."""

    outlet: str | None
    published: Published | None
    upheld: bool
    answer: str | None
    decided_on: Day


def stories(request: Request, asked: StoriesQuery) -> dict[str, Any]:
    """List confirmed stories, newest first, of every authority or of one."""
    opening, place = opened(request), cursors.number_place("public", asked.cursor)
    number = min(place, public.DEEPEST) + 1
    with site_of(request).store.reading() as connection:
        known = public.listing(connection, opening, authority=asked.authority, page=number)
    if (known.authority and known.authority not in known.authorities) or number > public.DEEPEST:
        raise HTTPException(404)
    return {
        "items": list(known.stories),
        "next": following(request, "public", number) if known.more else None,
        "withdrawn": list(known.withdrawn),
        "authorities": list(known.authorities),
    }


def story(request: Request, asked: Any) -> Any:
    """One mention of a story."""
    opening, mention = opened(request), request.path_params["mention"]
    if not (mention.isascii() and mention.isdecimal() and len(mention) < 5):
        raise HTTPException(404)
    with site_of(request).store.reading() as connection:
        return _there(public.story(connection, opening, request.path_params["id"], int(mention)))


def home(request: Request, asked: Any) -> Any:
    """A setting."""
    opening = opened(request)
    with site_of(request).store.reading() as connection:
        return _there(public_records.home(connection, opening, request.path_params["id"]))


def owner(request: Request, asked: Any) -> Any:
    """A provider that is an organisation."""
    opening = opened(request)
    with site_of(request).store.reading() as connection:
        return _there(public_records.owner(connection, opening, request.path_params["id"]))


def corrections(request: Request, asked: Any) -> dict[str, Any]:
    """List corrections and what was decided."""
    opened(request)
    with site_of(request).store.reading() as connection:
        return {"items": list(public.decided(connection).decided)}


def _there(found: Any) -> Any:
    if found is None:
        raise HTTPException(404)
    return found


_ROOT: Final = "/api/v1/public"
ENDPOINTS: Final = (
    Endpoint(
        path=f"{_ROOT}/stories", answer=stories, takes=StoriesQuery, gives=PublicStories, needs="anyone"
    ),
    Endpoint(path=_ROOT + "/stories/{id}/{mention}", answer=story, gives=PublicMention, needs="anyone"),
    Endpoint(path=_ROOT + "/settings/{id}", answer=home, gives=PublicSetting, needs="anyone"),
    Endpoint(path=_ROOT + "/providers/{id}", answer=owner, gives=PublicProvider, needs="anyone"),
    Endpoint(path=f"{_ROOT}/corrections", answer=corrections, gives=Page[PublicCorrection], needs="anyone"),
)
