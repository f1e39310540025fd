"""The rules of the W3C's feed validator that our feeds could break, as faults of a document.

There is no such package to depend on, so the rules are written out, beside feedparser's and lxml's verdict.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
GONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NAME = re.compile(r"(tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:|urn:uuid:[0-9a-f-]{36}$)\S*")
_TAG = re.compile(r"<[/!a-z?]", re.IGNORECASE)


def faults(body: bytes, form: str) -> list[str]:
    """What is wrong with the document; nothing for one that is valid."""
    rules = {"atom": _atom, "rss": _rss, "json": _json}[form]
    found = list(rules(body))
    if form != "json" and (parsed := feedparser.parse(body)).bozo:
        found.append(f"feedparser: {parsed.bozo_exception}")
    return found


def _atom(body: bytes) -> Iterator[str]:
    root = etree.fromstring(body, etree.XMLParser(huge_tree=True))
    entries, gone = root.findall(f"{ATOM}entry"), list(root.iter(GONE))
    if root.tag != f"{ATOM}feed" or not root.get(LANGUAGE) or not root.findtext(f"{ATOM}author/{ATOM}name"):
        yield f"{root.tag} is no feed with a language and an author"
    for element in (root, *entries):
        yield from _has_one(element, "id", "title", "updated")
        yield from _name(element.findtext(f"{ATOM}id"))
        yield from _links(element, "self" if element is root else "alternate")
    for element in (*root.iter(f"{ATOM}title"), *root.iter(f"{ATOM}summary")):
        if element.get("type", "text") != "text" or len(element):
            yield f"{element.tag} is not plain"
        if element.tag.endswith("title") and not (element.text or "").strip():
            yield "an empty title"
    moments = [one.text for name in ("updated", "published") for one in root.iter(f"{ATOM}{name}")]
    for moment in [*moments, *(one.get("when") for one in gone)]:
        yield from _moment(moment)
    ids = [one.findtext(f"{ATOM}id") or "" for one in entries]
    yield from _unique([*ids, *(one.get("ref", "") for one in gone)])
    for link in root.iter(f"{ATOM}link"):
        yield from _absolute(link.get("href"))


def _has_one(element: Any, *names: str) -> Iterator[str]:
    yield from (
        f"{element.tag} has not one {name}" for name in names if len(element.findall(f"{ATOM}{name}")) != 1
    )


def _rss(body: bytes) -> Iterator[str]:
    root = etree.fromstring(body, etree.XMLParser(huge_tree=True))
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        yield "no RSS 2.0"
        return
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        if not (channel.findtext(name) or "").strip():
            yield f"the channel has no {name}"
    yield from _links(channel, "self")
    for address in root.iter("link"):
        yield from _absolute(address.text)
    for title in root.iter("title"):
        if _TAG.search(title.text or "") or not (title.text or "").strip():
            yield f"HTML, or nothing, in the title {title.text!r}"
    for item in channel.findall("item"):
        yield from _item(item)
    yield from _unique([item.findtext("guid") or "" for item in channel.findall("item")])


def _item(item: Any) -> Iterator[str]:
    if item.find("guid").get("isPermaLink") != "false":
        yield "a guid that is taken for an address"
    yield from _name(item.findtext("guid"))
    try:
        parsedate_to_datetime(item.findtext("pubDate") or "")
    except ValueError:
        yield f"{item.findtext('pubDate')} is no date"
    if _TAG.search((item.findtext("description") or "").replace("<br>", "")):
        yield "HTML of others in a description"


def _json(body: bytes) -> Iterator[str]:
    told: dict[str, Any] = json.loads(body)
    if told["version"] != "https://jsonfeed.org/version/1.1" or not told["title"].strip():
        yield "no version or no title"
    for name in ("home_page_url", "feed_url", "next_url"):
        if name in told:
            yield from _absolute(told[name])
    for item in told["items"]:
        if not item["title"].strip() or not isinstance(item["content_text"], str):
            yield "an item without title or content"
        yield from _absolute(item["url"])
        yield from _name(item["id"])
        yield from _moment(item["date_published"])
        yield from _moment(item["date_modified"])
    gone = told["_deleted"]["items"]
    for one in gone:
        yield from _moment(one["when"])
    yield from _unique([one["id"] for one in (*told["items"], *gone)])
    if set(told) - {"version", "title", "home_page_url", "feed_url", "next_url", "language", "authors"} != {
        "items",
        "_deleted",
    }:
        yield "a member that JSON Feed does not know"


def _links(element: Any, relation: str) -> Iterator[str]:
    found = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == relation]
    if len(found) != 1:
        yield f"{len(found)} links of {relation}"


def _absolute(address: str | None) -> Iterator[str]:
    parts = urlsplit(address or "")
    if parts.scheme not in ("http", "https") or not parts.netloc or not (address or "").isascii():
        yield f"{address!r} is no absolute address"


def _name(name: str | None) -> Iterator[str]:
    if not _NAME.fullmatch(name or ""):
        yield f"{name!r} is no lasting name"


def _moment(text: str | None) -> Iterator[str]:
    if not _MOMENT.fullmatch(text or "") or not dt.datetime.fromisoformat(text or ""):
        yield f"{text!r} is no moment"


def _unique(names: list[str]) -> Iterator[str]:
    yield from (f"{name!r} {count} times" for name, count in Counter(names).items() if count > 1)
