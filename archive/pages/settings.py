"""The setting's page."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.reading.settings import setting_page, setting_years
from archive.site import site_of
from archive.telling import london_day
from storage.dates import utc_now


def setting(request: Request) -> Response:
    """A setting: facts, its years as a chart, inspections, owners, coverage."""
    site = site_of(request)
    with site.store.reading() as connection:
        shown = setting_page(connection, request.path_params["id"])
        years = setting_years(connection, shown.setting, today=london_day(utc_now()))
    return site.page(request, "setting.html", shown=shown, years=years)


ROUTES: Final = (Guarded("/settings/{id}", setting, needs="reader"),)
