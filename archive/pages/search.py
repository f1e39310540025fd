"""The search page: every search is an address, and one that cannot run is explained."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive import asking
from archive.guard import Guarded
from archive.site import site_of
from storage.search.errors import NoIndex, QueryFault
from storage.search.language import FIELDS
from storage.search.searching import Results, Search


def search(request: Request) -> Response:
    """Results with snippets and facets; a query that cannot run is explained."""
    site = site_of(request)
    asked, results, fault, status = Search(), None, None, 200
    try:
        asked = asking.read_search(request.query_params)
        results = site.index.search(asked)
    except QueryFault as error:
        fault, status = str(error), 422
        asked = Search(query=request.query_params.get("q", "")[:2_000])
    except NoIndex:
        fault, status = "The search index is being built; try again in a moment.", 503
    return site.page(
        request,
        "search.html",
        status,
        asked=asked,
        results=results,
        fault=fault,
        asking=asking,
        fields=FIELDS,
        steps=_steps(asked, results),
    )


def _steps(asked: Search, results: Results | None) -> tuple[str | None, str | None]:
    """Addresses of the page before and the page after."""
    if results is None:
        return None, None
    before = asking.address(asked, page=results.page - 1) if results.page > 1 else None
    after = asking.address(asked, page=results.page + 1) if results.page < results.pages else None
    return before, after


ROUTES: Final = (Guarded("/search", search, needs="reader"),)
