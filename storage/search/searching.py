"""Searching the index: pages of hits with snippets, and counts by facet."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path
from typing import Final

import tantivy

from storage.search import comparing, counting, unfound, unseen
from storage.search.counting import Counts, Tally
from storage.search.errors import NoIndex, QueryFault
from storage.search.fields import FACETS, prepare
from storage.search.folder import IndexFolder
from storage.search.found import DEEPEST, MOST_ON_A_PAGE, Found, Results, Search, Suggestion
from storage.search.hits import Hit
from storage.search.language import Every, Parsed, Part, parse
from storage.search.suggesting import FEW, Vocabulary, other_spelling
from storage.store import Store

LONGEST_FILTER: Final = 500
MOST_FILTERED: Final = 100
_TALLIES: Final = 200  # searches whose counts are kept


class SearchIndex:
    """The index as a reader uses it; follows commits and swaps by itself."""

    def __init__(self, root: Path, hidden: Callable[[int], frozenset[str]] | None = None) -> None:
        """``hidden``: ids that must not be told of any more, of an index that holds up to a change."""
        self._hidden = hidden
        self.folder = IndexFolder(root)
        self._opened: tuple[Path, tuple[int, int], tantivy.Index] | None = None
        self._vocabulary: tuple[tuple[int, int], Vocabulary] | None = None
        self._tallies: OrderedDict[Hashable, Tally] = OrderedDict()

    @classmethod
    def of(cls, store: Store) -> "SearchIndex":
        """The index of a store's archive, without what the store has since taken out of sight."""
        return cls(store.place.index, lambda held: unseen.taken_out(store, held))

    def search(self, asked: Search) -> Results:
        """A page of hits; QueryFault where the query cannot run, NoIndex where there is no index."""
        _check(asked)
        found = self._best(self._seen(asked))
        results = found.page()
        if not results.total:
            results = replace(results, notes=(*results.notes, *self._reasons(found)))
        return results if found.total > FEW else replace(results, suggestion=self._suggestion(found))

    def listed(self, asked: Search, most: int = DEEPEST) -> tuple[Hit, ...]:
        """The first hits in a row, without snippets, for a table."""
        _check(replace(asked, page=1))
        return self._best(self._seen(asked)).first(min(most, DEEPEST))

    def values(self, asked: Search, facet: str) -> Counts:
        """Every value of a facet among the hits that the search has without being narrowed by it."""
        if facet not in FACETS:
            raise QueryFault(f"{facet!r} is no facet; choose among {', '.join(FACETS)}")
        _check(asked)
        found = Found(self._index(), self._seen(asked), _read(asked))
        return counting.values(found.searcher, found.without(facet), facet)

    def held(self) -> int:
        """Up to which entry of the change sequence it is as the store was; NoIndex."""
        return comparing.held(self._index())

    def _seen(self, asked: Search) -> Search:
        """The same search without what is out of sight and not yet out of the index."""
        return replace(asked, without=self._hidden(self.held())) if self._hidden else asked

    def _best(self, asked: Search) -> Found:
        """The first reading of the query that finds anything: as it is written, else as plain text."""
        parsed = _read(asked)
        found = self._counted(asked, parsed)
        if not found.total and parsed.excludes:
            found = self._counted(asked, parsed.with_what_was_taken_away("Nothing is left without it"))
        if not found.total and not parsed.is_plain:
            why = "Nothing fits the query as it is written, so its words were searched for as they stand."
            literal = self._counted(asked, parsed.as_text(why))
            found = literal if literal.total else found
        return found

    def _counted(self, asked: Search, parsed: Parsed) -> Found:
        """The hits with their tally, which all pages of a search share until the index changes."""
        index, state = self._index(), self._opened
        found = Found(index, asked, parsed)
        name = (
            state and state[:2],
            parsed.text,
            str(parsed.tree),
            asked.without,
            *sorted(asked.filters.items()),
        )
        if name in self._tallies:
            found.tally = self._tallies[name]
        else:
            self._tallies[name] = found.tally
            while len(self._tallies) > _TALLIES:
                self._tallies.popitem(last=False)
        return found

    def _reasons(self, found: Found) -> tuple[str, ...]:
        """Why nothing was found."""

        free = replace(found.asked, filters={})

        def alone(part: Part) -> int:
            return Found(found.index, free, replace(found.parsed, tree=Every((part,)))).total

        if found.asked.filters and (total := Found(found.index, free, found.parsed).total):
            return (f"Not narrowed, this search finds {total:,}.",)
        return unfound.reasons(found.parsed, alone)

    def _suggestion(self, found: Found) -> Suggestion | None:
        def count(query: str) -> int:
            return Found(found.index, replace(found.asked, query=query), parse(query)).total

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
