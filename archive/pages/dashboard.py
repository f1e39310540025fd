"""The dashboard: the archive in figures."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.reading.dashboard import figures
from archive.site import site_of
from archive.telling import london_day
from storage.dates import utc_now


def dashboard(request: Request) -> Response:
    """Charts with the table behind each; counted anew when the archive has changed, or the day."""
    site, today = site_of(request), london_day(utc_now())
    with site.store.reading() as connection:
        shown = site.kept.of(connection, ("dashboard", today), lambda held: figures(held, today))
    return site.page(request, "dashboard.html", shown=shown)


ROUTES: Final = (Guarded("/dashboard", dashboard, needs="reader"),)
