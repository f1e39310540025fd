"""The home page: counts, the newest links, what nobody covered."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.reading.counts import overview
from archive.site import site_of


def home(request: Request) -> Response:
    """Counts, the newest links, and what nobody covered."""
    site = site_of(request)
    with site.store.reading() as connection:
        seen = site.kept.of(connection, "overview", overview)
    return site.page(request, "home.html", seen=seen)


ROUTES: Final = (Guarded("/", home, needs="reader"),)
