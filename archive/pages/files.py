"""Files of ours that pages load, and what crawlers are told."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.site import site_of


def static(request: Request) -> Response:
    """A style sheet, a script or a picture of ours; only what was there at the start."""
    found = site_of(request).static.get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    content, media_type = found
    return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=604800"})


def robots(request: Request) -> Response:
    """Nothing here is for crawlers, but for the public view where its operator lets them in."""
    opening = site_of(request).opening
    allowed = "Allow: /public\n" if opening.open and opening.indexed else ""
    return Response(f"User-agent: *\n{allowed}Disallow: /\n", media_type="text/plain")


ROUTES: Final = (
    Guarded("/static/{name:path}", static, needs="anyone", at_once=True),
    Guarded("/robots.txt", robots, needs="anyone"),
)
