"""Who wrote a story, and for which agency."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import Element, XPath
from lxml.html import HtmlElement

_AGENCIES = {
    "LDRS": re.compile(r"\b(?:Local Democracy Report(?:er|ing)|LDRS\b)", re.IGNORECASE),
    "PA": re.compile(r"\bPA (?:Media|news agency|Reporters?)\b|\bPress Association\b|^PA$"),
    "SWNS": re.compile(r"\bSWNS\b"),
}
_BY = re.compile(r"^\s*(?:words\s+|written\s+|posted\s+|story\s+|report\s+)?by[:\s]\s*", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*(?:\||·|•|\bpublished\b|\bupdated\b|\bposted\b|\d{1,2}[:/.]|\d+ (?:min|hour|day)).*", re.IGNORECASE
)
_MAY_NAME = XPath(  # one walk over the page for all marks; each walk costs half a millisecond
    "descendant::*[@itemprop='author' or @rel='author'"
    " or contains(@class, 'author') or contains(@class, 'byline')]"
)
_NAMES_IN_AUTHORS = XPath("descendant::*[@itemprop='name']")
_LONGEST = 80  # characters of a marked byline; what is longer is the writer's life
_SIGN = re.compile(r"[^\w©(]*(?:copyright|©|\(c\))", re.IGNORECASE)
_RIGHTS = re.compile(  # a line that is nothing but whose copy it is
    r"\W*(?:copyright|©|\(c\))(?:\s|©|\(c\)|copyright|by|the|\d{4}|[-–,:])*(?P<owner>PA|\D{2,40}?)"
    r"(?:\s(?:group|limited|ltd)\.?)*(?:[\s,]*\d{4})?[.,]?(?:\s*all rights reserved\.?)?\s*",
    re.IGNORECASE,
)
_PICTURED = re.compile(r"caption|credit|image|photo|picture|gallery|video|media", re.IGNORECASE)
_NEAR = 5  # boxes about a line that tell what it belongs to
_FEW_INSIDE = 2  # elements in a line of copyright: a link, a line break
_ELSEWHERE = frozenset(("figure", "figcaption", "aside", "footer", "nav", "header", "button"))


_UNMARKED = re.compile(  # "By Alison Grey", perhaps with another and with what they are
    r"By\s+(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Jan|Febr)uary\b|March\b|April\b|May\b|June\b|July\b"
    r"|August\b|(?:Sept|Nov|Dec)ember\b|October\b)"
    r"(?:[A-Z][\w'’.-]+(?:\s(?:[A-Z][\w'’.-]+|de|van|al|and|&)){1,5})(?P<role>\s?[,|–-]\s?[^.!?]{3,60})?"
)
_TRADE = re.compile(
    r"report|editor|correspondent|writer|journalist|\bPA\b|LDRS|news|media|press\b|chief", re.IGNORECASE
)
_PARAGRAPH = 12  # words; the first that is as long ends the head of a story
_HEAD = 60  # elements after the heading, in which its writer is named


def unmarked_byline(tree: HtmlElement) -> str | None:
    """A line between heading and first paragraph that is nothing but "By" and a name, and perhaps a post."""
    heading = next(iter(tree.iter("h1")), None)
    for element in islice(_after(heading), _HEAD):
        if element.tag not in {"p", "div", "span", "address", "li", "h4"} or len(element) > 1:
            continue
        words = _words(element)
        if len(words.split()) >= _PARAGRAPH:
            return None
        found = _UNMARKED.fullmatch(words[: _LONGEST + 1])
        if found and not words.endswith(".") and (found["role"] is None or _TRADE.search(found["role"])):
            return tidy_byline(words)
    return None


def _after(element: HtmlElement | None) -> Iterator[HtmlElement]:
    """The elements that follow in the document, without those within."""
    while element is not None:
        for sibling in element.itersiblings():
            yield from sibling.iter(Element)
        element = element.getparent()


def marked_byline(tree: HtmlElement) -> str | None:
    """What stands in the first element that is marked as the byline; further down, comments have authors."""
    for marked in _marked(tree):
        for element in marked[:3]:
            words = _AFTER.sub("", " ".join(str(element.text_content()).split()))
            if (byline := tidy_byline(element.get("content") or words)) and len(byline) <= _LONGEST:
                return byline
    return None


def _marked(tree: HtmlElement) -> Iterator[list[HtmlElement]]:
    """The elements that may hold the byline, the surest marks first."""
    some = _MAY_NAME(tree)
    authors = [one for one in some if one.get("itemprop") == "author"]
    yield list(dict.fromkeys(name for author in authors for name in _NAMES_IN_AUTHORS(author)))
    yield [one for one in some if "author" in (one.get("itemprop"), one.get("rel"))]
    for names in (("author-name", "author__name"), ("byline",)):
        yield [one for one in some if any(name in one.get("class", "") for name in names)]


def agency_of(byline: str | None, text: str) -> str | None:
    """The agency whose copy this is, from the byline, else from the first or the last lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    places = [byline or "", *(line for line in lines[:2] + lines[-2:] if len(line) < 160)]
    return next(
        (agency for place in places for agency, credit in _AGENCIES.items() if credit.search(place)), None
    )


def closing_agency(tree: HtmlElement) -> str | None:
    """The agency that a line of copyright after the story's paragraphs names; a picture's is not asked."""
    for line in tree.iter("p", "div", "small", "span"):
        if len(line) > _FEW_INSIDE or not _SIGN.match(line.text or ""):
            continue
        owner = _RIGHTS.fullmatch(_words(line)[: _LONGEST + 1])
        if owner and (agency := _closes_story(line) and _agency_named(owner["owner"])):
            return agency
    return None


def _agency_named(name: str) -> str | None:
    return next((agency for agency, credit in _AGENCIES.items() if credit.search(name)), None)


def _closes_story(line: HtmlElement) -> bool:
    """Whether a paragraph precedes a line in its box, and no picture, margin or foot of the page holds it."""
    boxes = (line, *line.iterancestors())
    if any(box.tag in _ELSEWHERE or _PICTURED.search(box.get("class") or "") for box in boxes[:_NEAR]):
        return False
    near = line if line.tag in {"p", "div"} else line.getparent()
    before = near.getprevious() if near is not None else None
    after = near.getnext() if near is not None else None
    return before is not None and before.tag in {"p", "div", "ul"} and (after is None or after.tag != "p")


def _words(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def tidy_byline(text: str | None) -> str | None:
    """A byline without "By", in one line; None when nothing is left, or only an address."""
    words = _BY.sub("", " ".join((text or "").split())).strip(" ,|-–")
    return None if not words or words.startswith(("http://", "https://", "@")) or len(words) > 200 else words
