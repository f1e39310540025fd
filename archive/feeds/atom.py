"""A feed as Atom 1.0 (RFC 4287), with archives (RFC 5005) and tombstones (RFC 6721).

By lxml and not by feedgen, which has no deleted entries and refuses what characters it meets.
"""

import datetime as dt
from typing import Final

from lxml import etree

from archive.feeds.characters import fit, line
from archive.feeds.shape import Entry, Feed

TYPE: Final = "application/atom+xml; charset=utf-8"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_HISTORY: Final = "http://purl.org/syndication/history/1.0"
_TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
_NAMESPACES: Final = {None: _ATOM, "fh": _HISTORY, "at": _TOMBSTONES}
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def written(feed: Feed) -> bytes:
    """The whole document."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMESPACES)
    root.set(_LANGUAGE, "en-GB")
    _put(root, "id", feed.id)
    _put(root, "title", line(feed.title))
    _put(root, "updated", moment(feed.updated))
    _put(_put(root, "author", None), "name", "On Record")
    for relation, address in feed.links.items():
        _put(root, "link", None, rel=relation, href=address, type="application/atom+xml")
    _put(root, "link", None, rel="alternate", href=feed.page, type="text/html")
    if feed.archived:
        etree.SubElement(root, f"{{{_HISTORY}}}archive")
    for entry in feed.entries:
        _entry(root, entry)
    for gone in feed.gone:
        etree.SubElement(root, f"{{{_TOMBSTONES}}}deleted-entry", ref=gone.id, when=moment(gone.at))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def moment(at: dt.datetime) -> str:
    """``2024-06-03T09:30:00Z`` (RFC 3339)."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(root: etree._Element, entry: Entry) -> None:
    element = _put(root, "entry", None)
    _put(element, "id", entry.id)
    _put(element, "title", line(entry.title), type="text")
    _put(element, "published", moment(entry.published))
    _put(element, "updated", moment(entry.updated))
    _put(element, "link", None, rel="alternate", href=entry.url, type="text/html")
    _put(element, "summary", fit(entry.text), type="text")


def _put(parent: etree._Element, name: str, text: str | None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element
