"""A report as paragraphs, whatever it came as: each knows on which page every part of it stands."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from crawler.extract.pdf import PdfLine
from crawler.reports.spelling import join, tidy

_RUNNING: Final = re.compile(
    r"(?:Inspection report\b.{0,60}?:?\s+(?:SC)?\d{6,7}\s+\d{1,3}|(?:Ofsted\s*[|–-]\s*)?(?:Page )?\d{1,3}"
    r"(?: of \d{1,3})?)"
)
"""The line at the foot (or, in some, the head) of each page."""

_RUN_IN: Final = re.compile(r"Inspection report\b[^:\n]{0,60}:\s+(?:SC)?\d{6,7}\s+\d{1,3}(?=\s|$)")
"""The same where it stands in the middle of a line."""

_BULLET: Final = re.compile(r"[\u2022\u25aa\u25a0\u25fc\u25cf\uf0a7\uf0b7*-]\s+\S")
_ENDS: Final = (".", "!", "?", ":", ";", "\u2014", ".”", ".’", ")", '."')


_TORN: Final = 120  # characters: a shorter paragraph may be a label whose value stands below it
_SENTENCES: Final = re.compile(r"[.!?][\"'”’)]*\s")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; ``opens``: something (space, size, a blank line) says that a paragraph begins."""

    text: str
    page: int
    opens: bool
    size: float | None = None  # of the type, in points; None where the source has no sizes


@dataclass(frozen=True)
class Paragraph:
    """Text without line breaks; ``pages``: from which offset it stands on which page."""

    text: str
    pages: tuple[tuple[int, int], ...]
    large: bool = False  # set larger than the body, as headings are

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.pages[0][1]

    def page_at(self, offset: int) -> int:
        """The page on which the character at ``offset`` stands."""
        return next(page for begin, page in reversed(self.pages) if begin <= offset)

    def part(self, start: int, end: int) -> "Paragraph":
        """The characters from ``start`` to ``end`` as a paragraph of its own, without outer spaces."""
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
        text = self.text[start:end].rstrip()
        later = tuple(
            (begin - start, page) for begin, page in self.pages if start < begin < start + len(text)
        )
        return Paragraph(text, ((0, self.page_at(start)), *later), self.large)


@dataclass(frozen=True)
class Document:
    """The paragraphs of a report in order, and how many pages it has."""

    paragraphs: tuple[Paragraph, ...]
    pages: int
    spaced: bool = True  # whether blank lines, blocks or the layout part its paragraphs
    flat: str = field(init=False)  # the paragraphs, a line each

    def __post_init__(self) -> None:
        object.__setattr__(self, "flat", "\n".join(paragraph.text for paragraph in self.paragraphs))


def from_pdf(pages: Sequence[Sequence[PdfLine]]) -> Document:
    """A document of the lines of a PDF: space above a line, or another size, begins a paragraph."""
    lines: list[Line] = []
    for number, page in enumerate(pages, 1):
        above: PdfLine | None = None
        for line in (line for line in page if not _RUNNING.fullmatch(line.text)):
            lines.append(Line(line.text, number, _opens(above, line, lines), line.size))
            above = line
    return _document(lines, len(pages))


def _opens(above: PdfLine | None, line: PdfLine, before: list[Line]) -> bool:
    if above is None:  # a paragraph may run on from the page before
        ended = not before or before[-1].text.endswith(_ENDS) or before[-1].size != line.size
        return ended or not line.text[:1].islower()
    drop = above.baseline - line.baseline
    return drop > 1.5 * line.size or drop < -0.5 * line.size or abs(above.size - line.size) > 0.6


def from_text(text: str, headings: re.Pattern[str]) -> Document:
    """A document of plain text: form feeds part pages, blank lines (or short full lines) part paragraphs.

    A line that ``headings`` matches whole stands for itself.
    """
    lines: list[Line] = []
    text = _RUN_IN.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    pages = text.split("\f")
    width = _width(text)
    for number, page in enumerate(pages, 1):
        opens = not lines or lines[-1].text.endswith(_ENDS)
        for raw in page.split("\n"):
            line = raw.strip()
            if not line:
                opens = True
            elif not _RUNNING.fullmatch(line):
                alone = headings.fullmatch(line) is not None
                lines.append(Line(line, number, opens or alone))
                opens = alone or (line.endswith(_ENDS) and len(line) < 0.75 * width)
    spaced = bool(re.search(r"\n\s*\n", text.strip())) and len(lines) > 1
    return _document(lines, len(pages), spaced)


