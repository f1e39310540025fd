"""RSS and Atom, read: the leads of a feed."""

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import Any

import feedparser

from crawler.discovery.leads import Lead, web_address
from crawler.errors import Unreadable
from crawler.extract.claims import ENGLAND

_MOST_LEADS = 5000  # a feed of a hundred thousand items is a mistake or an attack


def read_feed(content: bytes, url: str) -> list[Lead]:
    """The leads of an RSS or Atom feed fetched from ``url``; Unreadable for what is no feed."""
    read = feedparser.parse(content, response_headers={"content-location": url}, sanitize_html=False)
    if not read.get("version") and not read.entries:
        raise Unreadable("it is no feed")
    return list(_leads(read.entries[:_MOST_LEADS], url))


def _leads(entries: list[Any], url: str) -> Iterator[Lead]:
    for entry in entries:
        address = web_address(url, entry.get("link") or _permalink(entry))
        if address:
            published = _moment(entry, "published_parsed")
            updated = _moment(entry, "updated_parsed")
            told = published or updated
            yield Lead(
                url=address,
                title=" ".join(str(entry.get("title", "")).split()) or None,
                published=told.astimezone(ENGLAND).date().isoformat() if told else None,
                modified=updated.isoformat() if updated else None,
            )


def _permalink(entry: Any) -> str | None:
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
