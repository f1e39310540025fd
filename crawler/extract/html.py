"""A news page, read: bytes in, article out; no network, no clock.

What the paper's platform declares of its markup comes first, then what the page says of itself in JSON-LD
and meta tags; the text is that of the body the platform names, or what several extractors agree on.
"""

import re
from dataclasses import dataclass
from importlib.metadata import version

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction, document_fromstring

from crawler.errors import Unreadable
from crawler.extract import bylines, claims, days, paywalls, walls
from crawler.extract.blocks import WORD
from crawler.extract.charsets import decoded
from crawler.extract.claims import Claims
from crawler.extract.story import story_text, text_within
from storage.dates import PartialDate
from storage.records import Article

EXTRACTOR = f"agreement 2, trafilatura {version('trafilatura')}, readability {version('readability-lxml')}"
_LEAST_TEXT = 80  # characters; a shorter body is no story
_SHORT = 400  # what stands around an empty shell can be as long, and is no story
_TEASER = 1200  # a page for payers shows no more to others
_LEAST_WORDS = 5  # a million signs without a space are none, either
_HUGE_TAG = re.compile(r"<[^<>]{65536,}>")  # the parser takes minutes over one with 200,000 attributes
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")


@dataclass(frozen=True, kw_only=True)
class Template:
    """Where a family of papers prints what, as CSS selectors; empty: left to the page's own data.

    ``drop``: what stands among the text and is none of it (promotions, newsletters, captions).
    """

    name: str
    headline: str = ""
    byline: str = ""
    published: str = ""
    modified: str = ""
    section: str = ""
    body: str = ""
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page as read.

    ``missing``: what the template names and the page lacks, the sign of a new layout. ``free``: false where
    the page says that it is behind a paywall. ``offered``: it may be but a beginning, with the rest for sale.
    """

    article: Article
    canonical: str | None
    missing: tuple[str, ...] = ()
    free: bool = True
    offered: bool = False


def read_page(
    content: bytes, url: str = "", content_type: str | None = None, template: Template | None = None
) -> Page:
    """Read one article; Unreadable (or a kind of it) when the page holds no text worth the name.

    ``url`` is where it was fetched, ``content_type`` the server's header, which may name the charset.
    """
    tree = parse(content, content_type)
    walls.raise_if_walled(tree)
    walls.raise_if_missing(tree)
    template = template or Template(name="any")
    said = claims.claims_of(tree, url)
    found = {field: _first(tree, getattr(template, field)) for field in ("headline", "byline", "section")}
    published, published_from = _published(tree, template, said, url)
    captions = tuple(dict.fromkeys(_text(one) for one in tree.iterfind(".//figcaption") if _text(one)))
    missing = _missing(tree, template)
    marked, told = bylines.marked_byline(tree), bylines.unmarked_byline(tree)
    closing = bylines.closing_agency(tree)
    wall, offered = paywalls.has_box(tree), paywalls.has_offer(tree)
    text = _body(tree, template, said)
    _raise_if_no_story(text, content, content_type)
    byline = bylines.tidy_byline(found["byline"] or said.byline) or marked or told
    article = Article(
        url=said.canonical or url,
        text=text,
        title=found["headline"] or _first(tree, "h1") or said.headline or _first(tree, "title"),
        byline=byline,
        outlet=said.outlet,
        published=PartialDate.parse(published) if published else None,
        published_from=published_from,
        modified=_date_at(tree, template.modified) or said.modified,
        section=found["section"] or said.section,
        agency=bylines.agency_of(byline, text) or bylines.agency_of(told, "") or closing,
        captions=captions,
        extractor=EXTRACTOR,
    )
    return Page(
        article=article,
        canonical=said.canonical,
        missing=missing,
        free=said.free and not (wall and len(text) < _TEASER),
        offered=offered,
    )


def parse(content: bytes, content_type: str | None = None) -> HtmlElement:
    """The page's tree, in the charset that it, its server or its bytes tell; Unreadable."""
    text = _NOT_XML.sub("", _HUGE_TAG.sub("", decoded(content, content_type)))
    if not text.strip():
        raise Unreadable("the page is empty")
    try:
        # bytes: lxml refuses text that declares an encoding of its own
        return document_fromstring(text.encode(), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"the page is no HTML ({error})") from None


def _parser() -> etree.HTMLParser:
    """A parser whose elements are made in C: lxml.html asks a method in Python for the class of each."""
    parser = etree.HTMLParser(encoding="utf-8")
    parser.set_element_class_lookup(
        etree.ElementDefaultClassLookup(
            element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
        )
    )
    return parser


def _body(tree: HtmlElement, template: Template, said: Claims) -> str:
    for selector in template.drop:
        for element in CSSSelector(selector)(tree):
            element.drop_tree()
    story = _wrapped(CSSSelector(template.body)(tree)) if template.body else None
    text = text_within(story) if story is not None else ""
    if len(text) < _LEAST_TEXT:
        text = story_text(tree, said.text or "")
    return text


def _raise_if_no_story(text: str, content: bytes, content_type: str | None) -> None:
    """Unreadable for what is no story, by the page as it was sent: reading it has changed the tree."""
    if walls.offers_consent(text):
        walls.raise_if_consent(parse(content, content_type))
    paywalls.raise_if_only_offered(text)
    if len(text) < _SHORT:
        walls.raise_if_shell(parse(content, content_type), text if len(text) >= _LEAST_TEXT else "")
    if len(text) < _LEAST_TEXT or len(WORD.findall(text)) < _LEAST_WORDS:
        raise Unreadable("no article text was found on the page")


def _wrapped(bodies: list[HtmlElement]) -> HtmlElement | None:
    """The story's elements as a page of their own."""
    if not bodies:
        return None
    page: HtmlElement = document_fromstring("<html><body><article></article></body></html>")
    for body in bodies:
        page.find(".//article").append(body)
    return page


def _published(tree: HtmlElement, template: Template, said: Claims, url: str) -> tuple[str | None, str]:
    """The date of publication and how we know it; a month in the address is less than a day in the words."""
    if on_page := _date_at(tree, template.published) or said.published:
        return on_page, "page"
    in_address = days.day_of_address(url)
    if in_address and len(in_address) == len("2024-01-01"):
        return in_address, "address"
    if in_words := days.day_in_words(tree):
        return in_words, "words"
    return (in_address, "address") if in_address else (None, "none")


def _missing(tree: HtmlElement, template: Template) -> tuple[str, ...]:
    fields = ("headline", "byline", "published", "body")
    return tuple(
        field
        for field in fields
        if (selector := getattr(template, field)) and not CSSSelector(selector)(tree)
    )


def _first(tree: HtmlElement, selector: str) -> str | None:
    if not selector:
        return None
    return next((words for element in CSSSelector(selector)(tree) if (words := _text(element))), None)


def _date_at(tree: HtmlElement, selector: str) -> str | None:
    for element in CSSSelector(selector)(tree) if selector else []:
        if date := days.day_of(element.get("datetime") or element.get("content")):
            return date
    return None


def _text(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())
