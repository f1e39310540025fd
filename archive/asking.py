"""A search as its address says it: ``?q=…&outlet=…&sort=newest&page=2``; and addresses for the next ones."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from storage.search.building import FILTERS
from storage.search.errors import QueryFault
from storage.search.found import SORTS, Search

TITLES: Final = {
    "kind": "Kind",
    "link": "Link",
    "judgement": "Judgement",
    "setting_kind": "Setting",
    "authority": "Authority",
    "region": "Region",
    "provider": "Provider",
    "group": "Group",
    "outlet": "Outlet",
    "regulator": "Regulator",
    "year": "Year",
    "month": "Month",
}
"""The facets in the order pages show them."""


def read_search(params: QueryParams, *, size: int = 20, fold: bool = False) -> Search:
    """The search that an address asks for; QueryFault for an order or a page that is none."""
    filters = {
        name: tuple(dict.fromkeys(values))
        for name in FILTERS
        if (values := [value for value in params.getlist(name) if value])
    }
    sort = params.get("sort") or None
    if sort is not None and sort not in SORTS:
        raise QueryFault(f"sort={sort[:30]} is no order; choose {', '.join(SORTS)}")
    return Search(
        query=params.get("q", "").strip(),
        filters=filters,
        sort=next((known for known in SORTS if known == sort), None),
        page=_number(params.get("page"), 1),
        size=_number(params.get("size"), size),
        fold=fold and "story" not in filters,
    )


def query_string(asked: Search, **changed: Any) -> str:
    """The search as an address has it; back to the first page unless ``page`` is given."""
    filters: Mapping[str, tuple[str, ...]] = changed.get("filters", asked.filters)
    pairs = [("q", changed.get("query", asked.query))]
    pairs += [(name, value) for name, values in filters.items() for value in values]
    pairs += [("sort", changed.get("sort", asked.sort)), ("page", changed.get("page"))]
    pairs += [("facet", changed.get("facet"))]
    return urlencode([(name, value) for name, value in pairs if value])


def address(asked: Search, *, path: str = "/search", **changed: Any) -> str:
    """The address of the same search with something changed."""
    return f"{path}?{query_string(asked, **changed)}"


def toggled(asked: Search, facet: str, value: str) -> str:
    """The address with that value added to its facet, or taken away where the search has it."""
    held = asked.filters.get(facet, ())
    kept = tuple(one for one in held if one != value) if value in held else (*held, value)
    return address(asked, filters={**asked.filters, facet: kept})


def only(asked: Search, facet: str, value: str) -> str:
    """The address narrowed to one value of a facet."""
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
