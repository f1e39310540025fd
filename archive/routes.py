"""Every route of the web archive; what is not here is not there."""

from typing import Final

from archive import api, signing_in
from archive.guard import Guarded
from archive.pages import (
    about,
    accounts,
    articles,
    auditing,
    authorities,
    captured,
    corrections,
    files,
    following,
    home,
    inspections,
    leads,
    merging,
    notes,
    operating,
    orders,
    outlets,
    providers,
    public,
    review,
    search,
    settings,
    since,
)

ROUTES: Final[tuple[Guarded, ...]] = (
    *home.ROUTES,
    *search.ROUTES,
    *articles.ROUTES,
    *captured.ROUTES,
    *settings.ROUTES,
    *providers.ROUTES,
    *inspections.ROUTES,
    *authorities.ROUTES,
    *outlets.ROUTES,
    *leads.ROUTES,
    *review.ROUTES,
    *following.ROUTES,
    *operating.ROUTES,
    *accounts.ROUTES,
    *auditing.ROUTES,
    *notes.ROUTES,
    *orders.ROUTES,
    *since.ROUTES,
    *corrections.ROUTES,
    *public.ROUTES,
    *merging.ROUTES,
    *about.ROUTES,
    *signing_in.ROUTES,
    *files.ROUTES,
    *api.ROUTES,
)
