"""A search as its address says it: ``?q=…&outlet=…&sort=newest&page=2``; and addresses for the next ones."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from storage.search.building import FILTERS
from storage.search.errors import QueryFault
from storage.search.searching import SORTS, Search

TITLES: Final = {
    "kind": "Kind",
    "link": "Link",
    "judgement": "Judgement",
    "setting_kind": "Setting",
    "authority": "Authority",
    "region": "Region",
    "provider": "Provider",
    "outlet": "Outlet",
    "regulator": "Regulator",
    "year": "Year",
}
"""The facets in the order pages show them."""


def read_search(params: QueryParams, *, size: int = 20) -> Search:
    """The search that an address asks for; QueryFault for an order or a page that is none."""
    filters = {name: tuple(values) for name in FILTERS if (values := [v for v in params.getlist(name) if v])}
    sort = params.get("sort") or None
    if sort is not None and sort not in SORTS:
        raise QueryFault(f"sort={sort[:30]} is no order; choose {', '.join(SORTS)}")
    return Search(
        query=params.get("q", "").strip(),
        filters=filters,
        sort=next((known for known in SORTS if known == sort), None),
        page=_number(params.get("page"), 1),
        size=_number(params.get("size"), size),
    )


def address(asked: Search, *, path: str = "/search", **changed: Any) -> str:
    """The address of the same search with something changed; back to the first page unless ``page`` is."""
    filters: Mapping[str, tuple[str, ...]] = changed.get("filters", asked.filters)
    pairs = [("q", changed.get("query", asked.query))]
    pairs += [(name, value) for name, values in filters.items() for value in values]
    pairs += [("sort", changed.get("sort", asked.sort)), ("page", changed.get("page"))]
    return f"{path}?{urlencode([(name, value) for name, value in pairs if value])}"


def with_value(asked: Search, facet: str, value: str) -> str:
    """The address that narrows the search to a value."""
    return address(asked, filters={**asked.filters, facet: (value,)})


def without(asked: Search, facet: str) -> str:
    """The address that drops what a facet narrows."""
    return address(asked, filters={name: kept for name, kept in asked.filters.items() if name != facet})


def _number(text: str | None, default: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise QueryFault(f"{text[:30]!r} is no number of a page")
    return int(text)
