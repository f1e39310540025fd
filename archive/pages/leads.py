"""The leads: all of them, one with its choices page by page, and the same as CSV."""

from typing import Final

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from archive.export.plain import written
from archive.guard import Guarded
from archive.leads import LEADS
from archive.paging import page_number, page_of
from archive.reading.leads.shape import Asked, Lead, Options
from archive.site import Site, site_of
from archive.telling import london_day
from storage.dates import utc_now
from storage.errors import NotFound

_SIZE: Final = 50
_MOST_ROWS: Final = 20_000  # of a download: a spreadsheet of more is no lead


def leads(request: Request) -> Response:
    """Every lead with its definition."""
    return site_of(request).page(request, "leads.html", leads=list(LEADS.values()))


def lead(request: Request) -> Response:
    """One lead as its address narrows it."""
    site, shown = site_of(request), _named(request)
    first = (page_number(request.query_params) - 1) * _SIZE
    with site.store.reading() as connection:
        options = _options(connection, site, shown)
        chosen = shown.chosen(request.query_params, options)
        found = shown.find(connection, _asked(chosen, first), site.kept)
        page = page_of(request, found.total, size=_SIZE)
        if page.first < first:  # beyond the end: the last page there is
            found = shown.find(connection, _asked(chosen, page.first), site.kept)
    return site.page(request, "lead.html", lead=shown, found=found, page=page, options=options, chosen=chosen)


def download(request: Request) -> Response:
    """The lead as CSV, narrowed by the same address."""
    site, shown = site_of(request), _named(request)
    with site.store.reading() as connection:
        chosen = shown.chosen(request.query_params, _options(connection, site, shown))
        found = shown.find(connection, _asked(chosen, 0, _MOST_ROWS), site.kept)
    rows = (dict(zip(shown.columns, (cell.text for cell in row), strict=True)) for row in found.rows)
    name = f"{shown.name}-{london_day(utc_now())}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        written(rows, shown.columns, form="csv"), media_type="text/csv; charset=utf-8", headers=headers
    )


def _named(request: Request) -> Lead:
    name = request.path_params["name"]
    if name not in LEADS:
        raise NotFound(f"there is no lead {name!r}; there are {', '.join(LEADS)}")
    return LEADS[name]


def _options(connection: sa.Connection, site: Site, shown: Lead) -> dict[str, Options]:
    return {choice.name: choice.given(connection, site.kept) for choice in shown.choices}


def _asked(chosen: dict[str, str], first: int, size: int = _SIZE) -> Asked:
    return Asked(chosen=chosen, today=london_day(utc_now()), first=first, size=size)


ROUTES: Final = (
    Guarded("/leads", leads, needs="reader"),
    Guarded("/leads/{name}.csv", download, needs="reader"),
    Guarded("/leads/{name}", lead, needs="reader"),
)
