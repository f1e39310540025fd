"""A quotation held against a stretch of a report, word by word: which characters it repeats, and how well."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Self

from rapidfuzz.distance import Indel

from linker.shingles import WIDTH, Keys, Words

_LEAST = 0.6  # of a quotation must agree: three words of eight may be changed
_LEAST_SHORT = 0.75
_SHORT = 8
_ALIKE = 0.6  # share of letters from which a changed word still counts as the word
_CHANGED = 2  # words that a quotation may leave out next to its first or last
_MARGIN = 60  # characters around what is shared in which the passage's ends are sought
_REACH = 400  # characters between two shared runs of one passage
_CUT_REACH = 1_500  # the same where the quotation itself leaves something out

_CASED = re.compile(r"\[(\w)\](?=\w)")
_ADDED = re.compile(r"\[[^\][]{1,80}\]")
_LEFT_OUT = re.compile(r"…|\.\s?\.\s?\.?|\[\s*\]")
_STOP = re.compile(r"[.!?]\s|\n\s*\n")
_STOPS = {".", "!", "?"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quotation to compare; before the words ``cuts`` something is left out, ``added`` are bracketed."""

    text: str
    words: Words
    keys: Keys
    cuts: frozenset[int]
    added: frozenset[int]

    @classmethod
    def of(cls, quotation: str) -> Self:
        """``[s]taff`` is read as ``staff``; words in brackets may be the paper's own."""
        text = _CASED.sub(r"\1", quotation)
        words = Words.of(text)
        brackets = [match.span() for match in _ADDED.finditer(text)]
        added = frozenset(
            number
            for number, start in enumerate(words.starts)
            if any(first < start < end for first, end in brackets)
        )
        cuts = frozenset(
            number
            for number in range(1, len(words.starts))
            if _LEFT_OUT.search(text, words.ends[number - 1], words.starts[number])
        )
        return cls(text=text, words=words, keys=words.keys(), cuts=cuts, added=added)

    def __len__(self) -> int:
        return len(self.words.codes)

    @property
    def starts(self) -> Sequence[int]:
        """The first character of each run."""
        return self.words.starts

    @property
    def reach(self) -> int:
        """How far apart two shared runs may stand and belong to one passage, in characters."""
        return _CUT_REACH if self.cuts else _REACH

    @property
    def margin(self) -> int:
        """How far from a shared run its passage may begin or end, in characters."""
        return len(self.text) + _MARGIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What a quotation repeats of a text, and which of its runs stand there word for word."""

    start: int
    end: int
    score: float
    runs: tuple[int, ...]


class _Block(NamedTuple):
    """Words that agree: where they begin in the quotation and in the text, and how many."""

    quoted: int
    text: int
    size: int

    @property
    def quoted_end(self) -> int:
        return self.quoted + self.size

    @property
    def text_end(self) -> int:
        return self.text + self.size


def align(quoted: Quoted, window: str, begin: int) -> Passage | None:
    """The passage that the quotation repeats in ``window``, a text's characters from ``begin`` on."""
    words = Words.of(window)
    blocks = _best_stretch(quoted, words, _equal_blocks(quoted.words.codes, words.codes))
    if not blocks:
        return None
    score = _score(quoted, words, blocks)
    if score < (_LEAST if len(quoted) >= _SHORT else _LEAST_SHORT):
        return None
    first, last = _first_word(quoted, words, blocks[0]), _last_word(quoted, words, blocks[-1])
    runs = tuple(
        run for block in blocks for run in range(block.quoted, block.quoted + block.size - WIDTH + 1)
    )
    start, end = words.span(first, last)
    end += _full_stop(quoted, window[end:])
    return Passage(start=begin + start, end=begin + end, score=score, runs=runs)


def _equal_blocks(quoted: Sequence[int], words: Sequence[int]) -> list[_Block]:
    steps = Indel.opcodes(quoted, words)
    return [
        _Block(step.src_start, step.dest_start, step.src_end - step.src_start)
        for step in steps
        if step.tag == "equal"
    ]


