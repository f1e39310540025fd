"""Authorities: all of them side by side, and one of them."""

from typing import Any, Final

from pydantic import Field
from starlette.requests import Request

from archive.api.endpoint import Endpoint
from archive.api.shapes import Authority, CoverageLine, Figure, Id, InspectionLine, Page, Record
from archive.reading.authorities import authority_lines, authority_page
from archive.site import site_of
from storage.places import codes


class AuthorityLine(Record):
    """An authority in a list."""

    name: Authority
    code: str | None = Field(examples=["E08000001"])
    """The ONS's: England's are known, others where places were imported."""
    region: str | None
    settings: int
    """Open ones."""
    judged: int
    weak: int
    """Of those judged, how many stand at less than good."""
    stories: int


class Told(Record):
    """An outlet and how many of its stories are linked here."""

    outlet: str
    stories: int


class AuthorityTold(Record):
    """An authority with its settings, judgements and coverage."""

    name: Authority
    code: str | None
    region: str | None
    setting_ids: list[Id]
    open: int
    judgements: dict[str, int]
    mix: Figure
    against: Figure
    """Against all authorities together."""
    uncovered: list[InspectionLine]
    coverage: list[CoverageLine]
    outlets: list[Told]


def authorities(request: Request, asked: Any) -> dict[str, Any]:
    """List authorities."""
    site = site_of(request)
    with site.store.reading() as connection:
        lines = site.kept.of(connection, "authorities", authority_lines)
        known = codes(connection, [line.name for line in lines])
    return {"items": [{**vars(line), "code": known.get(line.name)} for line in lines]}


def authority(request: Request, asked: Any) -> dict[str, Any]:
    """An authority by the name that registers give it."""
    site, name = site_of(request), request.path_params["name"]
    with site.store.reading() as connection:
        shown = authority_page(connection, name, site.kept)
        known = codes(connection, [name])
    outlets = [{"outlet": outlet, "stories": stories} for outlet, stories in shown.outlets]
    return vars(shown) | {"code": known.get(name), "outlets": outlets}


ENDPOINTS: Final = (
    Endpoint(path="/api/v1/authorities", answer=authorities, gives=Page[AuthorityLine]),
    Endpoint(path="/api/v1/authorities/{name:path}", answer=authority, gives=AuthorityTold),
)
