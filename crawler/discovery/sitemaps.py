"""Sitemaps, read: plain, index and news sitemaps, gzipped or not."""

import zlib
from collections.abc import Iterator

from lxml import etree

from crawler.discovery.leads import Lead, web_address
from crawler.errors import Unreadable
from crawler.extract.claims import parsed_date

_MOST_BYTES = 50 * 2**20  # what the sitemap protocol allows of one file, unpacked


def read_sitemap(content: bytes, url: str) -> list[Lead]:
    """The pages, and the further sitemaps, that a sitemap names; Unreadable for what is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(_unpacked(content), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"it is no sitemap ({error.msg})") from None
    if root is None or etree.QName(root).localname not in {"urlset", "sitemapindex"}:
        raise Unreadable("it is no sitemap")
    return list(_leads(root, url))


def _leads(root: etree._Element, url: str) -> Iterator[Lead]:
    for entry in root.iterchildren(tag=etree.Element):
        kind = etree.QName(entry).localname
        address = web_address(url, _text(entry, "loc"))
        if kind in {"url", "sitemap"} and address:
            yield Lead(
                url=address,
                title=_text(entry, "title"),
                published=parsed_date(_text(entry, "publication_date")),
                modified=_text(entry, "lastmod"),
                is_sitemap=kind == "sitemap",
            )


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
