"""An article as the linker reads it: one straightened text with its sentences, and clues with characters."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from storage.dates import DaySpan
from storage.records import Clue

_STRAIGHT = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
    }
)
_GAP = "\n\n"
_END = re.compile(r"[.!?][\"')\]]*(?=\s+[\"'(\[]*[A-Z0-9])|\n+")
_NOT_AN_END = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Rev|St|Cllr|Coun|No|vs|Prof|Sgt|Ltd|Co|Inc)\.$")
_ASIDE = re.compile(
    r"^\s*(?:read (?:more|next)|related (?:articles|stories)|most read|also in your area|sign ?up|click here"
    r"|advertisement|more (?:from|top stories)|other stories|recommended|share this|listen to the best"
    r"|join our|subscribe|get all your news|our picks|comments?\b|picture caption|caption:|follow us)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its characters in the straightened text; an ``aside`` is no part of the story."""

    number: int
    start: int
    end: int
    in_title: bool
    aside: bool


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One version of an article.

    ``published`` is every day it may have come out on, None where nothing is known; ``latest`` is a day
    it cannot be younger than (the fetch), which is never taken for publication.
    """

    title: str
    text: str
    published: DaySpan | None
    latest: dt.date
    outlet: str | None = None
    key: str = ""
    _marks: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def plain(self) -> str:
        """Title and text with quotes, dashes and spaces straightened, one character for one."""
        return (self.title + _GAP + self.text).translate(_STRAIGHT)

    @cached_property
    def low(self) -> str:
        """The plain text in small letters, one character for one."""
        low = self.plain.lower()
        if len(low) == len(self.plain):
            return low
        return "".join(one.lower() if len(one.lower()) == 1 else one for one in self.plain)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of title and text, in order."""
        return tuple(self._split())

    @property
    def body_starts(self) -> int:
        """Where the text begins in ``plain``."""
        return len(self.title) + len(_GAP)

    def sentence_at(self, position: int) -> Sentence:
        """The sentence that holds a character."""
        starts: list[int] = self._marks.setdefault("starts", [one.start for one in self.sentences])
        low, high = 0, len(starts)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if starts[middle] <= position else (low, middle)
        return self.sentences[max(low - 1, 0)]

    def told(self) -> Iterator[Sentence]:
        """The sentences that belong to the story."""
        return (one for one in self.sentences if not one.aside)

    def is_told(self, position: int) -> bool:
        """Whether a character belongs to the story and not to an aside around it."""
        return not self.sentence_at(position).aside

    def clue(self, kind: str, start: int, end: int, value: Any, confidence: float = 1.0) -> Clue:
        """A clue whose characters are counted in its own field, as the article is exported."""
        in_title = start < self.body_starts
        shift = 0 if in_title else self.body_starts
        start, end = start - shift, end - shift
        source = self.title if in_title else self.text
        return Clue(
            kind=kind,
            field="title" if in_title else "text",
            start=start,
            end=end,
            text=source[start:end],
            value=value,
            confidence=confidence,
        )

    def position(self, clue: Clue) -> int:
        """Where a clue begins in ``plain``."""
        return clue.start + (0 if clue.field == "title" else self.body_starts)

    def _split(self) -> Iterator[Sentence]:
        aside = False
        for number, (start, end) in enumerate(self._pieces()):
            if self.plain[start - 1 : start] in ("\n", "") and start >= self.body_starts:
                late = start > self.body_starts + 0.6 * len(self.text)
                heading = bool(_ASIDE.match(self.plain, start, end))
                aside = heading or (aside and late and not self._resumes(start, end))
            yield Sentence(number, start, end, end <= len(self.title), aside)

    def _resumes(self, start: int, end: int) -> bool:
        """A line of full sentences after an aside's heading is the story again."""
        line_end = self.plain.find("\n", start)
        line = self.plain[start : line_end if line_end >= 0 else len(self.plain)]
        return len(line) > 120

    def _pieces(self) -> Iterator[tuple[int, int]]:
        start = 0
        for found in _END.finditer(self.plain):
            end = found.end()
            if found.group()[0] == "." and _NOT_AN_END.search(self.plain, start, found.start() + 1):
                continue
            if self.plain[start:end].strip():
                yield start + _leading(self.plain, start, end), end
            start = end
        if self.plain[start:].strip():
            yield start + _leading(self.plain, start, len(self.plain)), len(self.plain)


def _leading(text: str, start: int, end: int) -> int:
    piece = text[start:end]
    return len(piece) - len(piece.lstrip())
