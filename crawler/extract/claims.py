"""What a page says of itself: JSON-LD, meta tags, marked elements."""

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, fromstring

from crawler.extract import days
from storage.addresses import host

_STORY_TYPES = re.compile(r"\w*Article|(?:Live)?BlogPosting")
_DAY_IN_DATA = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_PAGE_TYPES = re.compile(r"\w*Page|Report|VideoObject|Review|SocialMediaPosting|Event")
_AUTHOR = ("author", "article:author_name", "byl", "parsely-author", "sailthru.author", "dc.creator")


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
    """JSON-LD first, then meta tags, then marked elements."""
    nodes = list(_nodes(tree))
    story = next((node for node in nodes if _is_of(node, _STORY_TYPES)), {})
    page = next((node for node in nodes if _is_of(node, _PAGE_TYPES)), {})
    metas = _metas(tree)
    return Claims(
        headline=_words(story.get("headline")) or _meta(metas, "og:title"),
        outlet=_names(story.get("publisher")) or _meta(metas, "og:site_name"),
        byline=_names(story.get("author")) or _meta(metas, *_AUTHOR),
        published=days.first_day(
            story.get("datePublished"),
            *(metas.get(name) for name in days.PUBLISHED),
            page.get("datePublished"),
            *_days_in_data(tree),
        )
        or days.marked_day(tree),
        modified=days.first_day(
            story.get("dateModified"), *(metas.get(name) for name in days.MODIFIED), page.get("dateModified")
        ),
        section=_words(story.get("articleSection")) or _meta(metas, "article:section", "parsely-section"),
        canonical=_canonical(tree, url),
        text=_plain(story.get("articleBody")),
        free=_is_free(story, metas),
    )


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Everything the page's JSON-LD describes, however it nests it."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        with contextlib.suppress(ValueError, RecursionError):
            yield from _described(json.loads(script.text or "", strict=False))


def _days_in_data(tree: HtmlElement) -> Iterator[str]:
    """The days of publication in JSON-LD of any kind, be it well-formed or not."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        yield from _DAY_IN_DATA.findall(script.text or "")


def _described(data: object) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for part in data:
            yield from _described(part)
    elif isinstance(data, dict):
        yield data
        yield from _described(data.get("@graph"))
        yield from _described(data.get("mainEntity"))


def _is_of(node: dict[str, Any], types: re.Pattern[str]) -> bool:
    kinds = node.get("@type")
    return any(types.fullmatch(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _is_free(story: dict[str, Any], metas: dict[str, str]) -> bool:
    """Whether the page does not say that it is for payers only."""
    said = str(story.get("isAccessibleForFree", True)).lower() not in {"false", "no"}
    return said and metas.get("article:content_tier", "free").lower() != "locked"


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The content of each named meta tag, the first of a name."""
    found: dict[str, str] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if words := _words(meta.get("content")):
            found.setdefault(name.lower(), words)
    return found


def _meta(metas: dict[str, str], *names: str) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


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
