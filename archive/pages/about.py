"""The method and the licences."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.site import site_of


def about(request: Request) -> Response:
    """How a link is decided, and under what terms the data stands."""
    return site_of(request).page(request, "about.html")


ROUTES: Final = (Guarded("/about", about, needs="reader"),)
