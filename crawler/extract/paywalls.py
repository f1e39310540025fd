"""Where a paper wants to be paid: boxes named for it, and offers in words.

Free pages ask for subscribers, too, in banners and between paragraphs. So words count only where they are
all that a page tells, or where no more of a story stands before them than the beginning of what we have.
"""

import re

from lxml import etree
from lxml.html import HtmlElement

from crawler.errors import ForPayers
from crawler.extract.notices import is_notice

_BOX = re.compile(r"paywall|regwall|premium-(?:wall|teaser)|subscriber-only|subscription-wall", re.IGNORECASE)
_OFFER = re.compile(
    r"\b(?:story|article|content|page|report|feature) is (?:only |exclusively |just )?"
    r"(?:for|available (?:to|for)|reserved for|open to) (?:our )?(?:\w+ )?(?:subscribers|members)\b"
    r"|\b(?:subscribe|register|sign (?:in|up)|log ?in|join|become a \w+|pay)\b[^.?!]{0,60}"
    r"\b(?:continue(?: reading)?|keep reading|read (?:on|more|the (?:rest|full|whole)|this|all|every)"
    r"|(?:unlock|access|finish|see) (?:the|this|all|our|every)|unlimited|full access)\b"
    r"|\bto (?:continue|keep|carry on|go on) reading\b[^.?!]{0,60}"
    r"\b(?:subscri|register|sign|log|join|pay|member)"
    r"|\balready (?:an? |have an? )?(?:\w+ )?"
    r"(?:subscriber|member|subscribed|subscription|registered|account)\b"
    r"|\b(?:your|free) (?:\w+ )?(?:article|story|page) (?:limit|allowance)\b"
    r"|\b(?:read|used|reached) (?:all )?(?:of )?your (?:\w+ )?(?:free )?(?:articles|stories|pages|limit)\b",
    re.IGNORECASE,
)
_LONGEST = 400  # characters of a line that offers; a longer one is a story about papers and their readers
_LEFT = 25  # words of other lines: an offer alone has fewer, the shortest story more


def has_box(tree: HtmlElement) -> bool:
    """Whether boxes of the page are named for what payers see; many free pages have such boxes, too."""
    return any(
        _BOX.search(f"{one.get('class') or ''} {one.get('id') or ''}")
        for one in tree.iter("div", "section", "aside")
    )


def has_offer(tree: HtmlElement) -> bool:
    """Whether a line within the page's story offers the rest of it; ``tree`` as parsed."""
    return any(
        _is_offer(line)
        for story in tree.iter("article", "main")
        for one in story.iter(etree.Element)
        if one.tag not in {"script", "style"}
        for line in (one.text, one.tail)
        if line
    )


def raise_if_only_offered(text: str) -> None:
    """ForPayers where what was read as a story only offers one."""
    lines = text.splitlines()
    if any(map(_is_offer, lines)):
        told = (line.split() for line in lines if not _is_offer(line))
        if sum(len(words) for words in told if not is_notice(" ".join(words), len(words))) < _LEFT:
            raise ForPayers("only who pays is shown it")


def _is_offer(line: str) -> bool:
    return len(line) <= _LONGEST and bool(_OFFER.search(line))
