"""Sitemaps, read: plain, index and news sitemaps, lists of addresses and feeds; gzipped or not."""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from lxml import etree

from crawler.discovery.feeds import read_feed
from crawler.discovery.leads import Lead, web_address
from crawler.errors import Unreadable
from crawler.extract.days import day_of

_MOST_BYTES: Final = 50 * 2**20
"""What the sitemap protocol allows of one file, unpacked."""
_MOST_LEADS: Final = 50_000  # the same, of addresses
_FEEDS: Final = frozenset({"rss", "feed", "RDF"})
_DECLARED: Final = re.compile(r"^\s*site-?map\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def read_sitemap(content: bytes, url: str) -> list[Lead]:
    """The pages, and the further sitemaps, that a sitemap names; Unreadable for what is none."""
    content = _unpacked(content).lstrip()
    if not content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _listed(content, url)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"it is no sitemap ({error.msg})") from None
    kind = etree.QName(root).localname if root is not None else ""
    if kind in _FEEDS:
        return read_feed(content, url)
    if kind not in {"urlset", "sitemapindex"}:
        raise Unreadable("it is no sitemap")
    return list(_leads(root, url))[:_MOST_LEADS]


def sitemaps_of_robots(text: str, url: str) -> list[str]:
    """The sitemaps that a robots.txt names, however it spells the word."""
    found = (web_address(url, link) for link in _DECLARED.findall(text))
    return list(dict.fromkeys(address for address in found if address))


def _listed(content: bytes, url: str) -> list[Lead]:
    """One address a line; other lines are no addresses, and a text without any is no sitemap."""
    lines = content.decode("utf-8-sig", "replace").splitlines()
    addresses = (line.strip() for line in lines if line.strip().startswith(("http://", "https://")))
    leads = [Lead(url=address) for line in addresses if (address := web_address(url, line))]
    if not leads:
        raise Unreadable("it is no sitemap")
    return leads[:_MOST_LEADS]


def _leads(root: etree._Element, url: str) -> Iterator[Lead]:
    for entry in root.iterchildren(tag=etree.Element):
        kind = etree.QName(entry).localname
        address = web_address(url, _loc(entry))
        if kind in {"url", "sitemap"} and address:
            yield Lead(
                url=address,
                title=_text(entry, "title"),
                published=day_of(_text(entry, "publication_date")),
                modified=_text(entry, "lastmod"),
                is_sitemap=kind == "sitemap",
            )


def _loc(entry: etree._Element) -> str | None:
    """The entry's own address, never a picture's; some write it without an element of its own."""
    for element in entry.iterchildren(tag=etree.Element):
        if etree.QName(element).localname == "loc" and (text := (element.text or "").strip()):
            return "".join(text.split())
    return "".join((entry.text or "").split()) or None


def _text(entry: etree._Element, name: str) -> str | None:
    """The first text under that local name: publishers write every prefix there is."""
    for element in entry.iter(tag=etree.Element):
        if etree.QName(element).localname == name and (text := (element.text or "").strip()):
            return " ".join(text.split())
    return None


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(content, _MOST_BYTES)
    except zlib.error as error:
        raise Unreadable(f"its compression is damaged ({error})") from None
    if unpacker.unconsumed_tail:
        raise Unreadable(f"unpacked it is larger than {_MOST_BYTES >> 20} MiB")
    return unpacked
