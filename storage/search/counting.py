"""Counts beside the hits: values of each facet, and months in a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import tantivy

from storage.search.fields import FACETS

Counts = tuple[tuple[str, int], ...]
SHOWN: Final = 12
"""Values of a facet that are listed beside the hits."""
MOST_VALUES: Final = 5_000
_MONTHS: Final = 2_400  # two centuries
_EVERY, _MONTH = "every hit", "every month"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What is counted of the hits; ``facets`` most frequent first, ``months`` in order, as ``2023-05``.

    Hits that are dated less closely are in no month.
    """

    total: int
    facets: Mapping[str, Counts]
    months: Counts


def tally(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    narrowed: Mapping[str, Any],
    without: Callable[[str], tantivy.Query],
) -> Tally:
    """Everything that a page counts, in one pass over the hits, and one for each facet narrowed by.

    A facet that the search is narrowed by counts as if it were not (``without``), so that another of its
    values can be added; months stand newest first in their facet.
    """
    free = {name: _terms(name, SHOWN) for name in FACETS if name not in narrowed}
    every = {_EVERY: {"value_count": {"field": "telling"}}, _MONTH: _terms("month", _MONTHS)}
    counted = searcher.aggregate(query, free | every)
    for name in narrowed:
        if name in FACETS:
            counted |= searcher.aggregate(without(name), {name: _terms(name, SHOWN)})
    months = _counts(counted[_MONTH])
    facets = {name: _counts(counted[name])[:SHOWN] for name in FACETS}
    return Tally(total=int(counted[_EVERY]["value"]), facets=facets, months=tuple(sorted(months)))


def values(searcher: tantivy.Searcher, query: tantivy.Query, facet: str) -> Counts:
    """Every value of one facet, most frequent first, at most ``MOST_VALUES``."""
    return _counts(searcher.aggregate(query, {facet: _terms(facet, MOST_VALUES)})[facet])


def _terms(field: str, size: int) -> dict[str, Any]:
    order = {"order": {"_key": "desc"}} if field in ("month", "year") else {}
    return {"terms": {"field": field, "size": size, **order}}


def _counts(answer: Any) -> Counts:
    return tuple((bucket["key"], bucket["doc_count"]) for bucket in answer["buckets"])
