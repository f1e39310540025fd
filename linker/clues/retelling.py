"""The sentences of an article that may retell a report: long enough, of its story, without quotations."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from linker.reading import Reading
from linker.retelling import telling_words
from linker.shingles import Numbers
from storage.records import Clue

_LEAST = 5  # telling words
_MOST = 40  # sentences
_QUOTED = re.compile(r'"[^"\n]{3,}"?|(?<!\w)\'[^\n]{3,}?\'(?!\w)')


@dataclass(frozen=True, kw_only=True)
class Told:
    """A sentence's telling words."""

    words: Numbers = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{len(self.words)} telling words"


def find(reading: Reading, quotations: Sequence[Clue], others: Iterable[Clue] = ()) -> list[Clue]:
    """``paraphrase``: the sentences to compare, without what says the same already.

    That is whole sentences with one of the ``quotations`` found, and the characters of ``others``: clues that
    are held against what reports say by themselves.
    """
    quoted = {reading.sentence_at(reading.position(one)).number for one in quotations}
    known = [(start := reading.position(one), start + len(one.text)) for one in others]
    clues: list[Clue] = []
    for sentence in reading.told():
        if sentence.in_title or sentence.number in quoted or len(clues) == _MOST:
            continue
        plain = reading.plain[sentence.start : sentence.end]
        end = sentence.start + len(plain.rstrip())
        for first, last in known:
            if sentence.start <= first < sentence.end:
                plain = _blank(plain, first - sentence.start, last - sentence.start)
        words = telling_words(_QUOTED.sub(" ", plain) if '"' in plain or "'" in plain else plain)
        if len(words) >= _LEAST:
            clues.append(reading.clue("paraphrase", sentence.start, end, Told(words=words)))
    return clues


def _blank(plain: str, start: int, end: int) -> str:
    return plain[:start] + " " * (end - start) + plain[end:]
