"""Stories: articles that are copies of one another, and where the copies differ."""

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.api import cursors
from archive.api.endpoint import Endpoint
from archive.api.shapes import Id, Page, Paging, Published, Record, page
from archive.reading.copies import story_of
from archive.reading.stretches.press import article_stretch, story_stretch
from archive.reading.stretches.stretch import Stretch
from archive.site import site_of


class StoryLine(Record):
    """A story in a list."""

    id: Id
    copies: int
    published: Published | None
    """Of its first copy."""


class Copy(Record):
    """An article of the story."""

    id: Id
    title: str | None
    outlet: str | None
    published: Published | None


class Said(Record):
    """One value of a fact, and the outlets whose copies say so."""

    value: str
    words: str
    outlets: list[str]


class Story(Record):
    """A story: its copies, at most 200, and the facts in which they differ."""

    id: Id
    copies: list[Copy]
    differences: dict[str, list[Said]]


def stories(request: Request, asked: Paging) -> dict[str, Any]:
    """List stories that two outlets or more printed."""
    wanted = Stretch(after=cursors.text_place("stories", asked.cursor), limit=asked.limit)
    with site_of(request).store.reading() as connection:
        return page(request, "stories", story_stretch(connection, wanted), asked)


def story(request: Request, asked: Any) -> dict[str, Any]:
    """A story by id."""
    id_ = request.path_params["id"]
    with site_of(request).store.reading() as connection:
        copies = article_stretch(connection, Stretch(after="", limit=199, only={"story_id": id_}))
        told = story_of(connection, copies[0].id, []) if len(copies) > 1 else None
    if told is None:
        raise HTTPException(404)
    return {"id": id_, "copies": copies, "differences": told.differences}


ENDPOINTS: Final = (
    Endpoint(path="/api/v1/stories", answer=stories, takes=Paging, gives=Page[StoryLine]),
    Endpoint(path="/api/v1/stories/{id}", answer=story, gives=Story),
)
