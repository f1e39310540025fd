"""What is asked of the index, and what one reading of a query finds: a page of hits, and their counts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

import tantivy
from tantivy import Occur, Order

from storage.search import counting
from storage.search.building import Builder
from storage.search.counting import Counts, Tally
from storage.search.hits import Hit, Reading
from storage.search.language import Parsed

Sort = Literal["relevance", "newest", "oldest"]
SORTS: Final = ("relevance", "newest", "oldest")
MOST_ON_A_PAGE: Final = 1_000
FOLDED_WHOLE: Final = 2_000
"""Hits up to which all copies are folded, so that the number of pages is exact."""
DEEPEST: Final = 10_000
"""The last hit that can be paged to; a search is narrowed long before."""
_LITERALLY: Final = 50  # articles and reports that are looked at for the very text of a query with signs
_Listed = tuple[tantivy.DocAddress, int]  # and how many copies of it are not listed


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is asked: a query, exact filters by field, an order and a page (from 1).

    ``fold`` lists each story once, by its best copy; ``without`` are ids that must not be told of.
    """

    query: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort | None = None
    page: int = 1
    size: int = 20
    fold: bool = False
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """The query in another spelling, and how many hits it has."""

    query: str
    total: int


@dataclass(frozen=True, kw_only=True)
class Results:
    """A page of hits; ``facets`` are (value, count) most frequent first; ``notes`` tell of repairs.

    ``total`` counts articles and reports; ``months`` are those of all hits in order; ``suggestion`` is
    another spelling where little was found.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Counts]
    months: Counts
    notes: tuple[str, ...]
    page: int
    pages: int
    sort: Sort
    suggestion: Suggestion | None = None


class Found:
    """The hits of one reading of a query, not yet looked at."""

    def __init__(self, index: tantivy.Index, asked: Search, parsed: Parsed) -> None:
        self.index, self.asked, self.parsed = index, asked, parsed
        self.searcher = index.searcher()
        self.builder = Builder(index.schema, self.searcher)
        self.written = self._as_written()
        self.query = self.builder.whole(parsed, asked.filters, self.written, asked.without)

    @cached_property
    def tally(self) -> Tally:
        """Everything that is counted of the hits."""
        return counting.tally(self.searcher, self.query, self.asked.filters, self.without)

    @cached_property
    def total(self) -> int:
        """How many there are, without counting anything else of them."""
        if "tally" in self.__dict__:
            return self.tally.total
        count: int = self.searcher.search(self.query, 1).count  # type: ignore[attr-defined]  # not in the stubs
        return count

    def without(self, facet: str) -> tantivy.Query:
        """The same query, not narrowed by a facet."""
        filters = {name: values for name, values in self.asked.filters.items() if name != facet}
        return self.builder.whole(self.parsed, filters, self.written, self.asked.without)

    def _as_written(self) -> tuple[str, ...]:
        """Ids of those that hold the query letter by letter: whatever its signs mean, they fit it too."""
        if not self.parsed.narrows:
            return ()
        wanted = self.parsed.text.casefold()
        literal = self.builder.whole(self.parsed.as_text(""), {})
        found = [
            self.searcher.doc(at) for _, at in self.searcher.search(literal, _LITERALLY, count=False).hits
        ]
        return tuple(
            str(one.get_first("id"))
            for one in found
            if any(wanted in str(one.get_first(name) or "").casefold() for name in ("title", "text"))
        )

    def page(self) -> Results:
        page, size, tally = self.asked.page, self.asked.size, self.tally
        listed, count = self._folded() if self.asked.fold else self._unfolded()
        reading = Reading(self.index, self.searcher, self.builder, self.parsed)
        return Results(
            total=tally.total,
            hits=tuple(reading.hit(*one) for one in listed),
            facets=tally.facets,
            months=tally.months,
            notes=tuple(dict.fromkeys((*self.parsed.notes, *self.builder.notes))),
            page=page,
            pages=max(1, -(-count // size)),
            sort=self.sort,
        )

    def first(self, most: int) -> tuple[Hit, ...]:
        """The first hits, without snippets."""
        reading = Reading(self.index, self.searcher, self.builder, self.parsed)
        return tuple(reading.hit(address, 0, snippet=False) for address in self._first(most))

    @property
    def sort(self) -> Sort:
        """The order asked for, else the one that suits the query."""
        return self.asked.sort or ("relevance" if self.parsed.parts else "newest")

    def _first(self, most: int) -> list[tantivy.DocAddress]:
        found = self.searcher.search(self.query, max(most, 1), count=False, **_order(self.sort))
        return [address for _, address in found.hits]

    def _unfolded(self) -> tuple[list[_Listed], int]:
        """The page's hits, and how many can be paged through."""
        page, size = self.asked.page, self.asked.size
        found = self._first(min(page * size, DEEPEST))[(page - 1) * size :]
        return [(address, 0) for address in found], min(self.total, DEEPEST)

    def _folded(self) -> tuple[list[_Listed], int]:
        """The same where the best of each story stands for all its copies.

        Of many hits only as many are looked at as the page needs: what can be paged through is then at most
        so many.
        """
        end, every = self.asked.page * self.asked.size, min(self.total, DEEPEST)
        window = every if every <= FOLDED_WHOLE else min(2 * end, every)
        stories = self._by_story(self._first(window))
        while len(stories) < end and window < every:
            window = min(4 * window, every)
            stories = self._by_story(self._first(window))
        listed = list(stories.items())[end - self.asked.size : end]
        if window == every:
            return [(held[0], len(held) - 1) for _, held in listed], len(stories)
        copies = self._copies([held[0] for _, held in listed])
        return [(held[0], copies.get(story, 1) - 1) for story, held in listed], every

    def _by_story(self, addresses: list[tantivy.DocAddress]) -> dict[Any, list[tantivy.DocAddress]]:
        stories: dict[Any, list[tantivy.DocAddress]] = {}
        for story, address in zip(self._tellings(addresses), addresses, strict=True):
            stories.setdefault(story, []).append(address)
        return stories

    def _copies(self, addresses: list[tantivy.DocAddress]) -> Mapping[Any, int]:
        """How many hits each of the stories has of which these are the best."""
        stories = {self.searcher.doc(address).get_first("story") for address in addresses} - {None}
        if not stories:
            return {}
        of_them = tantivy.Query.term_set_query(self.index.schema, "story", list(stories))
        both = tantivy.Query.boolean_query([(Occur.Must, self.query), (Occur.Must, of_them)])
        found = self.searcher.search(both, DEEPEST, count=False).hits
        return Counter(self._tellings([address for _, address in found]))

    def _tellings(self, addresses: list[tantivy.DocAddress]) -> list[Any]:
        return self.searcher.fast_field_values("telling", addresses) if addresses else []


def _order(sort: Sort) -> dict[str, Any]:
    if sort == "relevance":
        return {}
    return {"order_by_field": "day", "order": Order.Desc if sort == "newest" else Order.Asc}
