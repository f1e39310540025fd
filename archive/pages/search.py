"""The search page: every search is an address, and one that cannot run is explained."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive import asking
from archive.export.plain import written
from archive.guard import Guarded
from archive.reading import found
from archive.searches import whose
from archive.site import base_of, site_of
from storage import articles
from storage.errors import NotFound
from storage.search.errors import NoIndex, QueryFault
from storage.search.found import FOLDED_WHOLE, Results, Search
from storage.search.language import FIELDS

_FORMS: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
_ON_A_PAGE: Final = 250  # values of a facet
_MOST_ROWS: Final = 10_000


def search(request: Request) -> Response:
    """Results with snippets and facets; a query that cannot run is explained."""
    site = site_of(request)
    asked, results, fault, status, instead = Search(), None, None, 200, None
    try:
        asked = asking.read_search(request.query_params, fold=True)
        results = site.searches.run(whose(request), lambda index: index.search(asked))
    except QueryFault as error:
        fault, status, instead = str(error), 422, error.instead
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
        instead=instead,
        asking=asking,
        fields=FIELDS,
        facets=found.facets(asked, results) if results else (),
        figure=found.over_time(asked, results) if results else None,
        steps=_steps(asked, results),
        at_address=_at_address(request, asked) if results and not results.total else None,
        folded_whole=FOLDED_WHOLE,
    )


def values(request: Request) -> Response:
    """Every value of one facet, with a filter over them."""
    asked = asking.read_search(request.query_params)
    facet = request.query_params.get("facet", "")
    counts = site_of(request).searches.run(whose(request), lambda index: index.values(asked, facet))
    wanted = request.query_params.get("with", "")[:100].casefold()
    choices = [
        one for one in found.choices(asked, facet, counts) if wanted in one.told.casefold() or one.chosen
    ]
    page = min(max(asked.page, 1), max(1, -(-len(choices) // _ON_A_PAGE)))
    return site_of(request).page(
        request,
        "values.html",
        asked=asked,
        facet=facet,
        title=asking.TITLES[facet],
        wanted=request.query_params.get("with", "")[:100],
        total=len(choices),
        choices=choices[(page - 1) * _ON_A_PAGE : page * _ON_A_PAGE],
        page=page,
        pages=max(1, -(-len(choices) // _ON_A_PAGE)),
        asking=asking,
    )


def download(request: Request) -> Response:
    """The result as a table: titles, outlets, dates and links, without any text."""
    site, form = site_of(request), request.url.path.rpartition(".")[2]
    asked = asking.read_search(request.query_params)
    hits = site.searches.run(whose(request), lambda index: index.listed(asked, _MOST_ROWS), patience=10)
    with site.store.reading() as connection:
        rows = found.rows(connection, hits, base_of(request))
    told = {"Content-Disposition": f'attachment; filename="search.{form}"'}
    return Response(written(rows, found.ROW_FIELDS, form=form), media_type=_FORMS[form], headers=told)


def _at_address(request: Request, asked: Search) -> str | None:
    """The article at the address that was searched for: people paste what stands in their browser."""
    if not asked.query.startswith(("http://", "https://")) or " " in asked.query:
        return None
    try:
        with site_of(request).store.reading() as connection:
            return articles.find(connection, asked.query)
    except (NotFound, ValueError):
        return None


def _steps(asked: Search, results: Results | None) -> tuple[str | None, str | None]:
    """Addresses of the page before and the page after."""
    if results is None:
        return None, None
    before = asking.address(asked, page=min(results.page - 1, results.pages)) if results.page > 1 else None
    after = asking.address(asked, page=results.page + 1) if results.page < results.pages else None
    return before, after


ROUTES: Final = (
    Guarded("/search", search, needs="reader"),
    Guarded("/search/values", values, needs="reader"),
    *(Guarded(f"/search.{form}", download, needs="reader", name=f"search-{form}") for form in _FORMS),
)
