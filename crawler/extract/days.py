"""When a page was published: its data say, or marked elements, its address, at last its words."""

import contextlib
import datetime as dt
import email.utils
import re
from collections.abc import Iterator
from copy import deepcopy
from zoneinfo import ZoneInfo

from lxml.etree import XPath
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
_PLAIN = re.compile(r"\s*((?:19|20)\d\d)(?:([-/.]?)([01]\d)\2([0-3]\d)|[-/.](\d\d?)[-/.](\d\d?))(?!\d)")
_DOTTED = re.compile(r"\s*([0-3]?\d)\.\s?([01]?\d)\.\s?((?:19|20)\d\d)(?!\d)")
_IN_ADDRESS = re.compile(r"/(20\d\d)[/-]?([01]\d)(?:[/-]?([0-3]\d))?(?=/|-|_|\.|$)")
_IN_NAME = re.compile(r"/[^/?#]*[-_](20\d\d)(?:-?)([01]\d)(?:-?)([0-3]\d)(?=[-_.]|$)[^/?#]*$")
_MARKED = tuple(
    XPath(path)
    for path in (
        "descendant::*[contains(@itemprop, 'datePublished') or @property='datePublished']",
        "descendant::time[@pubdate]",
        "descendant::time[contains(@class, 'publish') or contains(@class, 'entry-date')]",
        "descendant::abbr[contains(@class, 'published')]",
    )
)
_TIMES = XPath("descendant::time[@datetime][ancestor::article or ancestor::main]")
_CHANGED = re.compile("modif|updat", re.IGNORECASE)
_NEVER = frozenset(("1970-01-01", "1969-12-31", "0001-01-01"))  # what machines write for "not known"
_WHOLE = len("2024-01-01")
_STORYS_OWN = re.compile(r"\b(?:entry|post|article|story)[-_]|\b(?:date|byline|meta)\b", re.IGNORECASE)
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
    return _plain_day(text)


def first_day(*texts: object) -> str | None:
    """The first of some texts that is a whole date, else the first month or year."""
    days = [day for text in texts if (day := day_of(text)) and day not in _NEVER]
    return next((day for day in days if len(day) == _WHOLE), days[0] if days else None)


def marked_day(tree: HtmlElement) -> str | None:
    """The day in an element that is marked as the date of publication, or the first in the article."""
    marked = (one for path in _MARKED for one in path(tree))
    return first_day(*(value for one in (*marked, *_times(tree)) for value in _values(one)))


def day_of_address(url: str) -> str | None:
    """The day or month in an address, such as ``/2023/08/30/``, or the day behind its name."""
    if found := _IN_ADDRESS.search(url):
        return day_of("-".join(part for part in found.groups() if part))
    if found := _IN_NAME.search(url):
        return day_of("-".join(found.groups()))
    return None


def day_in_words(tree: HtmlElement) -> str | None:
    """The day that a page prints near its story, found by patterns; the least sure of all."""
    from htmldate import find_date  # noqa: PLC0415 (a second and a half, for the few pages that need it)

    pruned = deepcopy(tree)
    for element in list(pruned.iter(*_ELSEWHERE)):
        if element.getparent() is not None and not _is_of_the_story(element):
            element.drop_tree()
    with contextlib.suppress(Exception):  # what it cannot read is no fault of the page
        return first_day(find_date(pruned, original_date=True, deferred_url_extractor=True))
    return None


def _is_of_the_story(box: HtmlElement) -> bool:
    """A foot or a side of the story itself, and not of the site."""
    named = f"{box.get('class') or ''} {box.get('id') or ''}"
    return bool(_STORYS_OWN.search(named)) or next(box.iterancestors("article"), None) is not None


def _times(tree: HtmlElement) -> list[HtmlElement]:
    """The times in articles but for those of changes; where there are any, those under the page's heading."""
    times = [
        one
        for one in _TIMES(tree)
        if not _CHANGED.search(f"{one.get('class') or ''} {one.get('itemprop') or ''}")
    ]
    heading = next(tree.iter("h1"), None)
    around = None if heading is None else next(heading.iterancestors("article", "main"), None)
    return [one for one in times if around in one.iterancestors()] or times


def _plain_day(text: str) -> str | None:
    """A day in figures, year first or, with dots between, last."""
    parts = (
        [part for part in found.groups() if part and part.isdigit()] if (found := _PLAIN.match(text)) else []
    )
    if found := _DOTTED.match(text):
        parts = [*reversed(found.groups())]
    with contextlib.suppress(ValueError, TypeError):
        return dt.date(*map(int, parts)).isoformat()
    return None


def _day(moment: dt.datetime) -> str:
    if moment.tzinfo and not moment.utcoffset():
        moment = moment.astimezone(ENGLAND)
    return moment.date().isoformat()


def _values(element: HtmlElement) -> Iterator[object]:
    yield element.get("datetime")
    yield element.get("content")
    yield element.get("title")
    yield element.text
