"""Searching the index: pages of hits with snippets, and counts by facet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import tantivy
from tantivy import Order

from storage.search import counting
from storage.search.building import Builder
from storage.search.counting import Counts
from storage.search.errors import NoIndex, QueryFault
from storage.search.fields import FACETS, prepare
from storage.search.folder import IndexFolder
from storage.search.hits import Hit, Reading
from storage.search.language import Parsed, parse
from storage.search.suggesting import FEW, Vocabulary, other_spelling

Sort = Literal["relevance", "newest", "oldest"]
SORTS: Final = ("relevance", "newest", "oldest")
MOST_ON_A_PAGE: Final = 1_000
DEEPEST: Final = 10_000
"""The last hit that can be paged to; a search is narrowed long before."""
LONGEST_FILTER: Final = 500
_LITERALLY: Final = 50  # articles and reports that are looked at for the very text of a query with signs
MOST_FILTERED: Final = 100


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is asked: a query, exact filters by field, an order and a page (from 1).

    ``fold`` lists each story once, by its best copy.
    """

    query: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort | None = None
    page: int = 1
    size: int = 20
    fold: bool = False


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


class SearchIndex:
    """The index as a reader uses it; follows commits and swaps by itself."""

    def __init__(self, root: Path) -> None:
        self.folder = IndexFolder(root)
        self._opened: tuple[Path, tuple[int, int], tantivy.Index] | None = None
        self._vocabulary: tuple[tuple[int, int], Vocabulary] | None = None

    def search(self, asked: Search) -> Results:
        """A page of hits; QueryFault where the query cannot run, NoIndex where there is no index."""
        _check(asked)
        found = self._best(asked)
        results = found.page()
        return results if found.total > FEW else replace(results, suggestion=self._suggestion(asked, found))

    def listed(self, asked: Search, most: int = DEEPEST) -> tuple[Hit, ...]:
        """The first hits in a row, without snippets, for a table."""
        _check(replace(asked, page=1))
        return self._best(asked).first(min(most, DEEPEST))

    def values(self, asked: Search, facet: str) -> Counts:
        """Every value of a facet among the hits that the search has without being narrowed by it."""
        if facet not in FACETS:
            raise QueryFault(f"{facet!r} is no facet; choose among {', '.join(FACETS)}")
        _check(asked)
        found = _Found(self._index(), asked, _read(asked))
        return counting.values(found.searcher, found.without(facet), facet)

    def _best(self, asked: Search) -> "_Found":
        """The first reading of the query that finds anything: as it is written, else as plain text."""
        index, parsed = self._index(), _read(asked)
        found = _Found(index, asked, parsed)
        if not found.total and parsed.excludes:
            found = _Found(index, asked, parsed.with_what_was_taken_away("Nothing is left without it"))
        if not found.total and not parsed.is_plain:
            why = "Nothing fits the query as it is written, so its words were searched for as they stand."
            literal = _Found(index, asked, parsed.as_text(why))
            found = literal if literal.total else found
        return found

    def _suggestion(self, asked: Search, found: "_Found") -> Suggestion | None:
        def count(query: str) -> int:
            return _Found(found.index, replace(asked, query=query), parse(query)).total

        query = other_spelling(found.parsed, self._words(found.searcher), count)
        total = count(query) if query else 0
        return Suggestion(query=query, total=total) if query and total > found.total else None

    def _words(self, searcher: tantivy.Searcher) -> Vocabulary:
        state = self._opened[1] if self._opened else (0, 0)
        if self._vocabulary is None or self._vocabulary[0] != state:
            self._vocabulary = (state, Vocabulary(searcher))
        return self._vocabulary[1]

    def _index(self) -> tantivy.Index:
        """The index in use, reopened after a swap and reloaded after a commit."""
        generation = self.folder.current()
        if generation is None:
            raise NoIndex("there is no search index yet; run `onrecord index` (or `onrecord serve`)")
        try:
            stat = (generation / "meta.json").stat()
            state = (stat.st_ino, stat.st_mtime_ns)
            if self._opened is None or self._opened[0] != generation:
                self._opened = (generation, state, prepare(tantivy.Index.open(str(generation))))
                self._opened[2].reload()
            elif self._opened[1] != state:
                self._opened[2].reload()
                self._opened = (generation, state, self._opened[2])
        except (OSError, ValueError):
            if generation == self.folder.current():
                raise NoIndex(f"{generation} cannot be read; run `onrecord index --rebuild`") from None
            return self._index()  # swapped between the two looks
        return self._opened[2]


