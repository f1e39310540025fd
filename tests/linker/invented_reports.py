"""Fictional inspection reports of any number, and how a newspaper quotes them.

A third of each report is stock: sentences that many reports share; the rest is its own, though full of
turns of phrase that others use too. Everything is drawn from the ``Random`` that is passed in.
"""

import random
import re
from dataclasses import dataclass

_LITTLE = (
    "the of and to in that is are was were for with their they not have has by on from this which at "
    "as be it or when who do does did had been all some there"
)
_PLAIN = (
    "staff children home manager care risk leaders records plans young people support records safe "
    "needs school family education health placement behaviour police missing training incidents "
    "medication visits concerns house room night door food money phone garden evening weekend bedroom "
    "carers workers inspector relationship"
)
_SYLLABLES = (
    "ba be bo ca ce co da de di fa fe fo ga ge go la le li lo ma me mi mo na ne no pa pe po ra re ri "
    "ro sa se si so ta te ti to va ve vi"
)
_EDITS = {
    "children": "youngsters",
    "staff": "workers",
    "the": "this",
    "not": "never",
    "home": "house",
    "is": "was",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quotation as printed, and the passage it was taken from; ``stock`` where many reports hold it."""

    text: str
    report: str
    start: int
    end: int
    stock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedReport:
    """A report's text, with its sentences' spans and which of them are stock."""

    id: str
    text: str
    spans: list[tuple[int, int]]
    stock: list[bool]


class Inspectorate:
    """Writes reports: the same stock sentences and turns of phrase, other findings in each."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        syllables = _SYLLABLES.split()
        rare = sorted({"".join(rng.choices(syllables, k=rng.choice((2, 3, 4)))) for _ in range(12_000)})
        self._words = [*_LITTLE.split(), *_PLAIN.split(), *rare]
        self._weights = [1 / (rank + 3) ** 0.9 for rank in range(len(self._words))]
        self._pool: list[str] = []
        self._phrases = [" ".join(self._drawn(rng.choice((3, 4, 5)))) for _ in range(2_000)]
        self._stock = [self._sentence() for _ in range(600)]

    def reports(self, count: int, words: int = 2_500) -> list[InventedReport]:
        """``count`` reports of about ``words`` words."""
        return [self._report(f"report-{number}", words) for number in range(count)]

    def _report(self, name: str, words: int) -> InventedReport:
        sentences: list[str] = []
        stock: list[bool] = []
        written = 0
        while written < words:
            is_stock = self._rng.random() < 0.35
            sentence = self._rng.choice(self._stock) if is_stock else self._sentence()
            sentences.append(sentence)
            stock.append(is_stock)
            written += sentence.count(" ") + 1
        spans, parts, at = [], [], 0
        for sentence in sentences:
            spans.append((at, at + len(sentence)))
            gap = "\n\n" if self._rng.random() < 0.2 else "\n" if self._rng.random() < 0.2 else " "
            parts.append(sentence + gap)
            at += len(sentence) + len(gap)
        return InventedReport(id=name, text="".join(parts), spans=spans, stock=stock)

    def _sentence(self) -> str:
        words: list[str] = []
        for _ in range(self._rng.choice((1, 2, 2, 3))):
            words += self._drawn(self._rng.choice((3, 4, 5, 6, 7)))
            if self._rng.random() < 0.6:
                words.append(self._rng.choice(self._phrases))
        text = " ".join(words)
        return f"{text[0].upper()}{text[1:]}."

    def _drawn(self, count: int) -> list[str]:
        if len(self._pool) < count:
            self._pool = self._rng.choices(self._words, self._weights, k=100_000)
        drawn = self._pool[-count:]
        del self._pool[-count:]
        return drawn


def quotations(rng: random.Random, reports: list[InventedReport], count: int, edits: int = 2) -> list[Quoted]:
    """``count`` quotations of 8 to 30 words, ``edits`` of them changed, from anywhere."""
    found: list[Quoted] = []
    while len(found) < count:
        report = rng.choice(reports)
        number = rng.randrange(len(report.spans))
        start, end = report.spans[number]
        words = [match.span() for match in re.finditer(r"\S+", report.text[start:end])]
        if len(words) < 8:
            continue
        length = rng.randint(8, min(30, len(words)))
        first = rng.randrange(len(words) - length + 1)
        passage = (start + words[first][0], start + words[first + length - 1][1])
        text = _as_printed(rng, report.text[slice(*passage)], edits)
        stock = report.stock[number]
        found.append(Quoted(text=text, report=report.id, start=passage[0], end=passage[1], stock=stock))
    return found


def _as_printed(rng: random.Random, passage: str, edits: int) -> str:
    """The passage with words between its first and last replaced, mistyped, left out or bracketed."""
    words = passage.split()
    for at in rng.sample(range(1, len(words) - 1), edits):
        word = words[at]
        words[at] = rng.choice(
            (
                _EDITS.get(word, f"{word}s"),
                f"[{word}]",
                word.capitalize(),
                word[:-1] or word,
                "",
                f"{word} also",
            )
        )
    return " ".join(filter(None, words)).replace("'", "’")