def _best_stretch(quoted: Quoted, words: Words, blocks: Sequence[_Block]) -> list[_Block]:
    """The blocks that belong together: a common word that agrees by chance is not worth a long way."""
    best: list[_Block] = []
    most = value = 0.0
    first = 0
    for number, block in enumerate(blocks):
        if number:
            value -= _way(quoted, words, blocks[number - 1], block)
        if value <= 0:
            value, first = 0.0, number
        value += _letters(quoted.words, block.quoted, block.quoted + block.size)
        if value > most:
            most, best = value, list(blocks[first : number + 1])
    return best


def _way(quoted: Quoted, words: Words, one: _Block, other: _Block) -> float:
    """What it costs to count two blocks as one passage: what the text has more between them."""
    if quoted.cuts.intersection(range(one.quoted_end, other.quoted + 1)):
        return 1.0
    more = _letters(words, one.text_end, other.text) - _letters(quoted.words, one.quoted_end, other.quoted)
    return 1.0 + max(0, more)


def _score(quoted: Quoted, words: Words, blocks: Sequence[_Block]) -> float:
    """Twice the letters that agree by the letters of both; what the quotation says it left out is free."""
    agreeing = float(sum(_letters(quoted.words, block.quoted, block.quoted_end) for block in blocks))
    spanned = sum(_letters(words, block.text, block.text_end) for block in blocks)
    for one, other in pairwise(blocks):
        if quoted.cuts.intersection(range(one.quoted_end, other.quoted + 1)):
            continue
        said = quoted.text[quoted.words.ends[one.quoted_end - 1] : quoted.words.starts[other.quoted]]
        stands = words.text[words.ends[one.text_end - 1] : words.starts[other.text]]
        alike = Indel.normalized_similarity(said, stands, score_cutoff=_ALIKE)
        letters = _letters(quoted.words, one.quoted_end, other.quoted)
        agreeing += alike * letters
        spanned += _letters(words, one.text_end, other.text)
    met = {number for block in blocks for number in range(block.quoted, block.quoted_end)}
    free = sum(_letters(quoted.words, number, number + 1) for number in quoted.added - met)
    return 2 * agreeing / (_letters(quoted.words, 0, len(quoted)) - free + spanned)


def _first_word(quoted: Quoted, words: Words, block: _Block) -> int:
    """The passage begins with the quotation's first word, or as many words ahead as were changed."""
    before = list(range(block.text - 1, max(-1, block.text - 1 - block.quoted - _CHANGED), -1))
    within = [first for first in before if not _stops(words, first, block.text)]
    return _outermost(quoted.words.codes[0], words, within, block.quoted, block.text)


def _last_word(quoted: Quoted, words: Words, block: _Block) -> int:
    changed, last = len(quoted) - block.quoted_end, block.text_end - 1
    behind = range(last + 1, min(len(words.codes), last + 1 + changed + _CHANGED))
    within = [word for word in behind if not _stops(words, last, word)]
    return _outermost(quoted.words.codes[-1], words, within, changed, last)


def _outermost(code: int, words: Words, within: Sequence[int], changed: int, otherwise: int) -> int:
    """Which of the words ``within`` the sentence, nearest first, is the quotation's outermost."""
    if not changed:
        return otherwise
    same = [word for word in within if words.codes[word] == code]
    return same[0] if same else ([otherwise, *within][: changed + 1])[-1]


def _stops(words: Words, first: int, last: int) -> bool:
    """Whether a sentence ends between two words."""
    return bool(_STOP.search(words.text, words.ends[first], words.starts[last]))


def _full_stop(quoted: Quoted, behind: str) -> int:
    """1 where text and quotation both end with the same stop, else 0."""
    ending = quoted.text.rstrip(" \"'”’\n")[-1:]
    return int(ending in _STOPS and behind.startswith(ending))


def _letters(words: Words, first: int, end: int) -> int:
    return sum(words.ends[first:end]) - sum(words.starts[first:end])
