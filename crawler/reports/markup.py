"""A report published as HTML: its blocks of text, a table's row as one block."""

from collections.abc import Iterator
from typing import Any, Final

from lxml import html
from w3lib.encoding import html_to_unicode

from crawler.errors import Unreadable

_SKIPPED: Final = frozenset({"script", "style", "nav", "noscript", "template", "svg", "head"})
_BLOCKS: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "fieldset"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol"),
        *("p", "pre", "section", "table", "tbody", "td", "th", "thead", "tfoot", "tr", "ul"),
    }
)


def blocks(content: bytes) -> list[str]:
    """The text of each block in order; a label and its value in one row or one list entry stay together."""
    try:
        _, decoded = html_to_unicode(None, content)
        root = html.document_fromstring(decoded.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (ValueError, html.etree.ParserError):
        raise Unreadable("the page holds no text") from None
    found: list[str] = []
    pending: list[str] = []
    for text in _walk(root):
        if text is None:
            _flush(pending, found)
        else:
            pending.append(text)
    _flush(pending, found)
    return found


def _flush(pending: list[str], found: list[str]) -> None:
    text = " ".join("".join(pending).split())
    if text:
        found.append(text)
    pending.clear()


def _walk(element: Any) -> Iterator[str | None]:
    """Texts in order; None where a block begins or ends."""
    if not isinstance(element.tag, str) or element.tag in _SKIPPED:
        yield element.tail or ""
        return
    is_block = element.tag in _BLOCKS and not _inside_a_row(element)
    if is_block:
        yield None
    yield element.text or ""
    for child in element:
        yield from _walk(child)
    yield None if is_block else " " if element.tag in _BLOCKS else ""
    yield element.tail or ""


def _inside_a_row(element: Any) -> bool:
    if element.tag == "dd":
        return True
    return any(parent.tag in {"tr", "dd"} for parent in element.iterancestors())
