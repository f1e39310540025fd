"""What an article quotes of a report: each quotation, and the sentences of the report that it repeats."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from archive.diffs import Run, sides

_QUOTES: Final = re.compile(r"“([^“”\n]{20,900})”|\"([^\"\n]{20,900})\"")
_LEAST: Final = 5  # words: shorter ones are anybody's
_MOST: Final = 14  # quotations of one article that are looked up
_ALIKE: Final = 78.0  # per cent of letters: a paper may change one word of five
_PLAIN: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\n": " ", "\u00a0": " ", "–": "-"})


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence of a report: its number, its page, its characters in the report's text."""

    number: int
    page: int | None
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """Words that an article quotes, by their characters in its text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Repeated:
    """A quotation beside the report's own words; ``exact`` where no word differs.

    ``before`` and ``after`` are the rest of the sentences that it is taken from.
    """

    quotation: Quotation
    sentences: tuple[Sentence, ...]
    said: tuple[Run, ...]
    stands: tuple[Run, ...]
    before: str
    after: str

    @property
    def exact(self) -> bool:
        """Whether every word is the report's."""
        return all(run.kind == "same" for run in (*self.said, *self.stands))


def quotations(text: str, known: Iterable[tuple[int, int]] = ()) -> list[Quotation]:
    """What stands in quotation marks, and at the places ``known`` otherwise; in order, without overlaps."""
    spans = [match.span(match.lastindex or 0) for match in _QUOTES.finditer(text)]
    spans += [span for span in known if 0 <= span[0] < span[1] <= len(text)]
    kept: list[Quotation] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if (not kept or start >= kept[-1].end) and len(text[start:end].split()) >= _LEAST:
            kept.append(Quotation(start=start, end=end, text=text[start:end]))
    return kept[:_MOST]


def repeated(found: Sequence[Quotation], report: str, sentences: Sequence[Sentence]) -> list[Repeated]:
    """The quotations that stand in the report, nearly or word for word, with the sentences they are from."""
    plain = _plain(report)
    known = [_long_words(plain[one.start : one.end]) for one in sentences]
    held = []
    for quotation in found:
        passage = _passage(_plain(quotation.text).strip(" ,."), plain, sentences, known)
        if passage is None:
            continue
        start, end = _trimmed(quotation.text, report, *passage)
        within = tuple(one for one in sentences if one.start < end and one.end > start)
        first = min((one.start for one in within), default=start)
        last = max((one.end for one in within), default=end)
        said, stands = sides(quotation.text, report[start:end])
        held.append(
            Repeated(
                quotation=quotation,
                sentences=within,
                said=said,
                stands=stands,
                before=" ".join(report[first:start].split()),
                after=" ".join(report[end:last].split()),
            )
        )
    return held


def _passage(
    quoted: str, report: str, sentences: Sequence[Sentence], known: Sequence[set[str]]
) -> tuple[int, int] | None:
    """The characters of ``report`` that come nearest, widened to whole words."""
    exact = report.find(quoted)
    if exact >= 0:
        return _whole_words(report, exact, exact + len(quoted))
    best: tuple[float, int, int] | None = None
    for begin, end in _windows(quoted, report, sentences, known):
        window = report[begin:end]
        found = fuzz.partial_ratio_alignment(quoted, window, score_cutoff=_ALIKE)
        if found is None or len(quoted) > len(window) or (best and found.score <= best[0]):
            continue
        best = (found.score, begin + found.dest_start, begin + found.dest_end)
    return best and _whole_words(report, best[1], best[2])


def _windows(
    quoted: str, report: str, sentences: Sequence[Sentence], known: Sequence[set[str]]
) -> list[tuple[int, int]]:
    """Where it is worth looking: around the sentences that share the most words; aligning costs."""
    wanted = _long_words(quoted)
    if not sentences:
        return [(0, len(report))]
    shared = [len(wanted & words) for words in known]
    likely = sorted(range(len(sentences)), key=lambda place: -shared[place])[:3]
    reach = len(quoted)
    return [
        (max(0, sentences[place].start - reach), sentences[place].end + reach)
        for place in likely
        if shared[place] >= min(2, len(wanted))
    ]


def _trimmed(quoted: str, report: str, start: int, end: int) -> tuple[int, int]:
    """Without words at either end that the quotation has nothing for: they are the report's going on."""
    said, stands = sides(quoted, report[start:end])
    words = [(match.start() + start, match.end() + start) for match in re.finditer(r"\S+", report[start:end])]
    if stands[0].kind == "new" and said[0].kind != "gone":
        words = words[len(stands[0].text.split()) :]
    if stands[-1].kind == "new" and said[-1].kind != "gone":
        words = words[: -len(stands[-1].text.split())]
    return (words[0][0], words[-1][1]) if words else (start, end)


def _whole_words(report: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and report[start - 1].isalnum() and report[start].isalnum():
        start -= 1
    while end < len(report) and report[end].isalnum() and report[end - 1].isalnum():
        end += 1
    while start < end and not report[start].isalnum():
        start += 1
    while end > start and not report[end - 1].isalnum():
        end -= 1
    return start, end


def _long_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text) if len(word) > 3}


def _plain(text: str) -> str:
    """The same length, so that places stay; but one kind of quotation mark, and small letters."""
    swapped = text.translate(_PLAIN)
    lowered = swapped.lower()
    return lowered if len(lowered) == len(text) else swapped
