"""The map of authorities, and the page of one."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.paging import page_of
from archive.reading.authorities import authority_lines, authority_page
from archive.reading.homes import home_lines
from archive.site import site_of
from archive.tiles import tiles


def authorities(request: Request) -> Response:
    """Every authority as a tile, and as a row of the table behind."""
    site = site_of(request)
    with site.store.reading() as connection:
        lines = site.kept.of(connection, "authorities", authority_lines)
    by_name = {line.name: line for line in lines}
    placed = tiles({line.name: line.region for line in lines})
    return site.page(request, "authorities.html", lines=lines, tiles=placed, by_name=by_name)


def authority(request: Request) -> Response:
    """An authority: its settings, judgements beside everywhere's, coverage."""
    site = site_of(request)
    with site.store.reading() as connection:
        shown = authority_page(connection, request.path_params["name"], site.kept)
        page = page_of(request, len(shown.setting_ids))
        lines = home_lines(connection, shown.setting_ids[page.first : page.first + page.size])
    return site.page(request, "authority.html", shown=shown, page=page, lines=lines)


ROUTES: Final = (
    Guarded("/authorities", authorities, needs="reader"),
    Guarded("/authorities/{name:path}", authority, needs="reader"),
)
