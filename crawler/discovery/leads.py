"""A lead: an address that a feed, a sitemap or a listing names, and what it says of it."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from storage.dates import PartialDate


@dataclass(frozen=True, kw_only=True)
class Lead:
    """Where a page is; dates in ISO, as the day in England."""

    url: str
    title: str | None = None
    summary: str | None = None
    published: str | None = None
    modified: str | None = None  # a moment, to be compared with the one known before
    is_sitemap: bool = False

    def older_than(self, day: dt.date) -> bool:
        """Whether it is surely from before ``day``."""
        return bool(self.published) and PartialDate.parse(str(self.published)).span.last < day

    def newer_than(self, day: dt.date) -> bool:
        """Whether it is surely from after ``day``."""
        return bool(self.published) and PartialDate.parse(str(self.published)).span.first > day


def web_address(base: str, link: str | None) -> str | None:
    """An absolute http(s) address; None for anything else a page may link to."""
    try:
        address = urljoin(base, (link or "").strip())
        parts = urlsplit(address)
        named = parts.hostname
    except ValueError:
        return None
    if not link or parts.scheme not in {"http", "https"} or not named:
        return None
    return parts._replace(fragment="").geturl()
