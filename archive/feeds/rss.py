"""A feed as RSS 2.0. It has no tombstones: an entry that went stays as an item that says so.

The item has nothing of its text, so that a reader that knows it by its guid puts our words in the place of
what it kept.
"""

import datetime as dt
import html
from email.utils import format_datetime
from typing import Final

from lxml import etree

from archive.feeds.characters import fit, line, without_tags
from archive.feeds.shape import Feed

TYPE: Final = "application/rss+xml; charset=utf-8"
WITHDRAWN: Final = "Withdrawn"
_TOLD: Final = "This entry no longer stands."
_ATOM: Final = "http://www.w3.org/2005/Atom"
_HISTORY: Final = "http://purl.org/syndication/history/1.0"


def written(feed: Feed) -> bytes:
    """The whole document."""
    root = etree.Element("rss", nsmap={"atom": _ATOM, "fh": _HISTORY}, version="2.0")
    channel = etree.SubElement(root, "channel")
    _put(channel, "title", without_tags(line(feed.title)))
    _put(channel, "link", feed.page)
    _put(channel, "description", "Press stories and the inspections behind them, as On Record links them.")
    _put(channel, "language", "en-gb")
    _put(channel, "lastBuildDate", _date(feed.updated))
    for relation, address in feed.links.items():
        told = {"rel": relation, "href": address, "type": "application/rss+xml"}
        etree.SubElement(channel, f"{{{_ATOM}}}link", told)
    if feed.archived:
        etree.SubElement(channel, f"{{{_HISTORY}}}archive")
    for entry in feed.entries:
        item = _item(channel, entry.id, without_tags(line(entry.title)), entry.text, entry.published)
        _put(item, "link", entry.url)
    for gone in feed.gone:
        _item(channel, gone.id, WITHDRAWN, _TOLD, gone.at)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _item(channel: etree._Element, id_: str, title: str, text: str, at: dt.datetime) -> etree._Element:
    item = etree.SubElement(channel, "item")
    _put(item, "title", title)
    # Readers take a description for HTML, so the plain text is made HTML first.
    _put(item, "description", html.escape(fit(text)).replace("\n", "<br>"))
    _put(item, "guid", id_).set("isPermaLink", "false")
    _put(item, "pubDate", _date(at))
    return item


def _date(at: dt.datetime) -> str:
    return format_datetime(at.astimezone(dt.UTC), usegmt=True)


def _put(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.text = text
    return element
