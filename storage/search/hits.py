"""What a search found, as it is listed: title and snippet with words marked and personal numbers masked."""

import re
from dataclasses import dataclass
from typing import Final

import tantivy

from storage.masking import LONGEST_EXTRACT, extract, masked
from storage.search.building import Builder
from storage.search.language import Parsed

_SNIPPET: Final = 150  # characters: about as many words as an extract may have
_AROUND: Final = 140  # characters beside a snippet that masking looks at: a number may be cut in two


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet, marked or not."""

    text: str
    marked: bool


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One article or report that was found; lists hold the facts of its links.

    ``copies``: how many other articles of its story were found and are not listed, where copies are folded.
    """

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
    story: str | None
    copies: int = 0


class Reading:
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

    def hit(self, address: tantivy.DocAddress, copies: int, *, snippet: bool = True) -> Hit:
        """The hit at an address of the index."""
        document = self.searcher.doc(address)
        return Hit(
            id=_first(document, "id") or "",
            kind=_first(document, "kind") or "",
            title=self._title(document),
            snippet=self._snippet(document) if snippet else (),
            published=_first(document, "published"),
            link=_first(document, "link") or "",
            outlet=_first(document, "outlet"),
            urns=tuple(document.get_all("urn")),
            authorities=tuple(document.get_all("authority")),
            providers=tuple(document.get_all("provider")),
            judgements=tuple(document.get_all("judgement")),
            story=_first(document, "story"),
            copies=copies,
        )

    def _snippet(self, document: tantivy.Document) -> tuple[Piece, ...]:
        text = _first(document, "text") or ""
        return _elided(_pieces(self.text.snippet_from_doc(document)), text) or (Piece(extract(text), False),)

    def _title(self, document: tantivy.Document) -> tuple[Piece, ...]:
        title = _first(document, "title") or ""
        marked = _pieces(self.title.snippet_from_doc(document))
        whole = "".join(piece.text for piece in marked) == title
        return _recut(marked if whole else (Piece(title, False),), masked(title))


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
    pieces = _shortened(pieces)
    shown = "".join(piece.text for piece in pieces)
    before, _, after = text.partition(shown)
    near = before[-_AROUND:]
    within = masked(near + shown + after[:_AROUND])[len(near) : len(near) + len(shown)]
    opening = (Piece("… ", False),) if any(map(str.isalnum, before)) else ()
    closing = "\u00a0…" if any(map(str.isalnum, after)) else after.strip()
    return (*opening, *_recut(pieces, within), Piece(closing, False))


def _shortened(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """As many of the words as an extract may have."""
    words = list(re.finditer(r"\S+", "".join(piece.text for piece in pieces)))
    if len(words) <= LONGEST_EXTRACT:
        return pieces
    kept = words[LONGEST_EXTRACT - 1].end()
    return tuple(piece for piece in _recut(pieces, words[0].string[:kept]) if piece.text)


def _recut(pieces: tuple[Piece, ...], text: str) -> tuple[Piece, ...]:
    """The same pieces of a text that is as long as theirs together."""
    cut, place = [], 0
    for piece in pieces:
        cut.append(Piece(text[place : place + len(piece.text)], piece.marked))
        place += len(piece.text)
    return tuple(cut)
