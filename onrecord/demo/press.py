"""The papers of the demo as web sites: front page, articles, and the ways in that each of them offers.

The Messenger has a news sitemap and a short feed, the Gazette a feed of all it has, the Dispatch a paged
listing. Each feed or page also names a story that is gone, and the Messenger one that robots.txt disallows.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

from onrecord.demo.pages import TEXT, XML, Page, Site, moment, render
from onrecord.demo.stories import Outlet, Story, stories

_NEWEST: Final = 10
_PER_PAGE: Final = 5
_DISALLOWED: Final = {
    "messenger": ("/premium/", "/search/"),
    "gazette": ("/subscribe/",),
    "dispatch": ("/wp-admin/", "/?s="),
}
_GONE: Final = "/news/24999999.a-story-that-was-withdrawn/"

_Way = Callable[[int], Page | None]


def paper(outlet: Outlet, home: str) -> Site:
    """The paper's site; ``home`` is its address as its pages print it, such as ``https://www.….example``."""
    mine = [story for story in stories() if story.outlet == outlet.key]
    ways: dict[str, _Way] = {story.path: partial(_article, outlet, home, story, mine) for story in mine}
    ways |= {"/": partial(_front, outlet, mine), "/robots.txt": partial(_robots, outlet, home)}
    ways |= _WAYS_IN[outlet.key](outlet, home, mine)

    def answer(target: str, edition: int) -> Page | None:
        way = ways.get(target) or ways.get(urlsplit(target).path)
        return way(edition) if way else None

    return answer


def _messenger(outlet: Outlet, home: str, mine: list[Story]) -> Mapping[str, _Way]:
    return {
        "/map_news.xml": partial(_sitemap, outlet, home, mine),
        "/?service=rss": partial(_feed, outlet, home, mine[:_NEWEST]),
        "/sport/": partial(_front, outlet, [story for story in mine if story.section == "Sport"]),
    }


def _gazette(outlet: Outlet, home: str, mine: list[Story]) -> Mapping[str, _Way]:
    return {"/news/rss/": partial(_feed, outlet, home, mine)}


def _dispatch(outlet: Outlet, home: str, mine: list[Story]) -> Mapping[str, _Way]:
    ways: dict[str, _Way] = {}
    pages = -(-len(mine) // _PER_PAGE)
    for number in range(1, pages + 1):
        shown = mine[(number - 1) * _PER_PAGE : number * _PER_PAGE]
        newer = _listing_path(number - 1) if number > 1 else None
        older = _listing_path(number + 1) if number < pages else None
        ways[_listing_path(number)] = partial(_front, outlet, shown, heading="News", newer=newer, older=older)
    return ways


_WAYS_IN: Final = {"messenger": _messenger, "gazette": _gazette, "dispatch": _dispatch}


def _listing_path(number: int) -> str:
    return "/category/news/" if number == 1 else f"/category/news/page/{number}/"


def _article(outlet: Outlet, home: str, story: Story, mine: list[Story], edition: int) -> Page:
    text, changed = story.text_in(edition), story.modified_in(edition)
    blocks = [
        {"heading": part.startswith("## "), "text": part.removeprefix("## ").replace("\n", " ")}
        for part in text.split("\n\n")
    ]
    place = mine.index(story)
    body = render(
        outlet.template,
        outlet=outlet,
        home=home,
        story=story,
        blocks=blocks,
        lead=blocks[0]["text"],
        published=moment(story.published),
        modified=moment(changed),
        changed=changed,
        linked_data=_linked_data(outlet, home, story, changed),
        words=len(text.split()),
        nav=outlet.area[:5],
        related=[other for other in mine[place + 1 : place + 5] if not other.disallowed],
    )
    return Page(body=body, modified=changed)


def _linked_data(outlet: Outlet, home: str, story: Story, changed: dt.datetime) -> Markup:
    """JSON-LD as each family of papers writes it: WordPress as a graph, the others as one object."""
    article: dict[str, Any] = {
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": moment(story.published),
        "dateModified": moment(changed),
        "articleSection": story.section,
        "mainEntityOfPage": home + story.path,
        "author": [{"@type": "Person", "name": story.byline}],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    context = {"@context": "https://schema.org"}
    if outlet.key == "dispatch":
        site = {"@type": "WebSite", "@id": f"{home}/#website", "name": outlet.name, "url": home}
        whole: dict[str, Any] = context | {"@graph": [article, site]}
    else:
        whole = context | article
    return Markup(json.dumps(whole, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 - our own JSON


def _front(  # a front page, a section's page and a page of the listing are one template
    outlet: Outlet,
    shown: list[Story],
    edition: int,
    *,
    heading: str = "Latest",
    newer: str | None = None,
    older: str | None = None,
) -> Page:
    body = render("listing.html", outlet=outlet, stories=shown, heading=heading, newer=newer, older=older)
    return Page(body=body)


def _feed(outlet: Outlet, home: str, shown: list[Story], edition: int) -> Page:
    gone = _GONE if outlet.key == "gazette" else None
    body = render("feed.xml", outlet=outlet, home=home, stories=shown, gone=gone)
    return Page(body=body, content_type=XML, modified=max(story.modified_in(edition) for story in shown))


def _sitemap(outlet: Outlet, home: str, mine: list[Story], edition: int) -> Page:
    listed = [(story, moment(story.modified_in(edition))) for story in mine]
    body = render("sitemap.xml", outlet=outlet, home=home, stories=listed)
    return Page(body=body, content_type=XML)


def _robots(outlet: Outlet, home: str, edition: int) -> Page:
    sitemaps = [f"{home}/map_news.xml"] if outlet.key == "messenger" else []
    body = render("robots.txt", name=outlet.name, disallowed=_DISALLOWED[outlet.key], sitemaps=sitemaps)
    return Page(body=body, content_type=TEXT)