def _width(text: str) -> int:
    """How wide the text was wrapped: what nine in ten lines stay below."""
    lengths = sorted(len(line.strip()) for line in text.splitlines() if line.strip())
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def from_blocks(blocks: Iterable[str]) -> Document:
    """A document of one page whose paragraphs are given."""
    return _document([Line(text, 1, True) for text in blocks], 1)


def _document(lines: Sequence[Line], pages: int, spaced: bool = True) -> Document:
    known = tuple(_repeated(lines, pages))
    body = _body_size(lines)
    vocabulary = frozenset(re.findall(r"[\w-]+", " ".join(line.text for line in lines).lower()))
    paragraphs: list[Paragraph] = []
    gathered: list[Line] = []
    for line in lines:
        if re.sub(r"\d+", "#", line.text) in known:
            continue
        if gathered and _begins(line, gathered):
            paragraphs += _paragraphs(gathered, vocabulary, body)
            gathered = []
        gathered.append(line)
    if gathered:
        paragraphs += _paragraphs(gathered, vocabulary, body)
    return Document(tuple(paragraphs), pages, spaced)


def _begins(line: Line, gathered: Sequence[Line]) -> bool:
    """Whether a paragraph begins here; not where a gap only tears a sentence in two."""
    above = gathered[-1]
    if line.opens and above.size == line.size and line.text[:1].islower() and not above.text.endswith(_ENDS):
        before = " ".join(one.text for one in gathered)
        return len(before) < _TORN and not _SENTENCES.search(before)
    return line.opens or bool(_BULLET.match(line.text))


def _repeated(lines: Sequence[Line], pages: int) -> Iterable[str]:
    """Lines that stand on most pages, but for their numbers: running heads that we do not know.

    Words without a number must stand at a page's edge for it: a heading may recur on every page.
    """
    if pages < 3:
        return
    edges = _edges(lines) if pages > 3 else set()
    on_pages = Counter(
        text
        for text, number, at_edge in {
            (re.sub(r"\d+", "#", one.text), one.page, place in edges) for place, one in enumerate(lines)
        }
        if at_edge or "#" in text
    )
    yield from (text for text, count in on_pages.items() if count >= 0.8 * pages)


def _edges(lines: Sequence[Line]) -> set[int]:
    """The places of the first and the last two lines of each page."""
    by_page = [[place for place, _ in page] for _, page in groupby(enumerate(lines), lambda one: one[1].page)]
    return {place for page in by_page for place in (*page[:2], *page[-2:])}


def _body_size(lines: Sequence[Line]) -> float | None:
    """The size in which most of the letters are set."""
    sizes = [line.size for line in lines for _ in line.text[::20] if line.size is not None]
    return statistics.median(sizes) if sizes else None


def _paragraphs(lines: Sequence[Line], vocabulary: frozenset[str], body: float | None) -> list[Paragraph]:
    """One paragraph of the lines, or several where tags left in the text part them."""
    text = ""
    pages: list[tuple[int, int]] = []
    for line in lines:
        text = join(text, line.text, vocabulary)
        if not pages or pages[-1][1] != line.page:
            pages.append((max(len(text) - len(line.text), 0), line.page))
    large = body is not None and all(line.size is not None and line.size > body + 1 for line in lines)
    whole = Paragraph(text, tuple(pages), large)
    parts = [whole.part(start, end) for start, end in _between_tags(text)]
    return [Paragraph(tidy(part.text), part.pages, large) for part in parts if tidy(part.text)]


_TAG: Final = re.compile(
    r"</?(?:p|br|li|ul|ol|div|span|b|i|u|em|strong|table|tr|td|h\d)\b[^<>]*>", re.IGNORECASE
)


def _between_tags(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for tag in _TAG.finditer(text):
        yield start, tag.start()
        start = tag.end()
    yield start, len(text)
