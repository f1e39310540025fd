"""The reading pages; each is a small function from a request to a page."""

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive import asking
from archive.reading.articles import article_page
from archive.reading.inspections import inspection_of_report, inspection_page
from archive.reading.providers import provider_page
from archive.reading.settings import setting_page
from archive.site import site_of
from storage.search.errors import NoIndex, QueryFault
from storage.search.language import FIELDS
from storage.search.searching import Results, Search


def home(request: Request) -> Response:
    """Counts, the newest links, and what nobody covered."""
    site = site_of(request)
    with site.store.reading() as connection:
        return site.page(request, "home.html", seen=site.overviews.now(connection))


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


def article(request: Request) -> Response:
    """The article with its clues marked, and the record it is linked to."""
    site = site_of(request)
    version = request.query_params.get("version", "")
    if version and not (version.isascii() and version.isdecimal() and len(version) < 7):
        raise HTTPException(404, "There is no such version.")
    with site.store.reading() as connection:
        shown = article_page(connection, request.path_params["id"], int(version) if version else None)
    return site.page(request, "article.html", shown=shown)


def setting(request: Request) -> Response:
    """A setting: facts, inspections, owners, coverage."""
    site = site_of(request)
    with site.store.reading() as connection:
        return site.page(request, "setting.html", shown=setting_page(connection, request.path_params["id"]))


def provider(request: Request) -> Response:
    """A provider: names over time, settings, inspections, coverage."""
    site = site_of(request)
    with site.store.reading() as connection:
        return site.page(request, "provider.html", shown=provider_page(connection, request.path_params["id"]))


def inspection(request: Request) -> Response:
    """An inspection: judgements, sources and where they disagree, the report, who covered it."""
    site = site_of(request)
    with site.store.reading() as connection:
        shown = inspection_page(connection, request.path_params["id"])
    return site.page(request, "inspection.html", shown=shown)


def report(request: Request) -> Response:
    """A report stands on its inspection's page."""
    with site_of(request).store.reading() as connection:
        inspection_id, setting_id = inspection_of_report(connection, request.path_params["id"])
    if inspection_id:
        return RedirectResponse(f"/inspections/{quote(inspection_id, safe='')}#report", 303)
    if setting_id:
        return RedirectResponse(f"/settings/{quote(setting_id, safe='')}", 303)
    raise HTTPException(404, "The setting of that report is not in the registers held here.")


def about(request: Request) -> Response:
    """The method and the licences."""
    return site_of(request).page(request, "about.html")


def static(request: Request) -> Response:
    """A style sheet or a picture of ours; only what was there at the start."""
    found = site_of(request).static.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    content, media_type = found
    return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=604800"})


def robots(_: Request) -> Response:
    """Nothing here is for crawlers."""
    return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")


def _steps(asked: Search, results: Results | None) -> tuple[str | None, str | None]:
    """Addresses of the page before and the page after."""
    if results is None:
        return None, None
    before = asking.address(asked, page=results.page - 1) if results.page > 1 else None
    after = asking.address(asked, page=results.page + 1) if results.page < results.pages else None
    return before, after
