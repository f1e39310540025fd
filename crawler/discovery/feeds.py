"""RSS, Atom and JSON Feed, read: the leads of a feed."""

import calendar
import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import feedparser

from crawler.discovery.leads import Lead, web_address
from crawler.errors import Unreadable
from crawler.extract.days import ENGLAND

_MOST_LEADS: Final = 5000
"""A feed of a hundred thousand items is a mistake or an attack; feedparser needs 15 s for one."""
_MOST_SUMMARY: Final = 500
_ENDS: Final = ((b"</item>", b"</channel></rss>"), (b"</entry>", b"</feed>"))
_TAG: Final = re.compile(r"<[^>]*>")


def read_feed(content: bytes, url: str, content_type: str | None = None) -> list[Lead]:
    """The leads of a feed fetched from ``url``; Unreadable for what is no feed."""
    if content[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return list(_leads_of_json(content, url))
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        read = feedparser.parse(_cut(content), response_headers=headers, sanitize_html=False)
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise Unreadable(f"it is no feed that can be read ({type(error).__name__}: {error})") from None
    if not read.get("version") and not read.entries:
        raise Unreadable("it is no feed")
    return list(_leads(read.entries[:_MOST_LEADS], url))


def _cut(content: bytes) -> bytes:
    """The feed without the items behind the last that counts."""
    for end, rest in _ENDS:
        if content.count(end) > _MOST_LEADS:
            position = -1
            for _ in range(_MOST_LEADS):
                position = content.index(end, position + 1)
            return content[: position + len(end)] + rest
    return content


def _leads(entries: list[Any], url: str) -> Iterator[Lead]:
    for entry in entries:
        address = web_address(url, entry.get("link") or _permalink(entry))
        if address:
            published = _moment(entry, "published_parsed")
            updated = _moment(entry, "updated_parsed")
            told = published or updated
            yield Lead(
                url=address,
                title=_words(entry.get("title")),
                summary=_words(_TAG.sub(" ", str(entry.get("summary") or ""))[:_MOST_SUMMARY]),
                published=_day(told),
                modified=updated.isoformat() if updated else None,
            )


def _leads_of_json(content: bytes, url: str) -> Iterator[Lead]:
    """https://jsonfeed.org: ``items`` with ``url``, ``title``, ``summary`` and dates in ISO."""
    try:
        feed = json.loads(content.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise Unreadable("it is no feed (damaged JSON)") from None
    items = feed.get("items")
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(items, list):
        raise Unreadable("it is JSON, but no feed")
    for item in items[:_MOST_LEADS]:
        given: Mapping[str, Any] = item if isinstance(item, dict) else {}
        link = str(given.get("url") or _permalink(given) or "")
        if address := web_address(url, link):
            updated = _iso(given.get("date_modified"))
            yield Lead(
                url=address,
                title=_words(given.get("title")),
                summary=_words(str(given.get("summary") or given.get("content_text") or "")[:_MOST_SUMMARY]),
                published=_day(_iso(given.get("date_published")) or updated),
                modified=updated.isoformat() if updated else None,
            )


def _words(text: object) -> str | None:
    return " ".join(str(text or "").split()) or None


def _permalink(entry: Mapping[str, Any]) -> str | None:
    """The id, where a feed has no links and uses ids that are addresses."""
    named = str(entry.get("id", ""))
    return named if named.startswith(("http://", "https://")) else None


def _moment(entry: Any, field: str) -> dt.datetime | None:
    # feedparser answers a missing "updated" with the date of publication, and warns that it does.
    parsed = dict.get(entry, field)
    if parsed is None:
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: object) -> dt.datetime | None:
    try:
        told = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=dt.UTC)


def _day(moment: dt.datetime | None) -> str | None:
    try:
        return moment.astimezone(ENGLAND).date().isoformat() if moment else None
    except OverflowError:  # a feed of the year 1 or 9999
        return None
