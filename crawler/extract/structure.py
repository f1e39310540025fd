"""What is no part of a story though it stands among its paragraphs, told by how the page is built.

Each rule below is a small function of one block and its page, and its docstring is the evidence it goes by:
links, boxes, pictures, buttons, place and repetition. Words count only where two kinds of evidence meet.
"""

import re
from collections.abc import Callable, Sequence

from lxml.html import HtmlElement

from crawler.extract.agreement import make
from crawler.extract.blocks import Block
from crawler.extract.notices import ASKS, HOUSEKEEPING, INTERFACE, TO_READERS, is_about_the_writer, is_notice
from crawler.extract.surroundings import Surroundings

_FURNITURE_TAGS = frozenset((
    "aside", "nav", "footer", "form", "dialog", "menu", "figcaption", "address", "figure",
))  # fmt: skip
_FURNITURE_ROLES = frozenset((
    "navigation", "complementary", "contentinfo", "dialog", "alertdialog", "search", "banner", "form",
    "menu",
))  # fmt: skip
_FURNITURE_NAMES = frozenset((
    "advert", "advertisement", "author-bio", "bio", "breadcrumb", "breadcrumbs", "byline", "caption",
    "comment", "comments", "consent", "cookie", "credit", "disqus", "donate", "donation", "follow",
    "gdpr", "kicker", "modal", "most-read", "newsletter", "paywall", "popular", "popup", "promo",
    "promotion", "pullquote", "pull-quote", "rail", "read-more", "read-next", "readmore", "recirc",
    "recommend", "recommended", "regwall", "related", "share", "sharing", "sidebar", "signup",
    "sign-up", "social", "sponsor", "sponsored", "subscribe", "subscription", "tags", "teaser",
    "timestamp", "toolbar", "topics", "trending",
))  # fmt: skip
_CONTROLS = ("form", "input", "button", "select", "textarea")
_PICTURES = ("img", "picture", "video", "iframe", "amp-img", "source")
_LAST = 5  # lines in which the writer is told of; notices may follow
_NAME = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)?")
_BUTTON = re.compile(r"\b(?:btn|button|cta)\b", re.IGNORECASE)


def cleaned(blocks: Sequence[Block], kept: Sequence[bool], story: HtmlElement | None) -> list[bool]:
    """Which of the kept blocks are the story's."""
    if story is None:
        return list(kept)
    page = Surroundings(blocks, list(kept), story)
    reasons: list[Rule | None] = [None] * len(blocks)
    for rule in _RULES:
        found = [at for at in range(len(blocks)) if kept[at] and not reasons[at] and rule(page, at)]
        if page.prose_in(found) <= _MOST.get(rule, _HALF) * page.prose:
            for at in found:
                reasons[at] = rule
    left = [kept[at] and reasons[at] is None for at in range(len(blocks))]
    for at in range(len(blocks)):
        if left[at] and _heads_nothing(page, at, reasons, left):
            left[at] = False
    return left


def _is_linked_line(page: Surroundings, at: int) -> bool:
    """A short line that is a link, perhaps with a word or two before it, leads to another page."""
    block = page.blocks[at]
    count = len(block.words)
    if count > 40 or not block.linked or _is_listed(page, at) or _is_anchored(block):
        return False
    if count > 8 and block.text.endswith(".") and make(block) in page.usual:
        return False  # headlines have no full stop
    label_and_link = block.before_link <= 4 and block.before_link + block.linked >= count - 1
    return block.link_share >= 0.8 or (label_and_link and block.link_share >= 0.5)


def _is_anchored(block: Block) -> bool:
    """A heading that links to itself, so that readers can point at it."""
    return block.is_heading and all(
        (link.get("href") or "#").startswith("#") for link in block.element.iter("a")
    )


def _is_listed(page: Surroundings, at: int) -> bool:
    """It is of a list that the paragraph before announces with a colon."""
    block, top = page.blocks[at], at
    if block.tag != "li":
        return False
    while top and page.blocks[top].element.getparent() is block.element.getparent():
        top -= 1
    return page.blocks[top].text.endswith(":") and len(page.blocks[top].words) > 5


def _is_label_of_links(page: Surroundings, at: int) -> bool:
    """A few words that are no sentence, and then a linked line."""
    block = page.blocks[at]
    if len(block.words) > 6 or block.is_sentence or at + 1 == len(page.blocks):
        return False
    return _is_linked_line(page, at + 1)


def _is_furniture(page: Surroundings, at: int) -> bool:
    """It stands in a box whose tag, role or name says what it is, and the story does not."""
    block = page.blocks[at]
    if any(_named_furniture(box) for box in page.beside(block)):
        return True
    return any(
        (box.tag in _FURNITURE_TAGS and not _holds_matter(box)) or box.get("role") in _FURNITURE_ROLES
        for box in page.around(block)
    )


def _holds_matter(box: HtmlElement) -> bool:
    """A figure may hold a table or a listing, which are the story's own."""
    return box.tag == "figure" and next(box.iter("table", "pre"), None) is not None


def _named_furniture(box: HtmlElement) -> bool:
    names = f"{box.get('class') or ''} {box.get('id') or ''}".lower()
    parts = {part for name in _NAME.findall(names) for part in (name, *name.split("-"))}
    return not _FURNITURE_NAMES.isdisjoint(parts)


