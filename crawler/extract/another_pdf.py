"""PDF to pages of lines through pdfminer, for what pdfium cannot read; some ten times slower.

Run it in the pool (``crawler.extract.pool``), not in the parent. Letters are taken in the order in which the
page draws them, as pdfium does: a table is drawn cell by cell, which no guess from the layout keeps as well.
"""

import io
import logging
from collections.abc import Iterator
from typing import Any, Final

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTPage
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from crawler.errors import NotExtracted
from crawler.extract.pdf import PdfLine

_RISE: Final = 0.4  # of the type's size: a letter higher or lower by more begins a line
_GAP: Final = 0.2  # of the type's size: wider than that between two letters, and a space was meant


def read_pdf(content: bytes) -> tuple[tuple[PdfLine, ...], ...]:
    """The lines of each page in reading order; NotExtracted where there are none."""
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it says much of each odd object
    try:
        pages = tuple(tuple(_lines(page)) for page in _pages(content))
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        raise NotExtracted(f"another reader fails on it, too ({type(error).__name__})") from None
    if not any(pages):
        raise NotExtracted("another reader finds no words in it either")
    return pages


def _pages(content: bytes) -> Iterator[LTPage]:
    """The pages as they are drawn, without pdfminer's analysis of the layout."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.get_pages(io.BytesIO(content)):
        interpreter.process_page(page)
        yield device.get_result()


def _lines(page: LTContainer[Any]) -> Iterator[PdfLine]:
    letters: list[LTChar] = []
    for letter in _letters(page):
        if letters and _apart(letters[-1], letter):
            yield from _line(letters)
            letters = []
        letters.append(letter)
    yield from _line(letters)


def _letters(item: LTContainer[Any]) -> Iterator[LTChar]:
    for inner in item:
        if isinstance(inner, LTChar):
            yield inner
        elif isinstance(inner, LTContainer):
            yield from _letters(inner)


def _apart(before: LTChar, letter: LTChar) -> bool:
    """Whether a line ends between the two: higher or lower, or back to the left."""
    rise = abs(letter.matrix[5] - before.matrix[5])
    return bool(rise > _RISE * before.size or letter.x0 < before.x0 - before.size)


def _line(letters: list[LTChar]) -> Iterator[PdfLine]:
    text = ""
    for number, letter in enumerate(letters):
        before = letters[number - 1] if number else None
        if before is not None and letter.x0 - before.x1 > _GAP * before.size and not text.endswith(" "):
            text += " "
        text += letter.get_text()
    if text.strip():
        first = next(letter for letter in letters if letter.get_text().strip())
        yield PdfLine(text.strip(), first.matrix[4], first.matrix[5], round(first.size, 1))
