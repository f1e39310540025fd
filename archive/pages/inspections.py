"""The inspection's page, on which its report stands too."""

from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.guard import Guarded
from archive.reading.inspections import inspection_of_report, inspection_page
from archive.site import site_of


def inspection(request: Request) -> Response:
    """An inspection: judgements, sources and where they disagree, the report, who covered it."""
    site = site_of(request)
    with site.store.reading() as connection:
        shown = inspection_page(connection, request.path_params["id"])
    return site.page(request, "inspection.html", shown=shown)


def report(request: Request) -> Response:
    """A report stands on its inspection's page."""
    with site_of(request).store.reading() as connection:
        inspection_id, setting_id = inspection_of_report(connection, request.path_params["id"])
    if inspection_id:
        return RedirectResponse(f"/inspections/{quote(inspection_id, safe='')}#report", 303)
    if setting_id:
        return RedirectResponse(f"/settings/{quote(setting_id, safe='')}", 303)
    raise HTTPException(404, "The setting of that report is not in the registers held here.")


ROUTES: Final = (
    Guarded("/inspections/{id}", inspection, needs="reader"),
    Guarded("/reports/{id}", report, needs="reader"),
)
