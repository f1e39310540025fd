"""Every route of the web archive; what is not here is not there."""

from typing import Final

from archive import signing_in
from archive.api import docs
from archive.api.endpoints import ENDPOINTS
from archive.guard import Guarded
from archive.pages import (
    about,
    accounts,
    articles,
    auditing,
    authorities,
    captured,
    corrections,
    dashboard,
    feeds,
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
    reconciled,
    review,
    search,
    settings,
    since,
    subjects,
    texts,
)

ROUTES: Final[tuple[Guarded, ...]] = (
    *feeds.ROUTES,  # before the pages: theirs would take the ending for a part of a name
    *home.ROUTES,
    *search.ROUTES,
    *articles.ROUTES,
    *texts.ROUTES,
    *captured.ROUTES,
    *settings.ROUTES,
    *providers.ROUTES,
    *inspections.ROUTES,
    *authorities.ROUTES,
    *outlets.ROUTES,
    *leads.ROUTES,
    *dashboard.ROUTES,
    *review.ROUTES,
    *following.ROUTES,
    *operating.ROUTES,
    *accounts.ROUTES,
    *auditing.ROUTES,
    *notes.ROUTES,
    *orders.ROUTES,
    *subjects.ROUTES,
    *since.ROUTES,
    *corrections.ROUTES,
    *public.ROUTES,
    *merging.ROUTES,
    *about.ROUTES,
    *signing_in.ROUTES,
    *files.ROUTES,
    *docs.ROUTES,
    *(endpoint.route for endpoint in ENDPOINTS),
    *reconciled.ROUTES,
)