def _is_caption(page: Surroundings, at: int) -> bool:
    """It shares a small box with a picture, and with nothing else."""
    block = page.blocks[at]
    count = len(block.words)
    if count > 60:
        return False
    for box in page.beside(block):
        if page.boxes[box].words > count + 12:
            return False
        if any(next(box.iter(tag), None) is not None for tag in _PICTURES):
            return box.tag != "p" or next(box.iter("br", "small", "em", "i", "span"), None) is not None
    return False


def _is_beside_a_control(page: Surroundings, at: int) -> bool:
    """It shares a small box with a form or a button: it asks the reader for something."""
    for box in page.beside(page.blocks[at]):
        if page.boxes[box].words > 90:
            return False
        if any(next(box.iter(tag), None) is not None for tag in _CONTROLS):
            return True
        if any(_BUTTON.search(link.get("class") or "") for link in box.iter("a")):
            return True
    return False


def _is_repeated(page: Surroundings, at: int) -> bool:
    """A label that stands elsewhere on the page, too, or words that a longer or an earlier block has."""
    block = page.blocks[at]
    if block.tag in {"td", "th", "tr"} or block.is_heading:
        return False
    if page.printed[block.text.lower()] > 1 and len(block.words) <= 12 and not block.is_prose:
        return True
    words = " ".join(block.words)
    if len(block.words) < 5 or page.stream.count(words) < 2:
        return False
    return page.printed[block.text.lower()] < 2 or page.first_with(block.text) < at


def _is_teaser(page: Surroundings, at: int) -> bool:
    """Its box begins with a linked line, and so do others beside it that are made alike."""
    if page.blocks[at].tag == "li":
        return False
    for box in page.around(page.blocks[at])[:3]:
        if page.boxes[box].words > 90:
            return False
        if _opens_with_link(box) and any(
            _opens_with_link(other) and other.get("class") == box.get("class")
            for other in (box.getprevious(), box.getnext())
            if other is not None and other.tag == box.tag
        ):
            return True
    return False


def _opens_with_link(box: HtmlElement) -> bool:
    """The first words in a box are a link of a headline's length."""
    for element in box.iter():
        if element.tag == "a" and (words := element.text_content().split()):
            return len(words) >= 4
        if isinstance(element.tag, str) and (element.text or "").strip():
            return False
    return False


def _is_outside(page: Surroundings, at: int) -> bool:
    """Before the first paragraph or after the last, and no sentence: titles, bylines, dates, subjects."""
    first, last = page.ends
    block = page.blocks[at]
    if first <= at <= last:
        return False
    if (
        at > last
        and not block.linked
        and (block.tag in {"li", "tr", "td", "pre"} or make(block) in page.usual)
    ):
        return block.stressed > 0.8 * len(block.words)
    if block.is_heading:
        return not _heads_the_first_part(page, at)
    return len(block.words) <= 25 and not block.is_sentence


def _heads_the_first_part(page: Surroundings, at: int) -> bool:
    """A heading right above the first paragraph, made as those of the other parts are, and not the page's."""
    block = page.blocks[at]
    title = str(block.element.getroottree().findtext(".//title") or "").lower()
    return (
        block.tag != "h1"
        and at + 1 == page.ends[0]
        and block.text.lower() not in title
        and make(block) in page.headings
    )


def _is_interface(page: Surroundings, at: int) -> bool:
    """Words that belong to any site's machinery, alone in their line."""
    block = page.blocks[at]
    return len(block.words) <= 8 and bool(INTERFACE.fullmatch(block.text))


def _is_notice(page: Surroundings, at: int) -> bool:
    """It begins as what software says to readers, or is one of the last lines and about the writer."""
    block = page.blocks[at]
    count = len(block.words)
    return is_notice(block.text, count) or (
        at > page.ends[1] - _LAST and is_about_the_writer(block.text, count)
    )


def _asks_the_reader(page: Surroundings, at: int) -> bool:
    """It speaks to readers of newsletters, subscriptions or apps, and is stressed, links there, or an end."""
    block = page.blocks[at]
    count = len(block.words)
    if count > 90 or not TO_READERS.search(block.text):
        return False
    asks = ASKS.search(block.text)
    if block.stressed > 0.8 * count or not page.ends[0] < at < page.ends[1]:
        return bool(asks or HOUSEKEEPING.search(block.text))
    if not asks or not block.linked:
        return False
    return count <= 25 or any(
        ASKS.search((link.get("href") or "").replace("-", " ").replace("/", " ") + link.text_content())
        for link in block.element.iter("a")
    )


def _heads_nothing(page: Surroundings, at: int, reasons: Sequence[object], left: Sequence[bool]) -> bool:
    """A heading whose text was no story, or under which another heading or nothing follows."""
    block = page.blocks[at]
    if not block.is_heading:
        return False
    for following in range(at + 1, len(page.blocks)):
        if left[following]:
            return False
        if reasons[following] in _ENDS_A_SECTION:
            return True
    return True


Rule = Callable[[Surroundings, int], bool]
_RULES: tuple[Rule, ...] = (
    _is_linked_line,
    _is_label_of_links,
    _is_furniture,
    _is_caption,
    _is_beside_a_control,
    _is_interface,
    _is_notice,
    _is_repeated,
    _is_teaser,
    _is_outside,
    _asks_the_reader,
)
_ENDS_A_SECTION = frozenset({_is_linked_line, _is_beside_a_control, _is_teaser, _is_notice, _asks_the_reader})
_MOST: dict[Rule, float] = {_is_beside_a_control: 0.2, _is_caption: 0.2}
_HALF = 0.5
"""A rule that takes more than this of the paragraphs misreads how the page is built, and is not followed."""
