"""The text of a story: read by several extractors, chosen by agreement, cleared of what is no part of it."""

import contextlib
from collections.abc import Callable
from copy import deepcopy

from lxml.html import HtmlElement

from crawler.extract.agreement import agreed, as_told, holder, story_of
from crawler.extract.blocks import Block, blocks_of, lighten, without_menus
from crawler.extract.structure import cleaned

_LEAST = 250  # characters; when less is agreed on, the page is no usual one
_FAR_MORE = 3
Reader = Callable[[HtmlElement], str]


def story_text(tree: HtmlElement, told: str = "") -> str:
    """The text of the story on a page, a line a paragraph; empty where there is none.

    ``tree`` is used up. ``told``: what the page's own data give as its text.
    """
    lighten(tree)
    blocks = without_menus(tree, blocks_of(tree))
    readings = [_read(reader, tree) for reader in READERS]
    box, kept = story_of(blocks, agreed(blocks, readings))
    text = _text(blocks, cleaned(blocks, as_told(blocks, kept, told), box))
    if len(text) >= _LEAST:
        return text
    # A few lines among much else: one of the readers, or the page's own data, may have more.
    fullest = max((text, told, *readings), key=lambda one: len(one) > _FAR_MORE * len(text) and len(one))
    return "\n".join(words for line in fullest.splitlines() if (words := " ".join(line.split())))


def text_within(story: HtmlElement) -> str:
    """The text of an element that is known to hold the story and little else."""
    lighten(story)
    blocks = blocks_of(story)
    prose = [block for block in blocks if block.is_prose]
    return _text(blocks, cleaned(blocks, [True] * len(blocks), holder(prose) if prose else None))


def _text(blocks: list[Block], kept: list[bool]) -> str:
    return "\n".join(block.text for block, keep in zip(blocks, kept, strict=True) if keep)


def _read(reader: Reader, tree: HtmlElement) -> str:
    """What a reader makes of a copy of the tree; none may spoil what the others found."""
    with contextlib.suppress(Exception):
        return reader(deepcopy(tree))
    return ""


def _precise(tree: HtmlElement) -> str:
    return _trafilatura(tree, precise=True)


def _fast(tree: HtmlElement) -> str:
    return _trafilatura(tree, fast=True)


def _trafilatura(tree: HtmlElement, *, precise: bool = False, fast: bool = False) -> str:
    import trafilatura  # noqa: PLC0415 (half a second, which the parent of the reading process is spared)

    document = trafilatura.bare_extraction(tree, include_comments=False, favor_precision=precise, fast=fast)
    return (document.text or "") if isinstance(document, trafilatura.settings.Document) else ""


def _readable(tree: HtmlElement) -> str:
    from crawler.extract.readable import readable  # noqa: PLC0415

    return readable(tree)


READERS: tuple[Reader, ...] = (_precise, _fast, _readable)
