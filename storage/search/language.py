"""The query language, read: words, "phrases", -not, OR, beginnings* and field:values.

Reading never fails on any text. What cannot be meant as written is repaired, and the repair is told in
``Parsed.notes``; what cannot run at all (a date that is none) raises QueryFault with a line that explains.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from storage.search.errors import QueryFault
from storage.search.fields import ANALYSERS, WORDS

LONGEST_QUERY: Final = 1000
MOST_PARTS: Final = 60
SHORTEST_BEGINNING: Final = 3  # two letters begin thousands of words
FIELDS: Final = {
    "provider": "registered provider, any of its names",
    "place": "local authority or region of the setting",
    "urn": "unique reference number",
    "outlet": "newspaper or site",
    "judgement": "overall judgement",
    "after": "on or after: 2023, 2023-05 or 2023-05-17",
    "before": "before: 2023, 2023-05 or 2023-05-17",
    "linked": "yes, no, confirmed, review, none, waiting",
    "kind": "article or report",
}
"""The fields a query may name, and what each holds."""

_PIECE = re.compile(
    r"""(?P<minus>-+)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)(?P<closed>"|$)|(?P<word>[^\s"]+))""",
)
_SPACED = re.compile(rf"\b({'|'.join(FIELDS)}):\s+(?=\S)", re.IGNORECASE)
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "\0": " "})


@dataclass(frozen=True, slots=True)
class Part:
    """One condition: a word, a phrase or a beginning, perhaps of a field, perhaps negated."""

    text: str
    how: Literal["word", "phrase", "prefix"] = "word"
    field: str | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """All groups must hold, one part of each; none of the negated may."""

    groups: tuple[tuple[Part, ...], ...]
    excluded: tuple[Part, ...]
    notes: tuple[str, ...]

    def with_what_was_taken_away(self, why: str) -> "Parsed":
        """The same query searching for the words it excluded: a minus may have been part of the text."""
        words = tuple((Part(part.text, part.how),) for part in self.excluded if part.field is None)
        if not words:
            return self
        named = ", ".join(f"“{group[0].text}”" for group in words)
        kept = tuple(part for part in self.excluded if part.field)
        return Parsed(
            self.groups + words, kept, (*self.notes, f"{why}, so {named} was searched for instead.")
        )


def parse(query: str) -> Parsed:
    """Read a query; QueryFault where it is too long to be one."""
    if len(query) > LONGEST_QUERY:
        raise QueryFault(f"the query has {len(query)} characters; {LONGEST_QUERY} are the most")
    clean = query.encode("utf-8", "replace").decode().translate(_CURLY)
    clean = _SPACED.sub(r"\1:", clean)
    reader = _Reader()
    for piece in _PIECE.finditer(clean):
        reader.take(piece)
    return reader.parsed()


def _takes_away(piece: re.Match[str]) -> bool:
    """A single minus before a word takes it away; before a number, or doubled, it is part of the text."""
    if piece["minus"] != "-":
        return False
    return bool(piece["field"] or piece["phrase"] or (piece["word"] or "")[:1].isalpha())


class _Reader:
    """Collects parts into groups while the pieces go by."""

    def __init__(self) -> None:
        self.groups: list[list[Part]] = []
        self.excluded: list[Part] = []
        self.notes: list[str] = []
        self.joining = False
        self.parts = 0

    def take(self, piece: re.Match[str]) -> None:
        if self.parts >= MOST_PARTS:
            self._note(f"Only the first {MOST_PARTS} words were searched for.")
            return
        if piece["word"] in ("OR", "AND") and not piece["field"] and not piece["minus"]:
            self.joining = piece["word"] == "OR" and bool(self.groups)
            return
        for part in self._parts(piece):
            self.parts += 1
            self._place(part)

    def _place(self, part: Part) -> None:
        if part.negated:
            self.excluded.append(part)
        elif self.joining:
            self.groups[-1].append(part)
        else:
            self.groups.append([part])
        self.joining = False

    def _parts(self, piece: re.Match[str]) -> list[Part]:
        negated = _takes_away(piece)
        field = piece["field"].lower() if piece["field"] else None
        before = f"{piece['field']} " if field and field not in FIELDS else ""
        if before:
            field = None
        if piece["phrase"] is not None:
            if not piece["closed"]:
                self._note("A quotation mark was left open; we closed it at the end.")
            text: str = before + piece["phrase"]
            return [Part(text, "phrase", field, negated)] if self._searchable(text) else []
        return self._word(before + piece["word"], field, negated)

    def _word(self, text: str, field: str | None, negated: bool) -> list[Part]:
        if not self._searchable(text):
            if field:
                self._note(f"“{field}:” has no value, so it was left out.")
            return []
        if text.endswith("*") and not field:
            stem = text.rstrip("*")
            if len(stem) >= SHORTEST_BEGINNING and stem.isalnum():
                return [Part(stem, "prefix", None, negated)]
            self._note(f"“{text}” is too short or too mixed for a star; it was searched for as a word.")
        return [Part(text, "word", field, negated)]

    def _searchable(self, text: str) -> bool:
        """Whether anything of the text is in words as the index keeps them."""
        if ANALYSERS[WORDS].analyze(text):
            return True
        if any(character.isalnum() for character in text):
            self._note(f"“{text[:30]}…” is too long for a word, so it was left out.")
        return False

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def parsed(self) -> Parsed:
        read = Parsed(tuple(map(tuple, self.groups)), tuple(self.excluded), tuple(self.notes))
        if self.groups or any(part.field for part in self.excluded):
            return read
        return read.with_what_was_taken_away("A minus takes words away, and nothing else was asked for")
