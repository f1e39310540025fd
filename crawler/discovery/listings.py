"""Listing pages, read: the links that a selector picks, and the page that follows."""

from dataclasses import dataclass

from lxml.cssselect import CSSSelector

from crawler.discovery.leads import Lead, web_address
from crawler.extract.days import day_of
from crawler.extract.html import parse


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Where a listing page prints what, as CSS selectors.

    ``links`` picks the ``a`` elements of stories, ``next_page`` the one that leads on.
    """

    links: str
    next_page: str = ""


def read_listing(content: bytes, url: str, listing: Listing) -> tuple[list[Lead], str | None]:
    """The leads on the page in their order, each once, and the address of the next page."""
    tree = parse(content)
    leads: dict[str, Lead] = {}
    for link in CSSSelector(listing.links)(tree):
        if address := web_address(url, link.get("href")):
            title = " ".join(str(link.text_content()).split()) or None
            leads.setdefault(address, Lead(url=address, title=title, published=_date(link)))
    following = CSSSelector(listing.next_page)(tree) if listing.next_page else []
    further = web_address(url, following[0].get("href")) if following else None
    return list(leads.values()), further


def _date(link: object) -> str | None:
    """The day in a ``time`` element of the same card, if the card is told by ``article`` or ``li``."""
    for card in link.iterancestors("article", "li"):  # type: ignore[attr-defined]
        for time in card.iterfind(".//time[@datetime]"):
            return day_of(time.get("datetime"))
    return None
