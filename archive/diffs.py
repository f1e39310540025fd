"""Two texts held against each other word by word: what stayed, what is gone, what is new."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz.distance import Indel

Kind = Literal["same", "gone", "new"]
_WORDS: Final = re.compile(r"\n+|[^\S\n]*\S+[^\S\n]*")
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
_MOST: Final = 20_000
"""Words of both texts together; longer ones are compared paragraph by paragraph, to stay within a second."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that share one fate."""

    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True)
class Diff:
    """A text and its later version in one: paragraphs of runs, and how many words came and went."""

    paragraphs: tuple[tuple[Run, ...], ...]
    gone: int
    new: int

    @property
    def changed(self) -> int:
        """How many paragraphs differ."""
        return sum(any(run.kind != "same" for run in paragraph) for paragraph in self.paragraphs)


def versions(before: str, after: str) -> Diff:
    """What changed from ``before`` to ``after``: every letter and every stop counts."""
    left, right = _WORDS.findall(before), _WORDS.findall(after)
    if len(left) + len(right) > _MOST:
        left, right = before.splitlines(keepends=True), after.splitlines(keepends=True)
    runs = [
        Run(kind, word)
        for kind, words in _steps(left, right, [*map(str.strip, left)], [*map(str.strip, right)])
        for word in words
    ]
    counts = {
        kind: sum(len(run.text.split()) for run in runs if run.kind == kind) for kind in ("gone", "new")
    }
    paragraphs = tuple(tuple(_joined(part)) for part in _split(runs))
    return Diff(paragraphs=tuple(one for one in paragraphs if one), gone=counts["gone"], new=counts["new"])


def sides(quoted: str, source: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """A quotation and what it quotes, side by side; case, quotation marks and stops do not count."""
    left, right = (re.findall(r"\S+\s*", text) for text in (quoted, source))
    steps = list(_steps(left, right, [*map(_bare, left)], [*map(_bare, right)]))
    one = [Run(kind, word) for kind, words in steps if kind != "new" for word in words]
    rights = iter(right)
    other = []
    for kind, words in steps:
        if kind != "gone":
            other += [Run(kind, word) for word in itertools.islice(rights, len(words))]
    return tuple(_joined(one)), tuple(_joined(other))


def _steps(
    left: Sequence[str], right: Sequence[str], left_keys: Sequence[str], right_keys: Sequence[str]
) -> Iterator[tuple[Kind, Sequence[str]]]:
    for step in Indel.opcodes(left_keys, right_keys):
        if step.tag == "equal":
            yield "same", left[step.src_start : step.src_end]
        elif step.tag == "delete":
            yield "gone", left[step.src_start : step.src_end]
        else:
            yield "new", right[step.dest_start : step.dest_end]


def _bare(word: str) -> str:
    return _EDGES.sub("", word).casefold().replace("’", "'")


def _split(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Paragraphs: a line's end closes one whatever became of it; what is gone stands before what is new."""
    paragraph: list[Run] = []
    for run in runs:
        if run.text.strip():
            place = len(paragraph)
            while run.kind == "gone" and place and paragraph[place - 1].kind == "new":
                place -= 1
            paragraph.insert(place, run)
        if "\n" in run.text:
            yield paragraph
            paragraph = []
    yield paragraph


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    for kind, together in itertools.groupby(runs, key=lambda run: run.kind):
        yield Run(kind, " ".join("".join(run.text for run in together).split()))
