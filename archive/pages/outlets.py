"""The outlets side by side, and the page of one."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.paging import page_of
from archive.reading.homes import home_lines
from archive.reading.outlets import outlet_lines, outlet_page
from archive.site import site_of


def outlets(request: Request) -> Response:
    """Every outlet with its stories."""
    site = site_of(request)
    with site.store.reading() as connection:
        lines = site.kept.of(connection, "outlets", outlet_lines)
    return site.page(request, "outlets.html", lines=lines)


def outlet(request: Request) -> Response:
    """An outlet: what it covered, how soon, and which settings of its patch nobody covered."""
    site = site_of(request)
    with site.store.reading() as connection:
        shown = outlet_page(connection, request.path_params["name"])
        page = page_of(request, len(shown.missed), size=25)
        missed = home_lines(connection, shown.missed[page.first : page.first + page.size])
    return site.page(request, "outlet.html", shown=shown, page=page, missed=missed)


ROUTES: Final = (
    Guarded("/outlets", outlets, needs="reader"),
    Guarded("/outlets/{name:path}", outlet, needs="reader"),
)
