"""The pages of a provider and of a group of providers, as of today or any day."""

import datetime as dt
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from archive.guard import Guarded
from archive.paging import page_of
from archive.reading.homes import home_lines
from archive.reading.providers import GroupPage, ProviderPage, group_page, provider_page
from archive.site import Site, site_of
from archive.telling import london_day
from storage.dates import utc_now
from storage.errors import UsageMistake


def provider(request: Request) -> Response:
    """A provider: names over time, what it holds, inspections, coverage."""
    site, today = site_of(request), london_day(utc_now())
    with site.store.reading() as connection:
        as_of = _as_of(request)
        shown = provider_page(connection, request.path_params["id"], today=today, as_of=as_of)
    return _page(site, request, "provider.html", shown=shown, as_of=as_of, today=today)


def group(request: Request) -> Response:
    """A group: its providers, and what they hold together."""
    site, today = site_of(request), london_day(utc_now())
    with site.store.reading() as connection:
        as_of = _as_of(request)
        shown = group_page(connection, request.path_params["name"], today=today, as_of=as_of)
    return _page(site, request, "group.html", shown=shown, as_of=as_of, today=today)


def _page(
    site: Site, request: Request, template: str, *, shown: ProviderPage | GroupPage, **more: Any
) -> Response:
    page = page_of(request, len(shown.held.setting_ids))
    with site.store.reading() as connection:
        lines = home_lines(connection, shown.held.setting_ids[page.first : page.first + page.size])
    return site.page(request, template, shown=shown, page=page, lines=lines, **more)


def _as_of(request: Request) -> dt.date | None:
    text = request.query_params.get("as_of", "").strip()
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageMistake(f"as_of={text[:30]} is no day; write it as 2024-03-31") from None


ROUTES: Final = (
    Guarded("/providers/{id}", provider, needs="reader"),
    Guarded("/groups/{name:path}", group, needs="reader"),
)
