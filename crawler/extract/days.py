"""When a page was published: its data say, or marked elements, its address, at last its words."""

import contextlib
import datetime as dt
import email.utils
import re
from collections.abc import Iterator
from copy import deepcopy
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from storage.dates import PartialDate

ENGLAND = ZoneInfo("Europe/London")
PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "datepublished", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created",
    "dc.date", "dcterms.date", "date", "pubdate", "publishdate", "publish-date", "publish_date",
    "publication_date", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "article_date_original", "originalpublicationdate", "release_date",
    "dcsext.articlefirstpublished",
)  # fmt: skip
MODIFIED = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified",
    "dcterms.modified", "dc.date.modified", "last-modified", "lastmod",
)  # fmt: skip
_PLAIN = re.compile(r"\s*((?:19|20)\d\d)[/.]?([01]\d)[/.]?([0-3]\d)(?!\d)")
_IN_ADDRESS = re.compile(r"/(20\d\d)[/-]?([01]\d)(?:[/-]?([0-3]\d))?(?=/|-|_|\.|$)")
_MARKED = (
    ".//*[@itemprop='datePublished']",
    ".//time[@pubdate]",
    ".//time[contains(@class, 'publish') or contains(@class, 'entry-date')]",
    ".//article//time[@datetime]",
    ".//main//time[@datetime]",
)
_ELSEWHERE = frozenset(("nav", "aside", "footer", "form", "dialog"))


def day_of(text: object) -> str | None:
    """The ISO day (perhaps only month or year) that a text begins with; else None.

    A moment with an offset of its own has its own day; one in UTC has the day in England.
    """
    if not isinstance(text, str):
        return None
    text = text.strip()[:40]
    with contextlib.suppress(ValueError, OverflowError):
        return _day(dt.datetime.fromisoformat(text))
    with contextlib.suppress(ValueError):
        return str(PartialDate.parse(text))
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        return _day(email.utils.parsedate_to_datetime(text))
    if found := _PLAIN.match(text):
        with contextlib.suppress(ValueError):
            return dt.date(*map(int, found.groups())).isoformat()
    return None


def first_day(*texts: object) -> str | None:
    """The first of some texts that is a date."""
    return next((day for text in texts if (day := day_of(text))), None)


def marked_day(tree: HtmlElement) -> str | None:
    """The day in an element that is marked as the date of publication, or the first in the article."""
    return first_day(*(value for path in _MARKED for one in tree.xpath(path) for value in _values(one)))


def day_of_address(url: str) -> str | None:
    """The day or month that an address carries in its path, such as ``/2023/08/30/``."""
    if found := _IN_ADDRESS.search(url):
        return day_of("-".join(part for part in found.groups() if part))
    return None


def day_in_words(tree: HtmlElement) -> str | None:
    """The day that a page prints near its story, found by patterns; the least sure of all."""
    from htmldate import find_date  # noqa: PLC0415 (a second and a half, for the few pages that need it)

    pruned = deepcopy(tree)
    for element in list(pruned.iter(*_ELSEWHERE)):
        if element.getparent() is not None and next(element.iterancestors("article"), None) is None:
            element.drop_tree()
    with contextlib.suppress(Exception):  # what it cannot read is no fault of the page
        return day_of(find_date(pruned, original_date=True, deferred_url_extractor=True))
    return None


def _day(moment: dt.datetime) -> str:
    if moment.tzinfo and not moment.utcoffset():
        moment = moment.astimezone(ENGLAND)
    return moment.date().isoformat()


def _values(element: HtmlElement) -> Iterator[object]:
    yield element.get("datetime")
    yield element.get("content")
    yield element.text
