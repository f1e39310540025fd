"""The visit to a site that is not a source yet: its home, its feeds and sitemaps, one story through each.

A source like any other, so that robots.txt, limits and the guard against private addresses hold here too.
What came is laid beside the visit's own archive: ``visit.jsonl`` and a file a page.
"""

import json
from pathlib import Path
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.discovery.feeds import read_feed
from crawler.discovery.leads import Lead, web_address
from crawler.discovery.sitemaps import read_sitemap, sitemaps_of_robots
from crawler.extract.html import parse
from crawler.harvest import Gathered
from crawler.outcomes import Verdict
from crawler.source import SourceSpider
from storage.frontier import Entry, Found

NOTES = "visit.jsonl"
_USUAL_FEEDS = ("/feed/", "/rss", "/news/rss/", "/?service=rss", "/arc/outboundfeeds/rss/")
_MOST_FEEDS, _MOST_SITEMAPS = 5, 3
_LEAST_HYPHENS = 3  # in the last part of a story's address: the-words-of-its-headline


class Visit(SourceSpider):
    """A visit; a subclass names the site's home and hosts."""

    kind: ClassVar[str] = "news"
    home: ClassVar[str]
    budget: ClassVar[int] = 30

    @classmethod
    def starts(cls) -> list[Found]:
        """The home page and robots.txt."""
        return [Found(url=cls.home, kind="home"), Found(url=urljoin(cls.home, "/robots.txt"), kind="robots")]

    async def read_home(self, response: Response, entry: Entry) -> Gathered:
        """The feeds it names, or else the usual places of feeds; and the first link to a story."""
        feeds, stories = await self.desk.read(read_home, response.body, response.url)
        feeds = feeds or [urljoin(response.url, path) for path in _USUAL_FEEDS]
        self._note("home", response)
        found = [*((url, "feed") for url in feeds[:_MOST_FEEDS]), *((url, "page") for url in stories[:1])]
        return self._leading(found, entry)

    async def read_robots(self, response: Response, entry: Entry) -> Gathered:
        """The sitemaps it names, those of news first."""
        urls = sitemaps_of_robots(response.body.decode("utf-8", "replace"), response.url)
        urls.sort(key=lambda url: "news" not in url)
        return self._leading([(url, "sitemap") for url in urls[:_MOST_SITEMAPS]], entry)

    async def read_feed(self, response: Response, entry: Entry) -> Gathered:
        """The first story of a feed."""
        leads = await self.desk.read(read_feed, response.body, response.url)
        return self._first_story("feed", leads, response, entry)

    async def read_sitemap(self, response: Response, entry: Entry) -> Gathered:
        """The first story of a sitemap."""
        leads = await self.desk.read(read_sitemap, response.body, response.url)
        return self._first_story("sitemap", leads, response, entry)

    async def read_page(self, response: Response, entry: Entry) -> Gathered:
        """A story."""
        self._note("page", response)
        return Gathered()

    def _first_story(self, kind: str, leads: list[Lead], response: Response, entry: Entry) -> Gathered:
        pages = [lead.url for lead in leads if self.covers(lead.url) and not lead.is_sitemap]
        stories = [url for url in pages if is_story(url)] or (pages if kind == "feed" else [])
        further = [lead.url for lead in leads if lead.is_sitemap]
        if not stories and not further:
            return Gathered(verdict=Verdict(outcome="empty", reason=f"the {kind} names no story"))
        if stories:
            self._note(kind, response)
        deeper = [] if stories or entry.depth >= self.deepest else [(url, "sitemap") for url in further[:1]]
        return self._leading([*((url, "page") for url in stories[:1]), *deeper], entry)

    def _leading(self, found: list[tuple[str, str]], entry: Entry) -> Gathered:
        return Gathered(
            found=tuple(
                Found(url=url, kind=kind, found_on=entry.url, depth=entry.depth + 1)
                for url, kind in found
                if self.covers(url)
            )
        )

    def _note(self, kind: str, response: Response) -> None:
        folder = Path(self.order.archive).parent
        file = folder / f"{self.run_id}-{len(list(folder.iterdir()))}.bytes"
        file.write_bytes(response.body)
        with (folder / NOTES).open("a") as notes:
            notes.write(json.dumps({"kind": kind, "url": response.url, "file": file.name}) + "\n")


def read_home(content: bytes, url: str) -> tuple[list[str], list[str]]:
    """The feeds that a page names in its head, and the links on it that look like stories."""
    tree = parse(content)
    named = tree.xpath(
        "//link[contains(@rel, 'alternate')][contains(@type, 'rss') or contains(@type, 'atom')]"
    )
    named += tree.xpath("//link[contains(@rel, 'alternate')][contains(@type, 'feed+json')]")
    feeds = [address for link in named if (address := web_address(url, link.get("href")))]
    links = [
        address for link in tree.iterfind(".//a[@href]") if (address := web_address(url, link.get("href")))
    ]
    feeds = [feed for feed in feeds if "comments" not in feed]
    return list(dict.fromkeys(feeds)), [link for link in dict.fromkeys(links) if is_story(link)]


def is_story(url: str) -> bool:
    """Whether an address ends in the words of a headline, or in a story's id."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return bool(parts) and (parts[-1].count("-") >= _LEAST_HYPHENS or "articles" in parts[:-1])
