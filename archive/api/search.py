"""Search: the same queries, facets and repairs as the page has."""

from dataclasses import asdict
from typing import Annotated, Any, Final

from pydantic import ConfigDict, WithJsonSchema
from starlette.requests import Request

from archive import asking
from archive.api.endpoint import Endpoint
from archive.api.shapes import Authority, Given, Grade, Published, Record, Text, Urn
from archive.searches import whose
from archive.site import site_of
from storage.search.found import SORTS
from storage.search.hits import Hit, Piece


class SearchQuery(Given):
    """What is sought, and what the hits are narrowed to; a filter may be given several times."""

    # An address of the search page asks the same here, whatever else it says of that page.
    model_config = ConfigDict(extra="ignore")

    q: Text = ""
    """Words, "phrases", field:values, AND, OR, NOT; as in the search box."""
    sort: Annotated[Text, WithJsonSchema({"enum": ["", *SORTS]})] = ""
    """Newest first where nothing is sought, else by relevance."""
    page: Annotated[Text, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 500})] = "1"
    size: Annotated[Text, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 1_000})] = "20"
    """Hits on a page; the last one that can be paged to is the 10,000th."""
    kind: tuple[Text, ...] = ()
    link: tuple[Text, ...] = ()
    judgement: tuple[Text, ...] = ()
    setting_kind: tuple[Text, ...] = ()
    authority: tuple[Text, ...] = ()
    region: tuple[Text, ...] = ()
    provider: tuple[Text, ...] = ()
    group: tuple[Text, ...] = ()
    outlet: tuple[Text, ...] = ()
    regulator: tuple[Text, ...] = ()
    year: tuple[Text, ...] = ()
    month: tuple[Text, ...] = ()
    id: tuple[Text, ...] = ()
    provider_id: tuple[Text, ...] = ()
    urn: tuple[Text, ...] = ()
    setting: tuple[Text, ...] = ()
    inspection: tuple[Text, ...] = ()
    story: tuple[Text, ...] = ()


class Found(Record):
    """An article or a report that was found; lists hold the facts of its links."""

    id: str
    kind: str
    title: str
    snippet: str
    highlights: list[str]
    published: Published | None
    outlet: str | None
    link: str
    """How it is linked: linked, candidate, none …"""
    urns: list[Urn]
    local_authorities: list[Authority]
    providers: list[str]
    judgements: list[Grade]
    story: str | None
    url: str
    """Its page in this archive."""


class Suggestion(Record):
    """The query in another spelling, and how many hits it has."""

    query: str
    total: int


class Count(Record):
    """A value of a facet and how many hits have it."""

    value: str
    count: int


class SearchAnswer(Record):
    """A page of hits with the counts of all of them."""

    query: str
    total: int
    page: int
    pages: int
    sort: str
    notes: list[str]
    """What had to be repaired in the query or left out of it."""
    suggestion: Suggestion | None
    hits: list[Found]
    facets: dict[str, list[Count]]


def search(request: Request, asked: SearchQuery) -> dict[str, Any]:
    """Search articles and reports."""
    wanted = asking.read_search(request.query_params)
    found = site_of(request).searches.run(whose(request), lambda index: index.search(wanted))
    return {
        "query": wanted.query,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "sort": found.sort,
        "notes": list(found.notes),
        "suggestion": asdict(found.suggestion) if found.suggestion else None,
        "hits": [_hit(hit) for hit in found.hits],
        "facets": {
            name: [{"value": value, "count": count} for value, count in values]
            for name, values in found.facets.items()
        },
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "kind": hit.kind,
        "title": _whole(hit.title),
        "snippet": _whole(hit.snippet),
        "highlights": [piece.text for piece in hit.snippet if piece.marked],
        "published": hit.published,
        "outlet": hit.outlet,
        "link": hit.link,
        "urns": list(hit.urns),
        "local_authorities": list(hit.authorities),
        "providers": list(hit.providers),
        "judgements": list(hit.judgements),
        "story": hit.story,
        "url": f"/{hit.kind}s/{hit.id}",
    }


def _whole(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


ENDPOINTS: Final = (Endpoint(path="/api/v1/search", answer=search, takes=SearchQuery, gives=SearchAnswer),)
