"""The sentences of an article that may retell a report: long enough, of its story, without quotations."""

import re
from collections.abc import Sequence
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


def find(reading: Reading, quotations: Sequence[Clue]) -> list[Clue]:
    """``paraphrase``: the sentences to compare; those with a quotation that was found say that already."""
    quoted = {reading.sentence_at(reading.position(one)).number for one in quotations}
    clues: list[Clue] = []
    for sentence in reading.told():
        if sentence.in_title or sentence.number in quoted or len(clues) == _MOST:
            continue
        plain = reading.plain[sentence.start : sentence.end]
        words = telling_words(_QUOTED.sub(lambda found: " " * len(found.group()), plain))
        if len(words) >= _LEAST:
            end = sentence.start + len(plain.rstrip())
            clues.append(reading.clue("paraphrase", sentence.start, end, Told(words=words)))
    return clues
