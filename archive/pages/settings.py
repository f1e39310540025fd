"""The setting's page."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.reading.settings import setting_page
from archive.site import site_of


def setting(request: Request) -> Response:
    """A setting: facts, inspections, owners, coverage."""
    site = site_of(request)
    with site.store.reading() as connection:
        return site.page(request, "setting.html", shown=setting_page(connection, request.path_params["id"]))


ROUTES: Final = (Guarded("/settings/{id}", setting, needs="reader"),)
