"""Searching the index: pages of hits with snippets, and counts by facet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import tantivy
from tantivy import Order

from storage.search.building import Builder
from storage.search.errors import NoIndex, QueryFault
from storage.search.fields import FACETS, prepare
from storage.search.folder import IndexFolder
from storage.search.language import Parsed, parse

Sort = Literal["relevance", "newest", "oldest"]
SORTS: Final = ("relevance", "newest", "oldest")
MOST_ON_A_PAGE: Final = 100
DEEPEST: Final = 10_000
"""The last hit that can be paged to; a search is narrowed long before."""
_SNIPPET: Final = 260  # characters
_FACET_VALUES: Final = 12


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is asked: a query, exact filters by field, an order and a page (from 1)."""

    query: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort | None = None
    page: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet, marked or not."""

    text: str
    marked: bool


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One article or report that was found; lists hold the facts of its links."""

    id: str
    kind: str
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    published: str | None
    link: str
    outlet: str | None
    urns: tuple[str, ...]
    authorities: tuple[str, ...]
    providers: tuple[str, ...]
    judgements: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Results:
    """A page of hits; ``facets`` are (value, count) most frequent first; ``notes`` tell of repairs."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    notes: tuple[str, ...]
    page: int
    pages: int
    sort: Sort


class SearchIndex:
    """The index as a reader uses it; follows commits and swaps by itself."""

    def __init__(self, root: Path) -> None:
        self.folder = IndexFolder(root)
        self._opened: tuple[Path, tuple[int, int], tantivy.Index] | None = None

    def search(self, asked: Search) -> Results:
        """A page of hits; QueryFault where the query cannot run, NoIndex where there is no index."""
        index = self._index()
        parsed = parse(asked.query)
        if asked.query.strip() and not (parsed.groups or parsed.excluded):
            told = " ".join(parsed.notes) or "It has no letters or digits."
            raise QueryFault(f"nothing in this query can be searched for. {told}")
        results = _run(index, asked, parsed)
        if results.total or not parsed.excluded:
            return results
        return _run(index, asked, parsed.with_what_was_taken_away("Nothing is left without it"))

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


def _run(index: tantivy.Index, asked: Search, parsed: Parsed) -> Results:
    page, size = _paging(asked)
    builder = Builder(index.schema)
    query = builder.whole(parsed, asked.filters)
    sort = asked.sort or ("relevance" if parsed.groups else "newest")
    searcher = index.searcher()
    found = searcher.search(query, size, offset=(page - 1) * size, **_order(sort))
    total: int = found.count  # type: ignore[attr-defined]  # missing in tantivy's stubs
    return Results(
        total=total,
        hits=_Reading(index, searcher, builder, parsed).hits(found),
        facets=_facets(searcher, query),
        notes=parsed.notes,
        page=page,
        pages=max(1, -(-min(total, DEEPEST) // size)),
        sort=sort,
    )


class _Reading:
    """Turns what tantivy found into hits."""

    def __init__(
        self, index: tantivy.Index, searcher: tantivy.Searcher, builder: Builder, parsed: Parsed
    ) -> None:
        self.searcher = searcher
        marks = builder.highlights(parsed)
        self.title = tantivy.SnippetGenerator.create(searcher, marks, index.schema, "title")
        self.text = tantivy.SnippetGenerator.create(searcher, marks, index.schema, "text")
        self.title.set_max_num_chars(1_000)
        self.text.set_max_num_chars(_SNIPPET)

    def hits(self, found: tantivy.SearchResult) -> tuple[Hit, ...]:
        return tuple(self._hit(self.searcher.doc(address)) for _, address in found.hits)

    def _hit(self, document: tantivy.Document) -> Hit:
        title = _first(document, "title") or ""
        marked = _pieces(self.title.snippet_from_doc(document))
        whole = "".join(piece.text for piece in marked) == title
        text = _first(document, "text") or ""
        snippet = _elided(_pieces(self.text.snippet_from_doc(document)), text)
        return Hit(
            id=_first(document, "id") or "",
            kind=_first(document, "kind") or "",
            title=marked if whole else (Piece(title, False),),
            snippet=snippet or (Piece(_opening(text), False),),
            published=_first(document, "published"),
            link=_first(document, "link") or "",
            outlet=_first(document, "outlet"),
            urns=tuple(document.get_all("urn")),
            authorities=tuple(document.get_all("authority")),
            providers=tuple(document.get_all("provider")),
            judgements=tuple(document.get_all("judgement")),
        )


def _first(document: tantivy.Document, name: str) -> str | None:
    value: str | None = document.get_first(name)
    return value


def _pieces(snippet: tantivy.Snippet) -> tuple[Piece, ...]:
    """A snippet in pieces; tantivy counts bytes, and its marks may touch."""
    text, marks, place, pieces = snippet.fragment().encode(), snippet.highlighted(), 0, []
    for mark in sorted(marks, key=lambda mark: mark.start):
        if mark.start > place:
            pieces.append(Piece(text[place : mark.start].decode(errors="replace"), False))
        if mark.end > place:
            pieces.append(Piece(text[max(mark.start, place) : mark.end].decode(errors="replace"), True))
            place = mark.end
    if place < len(text) and marks:
        pieces.append(Piece(text[place:].decode(errors="replace"), False))
    return tuple(pieces)


def _elided(pieces: tuple[Piece, ...], text: str) -> tuple[Piece, ...]:
    """The pieces, with dots where words stand before or after them; a closing stop is put back."""
    if not pieces:
        return ()
    before, _, after = text.partition("".join(piece.text for piece in pieces))
    opening = (Piece("… ", False),) if any(map(str.isalnum, before)) else ()
    closing = "\u00a0…" if any(map(str.isalnum, after)) else after.strip()
    return (*opening, *pieces, Piece(closing, False))


def _opening(text: str) -> str:
    if len(text) <= _SNIPPET:
        return text
    return text[:_SNIPPET].rsplit(" ", 1)[0] + " …"


def _paging(asked: Search) -> tuple[int, int]:
    size = min(max(asked.size, 1), MOST_ON_A_PAGE)
    if asked.page < 1:
        raise QueryFault(f"page {asked.page} does not exist; pages begin with 1")
    if asked.page * size > DEEPEST + size - 1:
        raise QueryFault(f"page {asked.page} is too deep; narrow the search instead")
    return asked.page, size


def _order(sort: Sort) -> dict[str, Any]:
    if sort == "relevance":
        return {}
    return {"order_by_field": "day", "order": Order.Desc if sort == "newest" else Order.Asc}


def _facets(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[str, tuple[tuple[str, int], ...]]:
    asked = {name: {"terms": {"field": name, "size": _FACET_VALUES}} for name in FACETS}
    counted = searcher.aggregate(query, asked)
    return {
        name: tuple((bucket["key"], bucket["doc_count"]) for bucket in counted[name]["buckets"])
        for name in FACETS
    }
