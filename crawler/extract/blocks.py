"""A page as the sequence of its blocks: runs of text that a reader sees as one line or one paragraph.

Several extractors' outputs are compared block by block, so a block carries what tells a paragraph from a
caption, a teaser or a button: its words, how many of them are links, and the boxes around it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import add

from lxml import etree
from lxml.html import HtmlElement

WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W_\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")
"""A word; each letter is one in Chinese, Japanese and Thai, which set no spaces between words."""
_SENTENCE = re.compile(r"[.!?…。！？؟।۔][\"'”’»)\]]*$")
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "picture", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_SKIPPED = frozenset((
    "button", "select", "option", "textarea", "input", "canvas", "audio", "video", "map", "object",
    "embed", "iframe", "math",
))  # fmt: skip
_EMPHASIS = frozenset(("b", "strong", "em", "i"))
_LEFT_OUT = ("script", "style", "svg", "template", "link", "meta", etree.Comment)
_MANY_LINKS = 6
_LABELS = 12  # words; what has no more may be a button's or a caption's
_NOTHING_BUT_LINKS = 0.9
_ANCHORS = etree.XPath("descendant::a[not(@href)]")
_PERHAPS_HIDDEN = etree.XPath("descendant::*[@hidden or @style or @aria-hidden='true']")
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


@dataclass(eq=False)
class Block:
    """``element``: the innermost box; ``linked`` and ``stressed``: how many words are in links, in emphasis.

    ``before_link``: how many words stand before the first link. Blocks are asked again and again, so that
    what follows from their text is worked out once.
    """

    element: HtmlElement
    text: str
    words: list[str] = field(default_factory=list)
    linked: int = 0
    stressed: int = 0
    before_link: int = 0

    @cached_property
    def tag(self) -> str:
        """The name of the innermost box."""
        return str(self.element.tag)

    @property
    def link_share(self) -> float:
        """The share of the words that are links."""
        return self.linked / len(self.words) if self.words else 0.0

    @cached_property
    def is_sentence(self) -> bool:
        """It ends as sentences do."""
        return bool(_SENTENCE.search(self.text))

    @cached_property
    def is_heading(self) -> bool:
        """It stands over other blocks."""
        return self.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}

    @cached_property
    def is_prose(self) -> bool:
        """It reads like a paragraph of a story, and not like a label, a list of links or a heading."""
        count = len(self.words)
        if self.is_heading or self.link_share >= 0.5:
            return False
        # letters are for long words, and scripts that set few spaces between them
        return count > 20 or len(self.text) > 120 or (count > 5 and self.is_sentence)


@dataclass(slots=True)
class _Run:
    """What has been read of the block under way."""

    element: HtmlElement
    pieces: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    stressed: list[str] = field(default_factory=list)
    before_link: list[str] | None = None

    def add(self, text: str | None, links: int, stress: int) -> None:
        if not text:
            return
        if links and self.before_link is None:
            self.before_link = list(self.pieces)
        self.pieces.append(text)
        if links:
            self.linked.append(text)
        if stress:
            self.stressed.append(text)

    def block(self) -> Block | None:
        text = " ".join("".join(self.pieces).split())
        words = WORD.findall(text) if text else None
        if not words:
            return None
        return Block(
            element=self.element,
            text=text,
            words=words,
            linked=_count(self.linked),
            stressed=_count(self.stressed),
            before_link=len(words) if self.before_link is None else _count(self.before_link),
        )


def lighten(tree: HtmlElement) -> None:
    """Take out of a tree what no reader sees: scripts, styles, drawings, comments, what is hidden."""
    etree.strip_elements(tree, *_LEFT_OUT, with_tail=False)
    whole = len(tree.text_content())
    for element in list(tree.iter("noscript")):
        # for readers without scripts: mostly one picture, seldom the story
        element.drop_tag() if len(element.text_content()) > whole / 2 else element.drop_tree()
    for anchor in _ANCHORS(tree):  # a place to link to, perhaps around the whole story
        anchor.drop_tag()
    for element in _PERHAPS_HIDDEN(tree):
        hidden = (
            element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or _HIDDEN.search(element.get("style") or "")
        )
        # Some papers hide the story itself, or all but its beginning, until a script has run.
        small = element.getparent() is not None and len(element.text_content()) < whole / 3
        if hidden and small and not _is_the_rest(element):
            element.drop_tree()
        elif hidden:  # so that no reader passes over it
            for name in ("hidden", "style", "aria-hidden"):
                element.attrib.pop(name, None)


def _is_the_rest(box: HtmlElement) -> bool:
    """Several paragraphs beside another, or beside a box of that name: what a button unfolds."""
    beside = [one for one in (box.getprevious(), box.getnext()) if one is not None]
    alike = [one for one in beside if box.get("class") and one.get("class") == box.get("class")]
    return bool(alike or any(map(_is_paragraph, beside))) and sum(map(_is_paragraph, box.iter("p"))) > 1


def _is_paragraph(element: HtmlElement) -> bool:
    return element.tag == "p" and len(str(element.text_content()).split()) > _LABELS


def blocks_of(tree: HtmlElement) -> list[Block]:
    """The blocks of a lightened tree, in the order of the page."""
    body = tree.find(".//body")
    return list(_blocks(tree if body is None else body))


def _blocks(root: HtmlElement) -> Iterator[Block]:
    """One walk without recursion, since pages may be nested as deep as their makers like."""
    run, links, stress = _Run(root), 0, 0
    skipped: HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                run.add(element.tail, links, stress)
            continue
        tag = element.tag
        if not isinstance(tag, str) or (tag in _SKIPPED and event == "start"):
            skipped = element
            continue
        step = 1 if event == "start" else -1
        inline = tag in _INLINE or (tag in {"td", "th"} and _is_of_a_plain_row(element))
        if not inline:
            inside = element if step == 1 and tag != "br" else element.getparent()
            inside = root if inside is None else inside
            if run.pieces:
                if block := run.block():
                    yield block
                run = _Run(inside)
            else:
                run.element = inside
        links += step * (tag == "a")
        stress += step * (tag in _EMPHASIS)
        if element is root and step == -1:
            return
        if tag in {"td", "th"}:
            run.pieces.append(" ")
        run.add(element.text if step == 1 else element.tail, links, stress)


def _is_of_a_plain_row(cell: HtmlElement) -> bool:
    """Whether no cell of the row holds blocks: it is read as one line. Old pages are laid out in tables."""
    row = cell.getparent()
    return row is not None and all(inner.tag in _INLINE for one in row for inner in one)


def _count(pieces: Sequence[str]) -> int:
    return len(WORD.findall(" ".join(pieces))) if pieces else 0


def without_menus(tree: HtmlElement, blocks: Sequence[Block]) -> list[Block]:
    """Take the boxes of nothing but links out of a tree; the blocks that are left."""
    boxes = in_boxes(blocks, [(len(block.words), block.linked, block.linked > 0) for block in blocks])
    menus = {box for box, (words, linked, links) in boxes.items() if _is_menu(box, links, linked / words)}
    gone: set[HtmlElement] = set()
    for box in boxes:  # the outer ones come first
        if box in menus or box.getparent() in gone:
            gone.add(box)
    for box in menus:
        if box is not tree and box.getparent() is not None:
            box.drop_tree()
    return [block for block in blocks if block.element not in gone]


def in_boxes(blocks: Sequence[Block], amounts: Sequence[Sequence[int]]) -> dict[HtmlElement, list[int]]:
    """For each box of a page how much of what its blocks amount to stands in it, the outer boxes first."""
    depths: dict[HtmlElement, int] = {}
    sums: dict[HtmlElement, list[int]] = {}
    for block, some in zip(blocks, amounts, strict=True):
        if (known := sums.get(block.element)) is None:
            _add_depths(depths, block.element)
            sums[block.element] = [*some]
        else:
            known[:] = map(add, known, some)
    nothing = [0] * len(amounts[0]) if amounts else []
    outer_first = sorted(depths, key=depths.__getitem__)
    for box in reversed(outer_first):
        if (around := box.getparent()) is not None:
            sums[around] = [*map(add, sums.get(around, nothing), sums[box])]
    return {box: sums[box] for box in outer_first}


def _add_depths(depths: dict[HtmlElement, int], element: HtmlElement) -> None:
    """How deep an element and the boxes around it lie, for those that are not known."""
    new, box = [], element
    while box is not None and box not in depths:
        new.append(box)
        box = box.getparent()
    outside = depths[box] if box is not None else 0
    for depth, one in enumerate(reversed(new), outside + 1):
        depths[one] = depth


def _is_menu(box: HtmlElement, links: int, share: float) -> bool:
    if box.tag in {"html", "body", "main", "article"}:
        return False
    if box.tag == "nav" or box.get("role") == "navigation":
        return share > 0.5
    return links >= _MANY_LINKS and share > _NOTHING_BUT_LINKS
