"""The API's description: as OpenAPI for programs, and as a page for people, made of the same."""

from functools import cache
from importlib import metadata
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from archive.api.endpoints import ENDPOINTS
from archive.api.openapi import document
from archive.api.problems import KINDS
from archive.guard import Guarded
from archive.site import site_of


@cache
def described() -> dict[str, Any]:
    """The OpenAPI document of this version."""
    return document(ENDPOINTS, metadata.version("onrecord"))


def openapi(request: Request) -> Response:
    """The API as OpenAPI 3.1; it tells of the program and of nothing in the archive."""
    return JSONResponse(described())


def docs(request: Request) -> Response:
    """The same, to read."""
    held = described()
    by_noun: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in held["paths"].items():
        for method, operation in methods.items():
            by_noun.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    return site_of(request).page(
        request, "api.html", api=held, nouns=by_noun, kinds=KINDS, schemas=held["components"]["schemas"]
    )


ROUTES: Final = (
    Guarded("/api/v1/openapi.json", openapi, needs="anyone"),
    Guarded("/api/docs", docs, needs="anyone"),
)
