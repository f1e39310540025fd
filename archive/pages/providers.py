"""The provider's page."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.reading.providers import provider_page
from archive.site import site_of


def provider(request: Request) -> Response:
    """A provider: names over time, settings, inspections, coverage."""
    site = site_of(request)
    with site.store.reading() as connection:
        return site.page(request, "provider.html", shown=provider_page(connection, request.path_params["id"]))


ROUTES: Final = (Guarded("/providers/{id}", provider, needs="reader"),)
