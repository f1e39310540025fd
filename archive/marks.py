"""An article's text cut into paragraphs and pieces, each piece knowing which clues cover it."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

FAMILIES: Final = {
    "who": "Who runs it",
    "where": "Where it is",
    "when": "When it was",
    "grade": "How it was judged",
    "what": "What it is like",
    "words": "The report's words",
    "other": "Other clues",
}
_FAMILY_OF: Final = {
    "operator": "who",
    "provider": "who",
    "owner": "who",
    "manager": "who",
    "sector": "who",
    "name": "who",
    "place": "where",
    "authority": "where",
    "region": "where",
    "constituency": "where",
    "outlet": "where",
    "visit": "when",
    "published": "when",
    "recency": "when",
    "registration": "when",
    "date": "when",
    "judgement": "grade",
    "area_judgement": "grade",
    "earlier_judgement": "grade",
    "enforcement": "grade",
    "quotation": "words",
    "paraphrase": "words",
    "holding": "who",
    "requirements": "grade",
    "recommendations": "grade",
    "notices": "grade",
    "restriction": "grade",
    "regulations": "grade",
    "ages": "what",
    "sex": "what",
    "capacity": "what",
    "children": "what",
    "residents": "what",
    "inspection_kind": "what",
    "needs": "what",
    "kind": "what",
    "setting_kind": "what",
    "regulator": "what",
}


def family(clue: str) -> str:
    """The family of a kind of clue, which gives the mark its colour."""
    return _FAMILY_OF.get(clue, "other")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters that a clue covers, under the number that leads to its evidence."""

    number: int
    start: int
    end: int
    family: str
    against: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters under the same clues; ``begins`` and ``ends`` are the clues that do so here."""

    text: str
    spans: tuple[Span, ...]
    begins: tuple[Span, ...]
    ends: tuple[Span, ...]

    @property
    def family(self) -> str:
        """The colour: that of the narrowest clue, so that one inside another is seen."""
        return min(self.spans, key=lambda span: span.end - span.start).family

    @property
    def against(self) -> bool:
        """Whether every clue here counts against the link."""
        return all(span.against for span in self.spans)


def marked(text: str, spans: Iterable[Span]) -> list[list[Piece]]:
    """Paragraphs of pieces; spans outside the text are left out, overlapping ones share pieces."""
    inside = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    paragraphs, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            paragraphs.append(_pieces(text, start, end, inside))
        start = end + 1
    return paragraphs


def _pieces(text: str, start: int, end: int, spans: Sequence[Span]) -> list[Piece]:
    here = [span for span in spans if span.start < end and span.end > start]
    edges = {start, end} | {edge for span in here for edge in (span.start, span.end) if start < edge < end}
    ordered = sorted(edges)
    pieces = []
    for left, right in itertools.pairwise(ordered):
        over = tuple(span for span in here if span.start <= left and span.end >= right)
        pieces.append(
            Piece(
                text[left:right],
                over,
                tuple(span for span in over if max(span.start, start) == left),
                tuple(span for span in over if min(span.end, end) == right),
            )
        )
    return pieces
