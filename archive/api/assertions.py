"""What was asserted and taken back, in order: for programs that keep links of their own and follow."""

from typing import Any, Final, Literal

from starlette.requests import Request

from archive.api import cursors
from archive.api.endpoint import Endpoint
from archive.api.shapes import Authority, Id, Moment, Page, Paging, Probability, Record, following
from archive.reading.stretches.asserted import asserted
from archive.site import site_of


class Asserted(Record):
    """What a mention is linked to from then on; or that it is gone, whatever the cause: erase your copy."""

    event: Literal["asserted", "changed", "confirmed", "restored", "gone"]
    at: Moment
    article_id: Id
    mention: int
    level: str | None
    inspection_id: Id | None
    setting_id: Id | None
    provider_id: Id | None
    """The owner on the inspection's day."""
    authority: Authority | None
    probability: Probability | None
    confirmed: bool | None
    link_id: Id | None


class AssertedSince(Page[Asserted]):
    """Events, oldest first. `next` is never null: ask again there for what comes later."""

    next: str


def assertions(request: Request, asked: Paging) -> dict[str, Any]:
    """List what was asserted, changed, confirmed and taken back since a cursor."""
    after = cursors.number_place("assertions", asked.cursor)
    with site_of(request).store.reading() as connection:
        told, last = asserted(connection, after, limit=asked.limit)
    return {"items": told, "next": following(request, "assertions", last)}


ENDPOINTS: Final = (
    Endpoint(path="/api/v1/assertions", answer=assertions, takes=Paging, gives=AssertedSince),
)
