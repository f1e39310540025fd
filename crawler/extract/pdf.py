"""PDF to pages of lines through pypdfium2; run it in the pool (``crawler.extract.pool``), not in the parent.

Reading character by character rather than a page's text at once keeps what the layout tells: where a line
stands and how large it is set, which is how paragraphs and headings are known afterwards.
"""

import ctypes
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from crawler.errors import NotExtracted, Unreadable

_HYPHENS = (0x02, 0xFFFE)  # what pdfium puts for the hyphen that ends a line, and then no line break
_BREAKS = (0x0A, 0x0D)
_MAGIC_WITHIN = 1024  # bytes of rubbish that readers tolerate before %PDF-
_DEEPEST = 64  # levels of a structure tree
_STRANGE = frozenset({"Co", "Cn", "Cc"})  # private, unassigned and control characters
_COMMONEST = frozenset(
    {
        *(
            "the",
            "of",
            "and",
            "to",
            "in",
            "a",
            "is",
            "are",
            "for",
            "that",
            "was",
            "on",
            "with",
            "by",
            "have",
            "be",
        )
    }
)
_ENOUGH = 80  # words of a text before the commonest must be among them; they are a quarter of all prose


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of a page: where it begins, its baseline, the size of its type; points from the bottom left."""

    text: str
    left: float
    baseline: float
    size: float


def read_pdf(content: bytes) -> tuple[tuple[PdfLine, ...], ...]:
    """The lines of each page in reading order.

    Unreadable for what is no PDF, or locked; NotExtracted where no words come out of it, or garbled ones.
    """
    if b"%PDF-" not in content[:_MAGIC_WITHIN]:
        raise Unreadable("it is no PDF")
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("the PDF is locked with a password") from None
        raise NotExtracted("the PDF is damaged or cut short") from None
    try:
        pages = tuple(_page(document, number) for number in range(len(document)))
    finally:
        document.close()
    if not pages:
        raise NotExtracted("the PDF has no pages")
    if not any(pages):
        raise NotExtracted("the PDF has no words, only pictures perhaps; it needs text recognition first")
    if garbled(pages):
        raise NotExtracted("the words of the PDF come out garbled")
    return pages


def garbled(pages: Iterable[Iterable[PdfLine]]) -> bool:
    """Whether what was read is no English: strange signs, or none of its commonest words."""
    text = "\n".join(line.text for page in pages for line in page)
    letters = [sign for sign in text if not sign.isspace()]
    strange = sum(unicodedata.category(sign) in _STRANGE or sign == "\ufffd" for sign in letters)
    if strange > 0.15 * len(letters) or text.count("(cid:") > len(letters) / 50:
        return True
    words = re.findall(r"[a-z]+", text.lower())
    return len(words) > _ENOUGH and sum(word in _COMMONEST for word in words) < 0.04 * len(words)


def _page(document: pdfium.PdfDocument, number: int) -> tuple[PdfLine, ...]:
    try:
        page = document[number]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        raise NotExtracted(f"page {number + 1} of the PDF is damaged") from None
    try:
        lines = tuple(_lines(text.raw, text.count_chars()))
        return lines or tuple(_actual_text(page.raw))
    finally:
        text.close()
        page.close()


def _lines(text: raw.FPDF_TEXTPAGE, count: int) -> Iterator[PdfLine]:
    """Lines as pdfium breaks them, and after each hyphen at which it silently joined two."""
    letters: list[int] = []
    first = 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        if code in _BREAKS:
            yield from _line(text, first, letters)
            letters = []
            continue
        if not letters:
            if code == 0x20:
                continue
            first = index
        letters.append(ord("-") if code in _HYPHENS else code)
        if code in _HYPHENS:
            yield from _line(text, first, letters)
            letters = []
    yield from _line(text, first, letters)


def _line(text: raw.FPDF_TEXTPAGE, first: int, letters: list[int]) -> Iterator[PdfLine]:
    words = _decoded(letters).strip()
    if not words:
        return
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, first, x, y)
    yield PdfLine(words, x.value, y.value, round(raw.FPDFText_GetFontSize(text, first), 1))


def _decoded(codes: list[int]) -> str:
    """Text of UTF-16 units; half of a pair, and what stands for no character at all, is dropped."""
    packed = b"".join(code.to_bytes(2, "little") for code in codes if 0 < code < 0x10000)
    return packed.decode("utf-16-le", "ignore")


def _actual_text(page: raw.FPDF_PAGE) -> Iterator[PdfLine]:
    """The words of a page that carries them only as ActualText of its tags, a line an element."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return
    try:
        found: list[str] = []
        for index in range(raw.FPDF_StructTree_CountChildren(tree)):
            _collect(raw.FPDF_StructTree_GetChildAtIndex(tree, index), found, 0)
        for number, words in enumerate(found):
            yield PdfLine(words, 0.0, -24.0 * number, 12.0)  # as far apart as paragraphs
    finally:
        raw.FPDF_StructTree_Close(tree)


def _collect(element: raw.FPDF_STRUCTELEMENT, found: list[str], depth: int) -> None:
    if not element or depth > _DEEPEST:
        return
    length = raw.FPDF_StructElement_GetActualText(element, None, 0)
    if length > 2:
        buffer = ctypes.create_string_buffer(length)
        raw.FPDF_StructElement_GetActualText(element, buffer, length)
        words = buffer.raw[: length - 2].decode("utf-16-le", "ignore").strip()
        if words:
            found.append(words)
            return
    for index in range(raw.FPDF_StructElement_CountChildren(element)):
        _collect(raw.FPDF_StructElement_GetChildAtIndex(element, index), found, depth + 1)
