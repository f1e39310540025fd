"""Which of many documents a search finds: asked for in pieces, for a search is narrowed by few values."""

from collections.abc import Iterable

from storage.batches import batches
from storage.search.found import Search
from storage.search.searching import MOST_FILTERED, SearchIndex


def among(index: SearchIndex, asked: Search, ids: Iterable[str]) -> list[str]:
    """Those of the articles and reports that the search finds; QueryFault, NoIndex."""
    room = MOST_FILTERED - sum(map(len, asked.filters.values()))
    found = []
    for some in batches(ids, max(1, room)):
        narrowed = Search(query=asked.query, filters={**asked.filters, "id": tuple(some)})
        found += [hit.id for hit in index.listed(narrowed, len(some))]
    return found
