"""What changed, in order: for programs that keep a copy and follow."""

from typing import Any, Final, Literal

from starlette.requests import Request

from archive.api import cursors
from archive.api.endpoint import Endpoint
from archive.api.shapes import Page, Paging, Record, following
from archive.reading.stretches.changes import changed
from archive.site import site_of

Kind = Literal["article", "report", "setting", "provider", "inspection", "link"]


class ChangesQuery(Paging):
    """Which changes."""

    what: Kind | None = None


class Change(Record):
    """A record that was saved, or that is there no longer, whatever the cause: erase your copy of it."""

    what: Kind
    id: str
    change: Literal["saved", "gone"]


class Changes(Page[Change]):
    """Changes, oldest first. `next` is never null: ask again there for what comes later."""

    next: str


def changes(request: Request, asked: ChangesQuery) -> dict[str, Any]:
    """List what changed since a cursor."""
    after = cursors.number_place("changes", asked.cursor)
    with site_of(request).store.reading() as connection:
        lines, last = changed(connection, after, asked.what, limit=asked.limit)
    return {"items": lines, "next": following(request, "changes", last)}


ENDPOINTS: Final = (Endpoint(path="/api/v1/changes", answer=changes, takes=ChangesQuery, gives=Changes),)
