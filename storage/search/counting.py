"""Counts beside the hits: values of each facet, and months in a row."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import tantivy

from storage.search.fields import FACETS

Counts = tuple[tuple[str, int], ...]
SHOWN: Final = 12
"""Values of a facet that are listed beside the hits."""
MOST_VALUES: Final = 5_000
_MONTHS: Final = 2_400  # two centuries


def facets(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    narrowed: Mapping[str, Any],
    without: Callable[[str], tantivy.Query],
) -> dict[str, Counts]:
    """Values of every facet with how often each stands among the hits, most frequent first.

    A facet that the search is narrowed by counts as if it were not (``without``), so that another of its
    values can be added; months stand newest first.
    """
    free = [name for name in FACETS if name not in narrowed]
    counted = searcher.aggregate(query, {name: _terms(name, SHOWN) for name in free})
    for name in narrowed:
        if name in FACETS:
            counted |= searcher.aggregate(without(name), {name: _terms(name, SHOWN)})
    return {name: _counts(counted[name]) for name in FACETS}


def values(searcher: tantivy.Searcher, query: tantivy.Query, facet: str) -> Counts:
    """Every value of one facet, most frequent first, at most ``MOST_VALUES``."""
    return _counts(searcher.aggregate(query, {facet: _terms(facet, MOST_VALUES)})[facet])


def months(searcher: tantivy.Searcher, query: tantivy.Query) -> Counts:
    """The months of the hits in order, as ``2023-05``; hits dated less closely are in none."""
    return tuple(sorted(_counts(searcher.aggregate(query, {"month": _terms("month", _MONTHS)})["month"])))


def _terms(field: str, size: int) -> dict[str, Any]:
    order = {"order": {"_key": "desc"}} if field in ("month", "year") else {}
    return {"terms": {"field": field, "size": size, **order}}


def _counts(answer: Any) -> Counts:
    return tuple((bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"])
