"""Every endpoint of the API by its noun; what is not here is not there."""

from typing import Final

from archive.api import (
    articles,
    assertions,
    authorities,
    changes,
    inspections,
    judgements,
    leads,
    links,
    outlets,
    providers,
    public,
    reconcile,
    search,
    settings,
    sources,
    stories,
    texts,
)
from archive.api.endpoint import Endpoint

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *search.ENDPOINTS,
    *texts.ENDPOINTS,
    *articles.ENDPOINTS,
    *stories.ENDPOINTS,
    *links.ENDPOINTS,
    *judgements.ENDPOINTS,
    *settings.ENDPOINTS,
    *providers.ENDPOINTS,
    *authorities.ENDPOINTS,
    *outlets.ENDPOINTS,
    *inspections.ENDPOINTS,
    *leads.ENDPOINTS,
    *changes.ENDPOINTS,
    *assertions.ENDPOINTS,
    *sources.ENDPOINTS,
    *public.ENDPOINTS,
    *reconcile.ENDPOINTS,
)
