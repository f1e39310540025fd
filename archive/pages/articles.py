"""The article's page: its text with the clues marked, and the record it is linked to."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.reading.articles import article_page
from archive.site import site_of


def article(request: Request) -> Response:
    """The article with its clues marked, and the record it is linked to."""
    site = site_of(request)
    version = request.query_params.get("version", "")
    if version and not (version.isascii() and version.isdecimal() and len(version) < 7):
        raise HTTPException(404, "There is no such version.")
    with site.store.reading() as connection:
        shown = article_page(connection, request.path_params["id"], int(version) if version else None)
    return site.page(request, "article.html", shown=shown)


ROUTES: Final = (Guarded("/articles/{id}", article, needs="reader"),)
