"""Outlets: all of them side by side, and one with what it covered and what its patch misses."""

from typing import Any, Final

from starlette.requests import Request

from archive.api.endpoint import Endpoint
from archive.api.shapes import CoverageLine, Figure, Id, Page, Published, Record
from archive.reading.outlets import outlet_lines, outlet_page
from archive.site import site_of


class OutletLine(Record):
    """An outlet in a list."""

    name: str
    stories: int
    linked: int
    newest: Published | None


class Outlet(Record):
    """An outlet: what it covered, how soon, and which settings of its patch nobody covered."""

    name: str
    stories: int
    linked: int
    patch: list[str]
    soon: Figure
    typical: float | None
    """Days from a report's publication to the story, the median."""
    judgements: Figure
    missed: list[Id]
    """Settings of its patch, last judged less than good, that no story is linked to."""
    coverage: list[CoverageLine]


def outlets(request: Request, asked: Any) -> dict[str, Any]:
    """List outlets."""
    site = site_of(request)
    with site.store.reading() as connection:
        return {"items": list(site.kept.of(connection, "outlets", outlet_lines))}


def outlet(request: Request, asked: Any) -> dict[str, Any]:
    """An outlet by its name."""
    with site_of(request).store.reading() as connection:
        return vars(outlet_page(connection, request.path_params["name"]))


ENDPOINTS: Final = (
    Endpoint(path="/api/v1/outlets", answer=outlets, gives=Page[OutletLine]),
    Endpoint(path="/api/v1/outlets/{name:path}", answer=outlet, gives=Outlet),
)
