"""What a page says of itself: JSON-LD, meta tags, ``time`` elements; and who wrote it for whom."""

import contextlib
import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.html import HtmlElement, fromstring

from storage.addresses import host
from storage.dates import PartialDate

ENGLAND = ZoneInfo("Europe/London")
_STORY_TYPES = re.compile(r"(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting|ReportageNewsArticle)")
_DATE_IN_ADDRESS = re.compile(r"/(20\d\d)[/-]([01]\d)(?:[/-]([0-3]\d))?(?=/|-|$)")
_AGENCIES = {
    "LDRS": re.compile(r"\b(?:Local Democracy Report(?:er|ing)|LDRS\b)", re.IGNORECASE),
    "PA": re.compile(r"\bPA (?:Media|news agency|Reporters?)\b|\bPress Association\b|^PA$"),
    "SWNS": re.compile(r"\bSWNS\b"),
}
_BY = re.compile(r"^\s*(?:words\s+)?by[:\s]\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the page's own data say; None where they are silent."""

    headline: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    canonical: str | None = None
    text: str | None = None
    free: bool = True  # false: the page says that it is behind a paywall


def claims_of(tree: HtmlElement, url: str) -> Claims:
    """JSON-LD first, then meta tags, then the first ``time`` element with a date."""
    story = next(_stories(tree), {})
    return Claims(
        headline=_words(story.get("headline")) or _meta(tree, "og:title"),
        outlet=_names(story.get("publisher")) or _meta(tree, "og:site_name"),
        byline=_names(story.get("author")) or _meta(tree, "author", "article:author_name", "byl"),
        published=_first_date(
            story.get("datePublished"), _meta(tree, "article:published_time", "date", "dc.date.issued")
        )
        or _time(tree),
        modified=_first_date(story.get("dateModified"), _meta(tree, "article:modified_time")),
        section=_words(story.get("articleSection")) or _meta(tree, "article:section"),
        canonical=_canonical(tree, url),
        text=_plain(story.get("articleBody")),
        free=str(story.get("isAccessibleForFree", True)).lower() not in {"false", "no"},
    )


def date_of_address(url: str) -> str | None:
    """The day or month that an address carries in its path, such as ``/2023/08/30/``."""
    if found := _DATE_IN_ADDRESS.search(url):
        return parsed_date("-".join(part for part in found.groups() if part))
    return None


def parsed_date(text: object) -> str | None:
    """The ISO date (perhaps partial) that a text begins with, a moment by its day in England; else None."""
    if not isinstance(text, str):
        return None
    with contextlib.suppress(ValueError):
        moment = dt.datetime.fromisoformat(text.strip())
        if moment.tzinfo:
            return moment.astimezone(ENGLAND).date().isoformat()
    with contextlib.suppress(ValueError):
        return str(PartialDate.parse(text))
    return None


def agency_of(byline: str | None, text: str) -> str | None:
    """The agency whose copy this is, from the byline, else from the first or the last lines."""
    lines = [line for line in text.splitlines() if line.strip()]
    places = [byline or "", *(line for line in lines[:2] + lines[-2:] if len(line) < 160)]
    return next(
        (agency for place in places for agency, credit in _AGENCIES.items() if credit.search(place)), None
    )


def tidy_byline(text: str | None) -> str | None:
    """A byline without "By", in one line; None when nothing is left, or only an address."""
    words = _BY.sub("", " ".join((text or "").split())).strip(" ,|-–")
    return None if not words or words.startswith(("http://", "https://", "@")) or len(words) > 200 else words


def _stories(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        with contextlib.suppress(ValueError, RecursionError):
            yield from _articles_in(json.loads(script.text or "", strict=False))


def _articles_in(data: object) -> Iterator[dict[str, Any]]:
    """The news articles in a JSON-LD document, however it nests them."""
    if isinstance(data, list):
        for part in data:
            yield from _articles_in(part)
    elif isinstance(data, dict):
        kinds = data.get("@type")
        if any(_STORY_TYPES.fullmatch(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
            yield data
        yield from _articles_in(data.get("@graph", data.get("mainEntity")))


def _meta(tree: HtmlElement, *names: str) -> str | None:
    for name in names:
        for meta in tree.iterfind(".//meta"):
            named = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
            if named.lower() == name and (words := _words(meta.get("content"))):
                return words
    return None


def _time(tree: HtmlElement) -> str | None:
    return _first_date(*(time.get("datetime") for time in tree.iterfind(".//time[@datetime]")))


def _first_date(*texts: object) -> str | None:
    return next((date for text in texts if (date := parsed_date(text))), None)


def _canonical(tree: HtmlElement, url: str) -> str | None:
    """The page's canonical address, if it is a page on the same host and not merely its front page."""
    for link in tree.iterfind(".//link[@rel='canonical'][@href]"):
        with contextlib.suppress(ValueError):
            address = urljoin(url, str(link.get("href")).strip())
            own = not url or host(address) == host(url)
            if own and address.startswith(("http://", "https://")) and urlsplit(address).path.strip("/"):
                return address
    return None


def _names(author: object) -> str | None:
    people = author if isinstance(author, list) else [author]
    names = [_words(one.get("name")) if isinstance(one, dict) else _words(one) for one in people]
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _plain(text: object) -> str | None:
    """A text without the markup that some papers leave in it."""
    if not isinstance(text, str) or not text.strip():
        return None
    if "</" not in text:
        return text
    with contextlib.suppress(etree.ParserError):
        return "\n".join(fromstring(text).itertext())
    return None


def _words(value: object) -> str | None:
    if isinstance(value, list):
        value = next((one for one in value if isinstance(one, str)), None)
    return " ".join(value.split()) or None if isinstance(value, str) else None