class _Found:
    """The hits of one reading of a query, not yet looked at."""

    def __init__(self, index: tantivy.Index, asked: Search, parsed: Parsed) -> None:
        self.index, self.asked, self.parsed = index, asked, parsed
        self.searcher = index.searcher()
        self.builder = Builder(index.schema, self.searcher)
        self.written = self._as_written()
        self.query = self.builder.whole(parsed, asked.filters, self.written)
        self.total: int = self.searcher.search(self.query, 1).count  # type: ignore[attr-defined]  # not in the stubs

    def without(self, facet: str) -> tantivy.Query:
        """The same query, not narrowed by a facet."""
        filters = {name: values for name, values in self.asked.filters.items() if name != facet}
        return self.builder.whole(self.parsed, filters, self.written)

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
        page, size = self.asked.page, self.asked.size
        listed = self._listed(DEEPEST if self.asked.fold else min(page * size, DEEPEST))
        reading = Reading(self.index, self.searcher, self.builder, self.parsed)
        count = len(listed) if self.asked.fold else min(self.total, DEEPEST)
        return Results(
            total=self.total,
            hits=tuple(reading.hit(*one) for one in listed[(page - 1) * size : page * size]),
            facets=counting.facets(self.searcher, self.query, self.asked.filters, self.without),
            months=counting.months(self.searcher, self.query),
            notes=tuple(dict.fromkeys((*self.parsed.notes, *self.builder.notes))),
            page=page,
            pages=max(1, -(-count // size)),
            sort=self.sort,
        )

    def first(self, most: int) -> tuple[Hit, ...]:
        """The first hits, without snippets."""
        reading = Reading(self.index, self.searcher, self.builder, self.parsed)
        return tuple(reading.hit(*one, snippet=False) for one in self._listed(most))

    @property
    def sort(self) -> Sort:
        """The order asked for, else the one that suits the query."""
        return self.asked.sort or ("relevance" if self.parsed.parts else "newest")

    def _listed(self, window: int) -> list[tuple[tantivy.DocAddress, int]]:
        """What is listed, each with how many copies of it are not: the best of each story stands for all."""
        found = self.searcher.search(self.query, max(window, 1), count=False, **_order(self.sort))
        addresses = [address for _, address in found.hits]
        if not self.asked.fold:
            return [(address, 0) for address in addresses]
        tellings = self.searcher.fast_field_values("telling", addresses)
        first: dict[Any, tantivy.DocAddress] = {}
        copies: dict[Any, int] = {}
        for telling, address in zip(tellings, addresses, strict=True):
            first.setdefault(telling, address)
            copies[telling] = copies.get(telling, -1) + 1
        return [(address, copies[telling]) for telling, address in first.items()]


def _read(asked: Search) -> Parsed:
    parsed = parse(asked.query)
    if asked.query.strip() and not parsed.tree.of:
        told = " ".join(parsed.notes) or "It has no letters or digits."
        raise QueryFault(
            f"nothing in this query can be searched for. {told} Write a word, a name or a place."
        )
    return parsed


def _check(asked: Search) -> None:
    """QueryFault where a page or a filter is beyond what is answered."""
    if asked.page < 1:
        raise QueryFault(f"page {asked.page} does not exist; pages begin with 1")
    if not 1 <= asked.size <= MOST_ON_A_PAGE:
        raise QueryFault(f"a page may have 1 to {MOST_ON_A_PAGE:,} results")
    if asked.page * asked.size > DEEPEST + asked.size - 1:
        raise QueryFault(f"page {asked.page} is too deep; narrow the search instead")
    values = [value for several in asked.filters.values() for value in several]
    if len(values) > MOST_FILTERED:
        raise QueryFault(f"a search is narrowed by {MOST_FILTERED} values at the most")
    if any(len(value) > LONGEST_FILTER for value in values):
        raise QueryFault(f"a value to narrow by has {LONGEST_FILTER} characters at the most")


def _order(sort: Sort) -> dict[str, Any]:
    if sort == "relevance":
        return {}
    return {"order_by_field": "day", "order": Order.Desc if sort == "newest" else Order.Asc}
