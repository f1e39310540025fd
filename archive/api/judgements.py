"""People's judgements on links, for reviewers."""

from typing import Any, ClassVar, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from archive.api import cursors
from archive.api.endpoint import Endpoint
from archive.api.shapes import Id, Moment, Page, Paging, Record, Text, page
from archive.reading.stretches.press import judgement_stretch
from archive.reading.stretches.stretch import Stretch
from archive.site import site_of


class JudgementsQuery(Paging):
    """Which judgements."""

    article_id: Text | None = None
    who: Text | None = None
    decision: Text | None = None


class Judgement(Record):
    """What a person decided of a mention; the newest of a mention holds until it is undone."""

    seq: int
    """Its number in the log."""
    article_id: Id
    mention: int
    version: int | None
    """Of the article's text that was read."""
    decision: str
    inspection_id: Id | None
    setting_id: Id | None
    provider_id: Id | None
    reason: str | None
    who: str
    at: Moment
    reading: int
    """2: a second reader's, for the figures of agreement."""
    model_id: str | None
    modified: ClassVar[str] = "at"


def judgements(request: Request, asked: JudgementsQuery) -> dict[str, Any]:
    """List judgements in the order they were made."""
    narrowed = asked.model_dump(exclude={"cursor", "limit"}, exclude_none=True)
    after = cursors.number_place("judgements", asked.cursor)
    wanted = Stretch(after=after, limit=asked.limit, only=narrowed)
    with site_of(request).store.reading() as connection:
        lines = judgement_stretch(connection, wanted)
    return page(request, "judgements", lines, asked, place=lambda line: line.seq)


def judgement(request: Request, asked: Any) -> Any:
    """A judgement by its number."""
    number = request.path_params["seq"]
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        raise HTTPException(404)
    with site_of(request).store.reading() as connection:
        found = judgement_stretch(connection, Stretch(after=0, limit=1, only={"seq": int(number)}))
    if not found:
        raise HTTPException(404)
    return found[0]


ENDPOINTS: Final = (
    Endpoint(
        path="/api/v1/judgements",
        answer=judgements,
        takes=JudgementsQuery,
        gives=Page[Judgement],
        needs="reviewer",
    ),
    Endpoint(path="/api/v1/judgements/{seq}", answer=judgement, gives=Judgement, needs="reviewer"),
)
