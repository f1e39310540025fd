"""The visit to a site that is not a source yet: its home, its feeds and sitemaps, one story through each.

A source like any other, so that robots.txt, limits and the guard against private addresses hold here too.
What came is laid beside the visit's own archive: ``visit.jsonl`` and a file a page.
"""

import json
import re
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.discovery.feeds import read_feed
from crawler.discovery.leads import Lead, web_address
from crawler.discovery.sitemaps import read_sitemap, sitemaps_of_robots
from crawler.extract.html import parse
from crawler.harvest import NOTHING, Gathered
from crawler.outcomes import Verdict
from crawler.source import SourceSpider
from storage.addresses import host, is_on
from storage.frontier import Entry, Found

NOTES = "visit.jsonl"
STORY: Final = r"/(?:[^/-]*-){3,}[^/]*/?$|/articles/."
"""A story's path ends in the words of its headline, or in its id behind ``articles``."""
_USUAL_FEEDS = ("/feed/", "/rss", "/news/rss/", "/?service=rss", "/arc/outboundfeeds/rss/")
_USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
_MOST_FEEDS, _MOST_SITEMAPS = 5, 3
_ROOT = re.compile(rb"<(html|rss|feed|rdf:RDF)\b", re.IGNORECASE)
_OF_FEEDS = re.compile(r"(?:^|[/.?=_-])(?:rss|atom|feeds?)(?:$|[/.?&=_-])", re.IGNORECASE)
_OF_STORIES = re.compile(r"news|post|article|stor(?:y|ies)", re.IGNORECASE)


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
        """The feeds it names, or else the usual places of feeds; and the first link to a story.

        A feed that a page names is the site's own, wherever it lies. The address may be that of a feed.
        """
        if is_feed(response.body):
            return await self.read_feed(response, entry)
        feeds, stories = await self.desk.read(read_home, response.body, response.url)
        self._note("home", response.url, response.body)
        type(self).hosts = tuple(dict.fromkeys([*self.hosts, *map(host, feeds[:_MOST_FEEDS])]))
        named = self._leading([(url, "feed") for url in feeds[:_MOST_FEEDS]], entry)
        usual = () if feeds else self._guessed(_USUAL_FEEDS, "feed", response.url, entry)
        stories = [url for url in stories if self._is_own(url)]
        story = self._leading([(url, "page") for url in stories[:1]], entry)
        return Gathered(found=(*named, *usual, *story))

    async def read_robots(self, response: Response, entry: Entry) -> Gathered:
        """The sitemaps it names, those of news first; or else the usual places of sitemaps."""
        urls = sitemaps_of_robots(response.body.decode("utf-8", "replace"), response.url)
        urls.sort(key=lambda url: "news" not in urlsplit(url).path)
        named = self._leading([(url, "sitemap") for url in urls[:_MOST_SITEMAPS]], entry)
        return Gathered(found=named or self._guessed(_USUAL_SITEMAPS, "sitemap", response.url, entry))

    def of_verdict(self, verdict: Verdict, entry: Entry) -> Gathered:
        """Without a robots.txt, sitemaps may still lie where they usually do."""
        if entry.kind != "robots" or verdict.outcome != "gone":
            return NOTHING
        return Gathered(found=self._guessed(_USUAL_SITEMAPS, "sitemap", entry.url, entry))

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
        self._note("page", response.url, response.body)
        return Gathered()

    def _first_story(self, kind: str, leads: list[Lead], response: Response, entry: Entry) -> Gathered:
        pages = [lead.url for lead in leads if self._is_own(lead.url) and not lead.is_sitemap]
        stories = [url for url in pages if is_story(url)] or (pages if kind == "feed" else [])
        further = [] if stories or entry.depth >= self.deepest else _likeliest(leads)
        if not stories and not further:
            return Gathered(verdict=Verdict(outcome="empty", reason=f"the {kind} names no story"))
        # Of an index's parts that of the news goes on; the others, of a month or full, give way to new ones.
        lasting = "news" in urlsplit(response.url).path and not re.search(r"\d{4}", response.url)
        index = response.url if lasting else str(entry.hints.get("index") or response.url)
        if stories:
            self._note(kind, index, response.body)
        deeper = self._leading([(url, "sitemap") for url in further], entry, index=index)
        return Gathered(found=(*self._leading([(url, "page") for url in stories[:1]], entry), *deeper))

    def _is_own(self, url: str) -> bool:
        return is_on(url, (host(self.home),))

    def _guessed(self, paths: tuple[str, ...], kind: str, base: str, entry: Entry) -> tuple[Found, ...]:
        return self._leading([(urljoin(base, path), kind) for path in paths], entry, guessed=True)

    def _leading(self, found: list[tuple[str, str]], entry: Entry, **hints: object) -> tuple[Found, ...]:
        return tuple(
            Found(url=url, kind=kind, found_on=entry.url, depth=entry.depth + 1, hints=hints)
            for url, kind in found
            if self.covers(url)
        )

    def _note(self, kind: str, url: str, content: bytes) -> None:
        folder = Path(self.order.archive).parent
        file = folder / f"{self.run_id}-{len(list(folder.iterdir()))}.bytes"
        file.write_bytes(content)
        with (folder / NOTES).open("a") as notes:
            notes.write(json.dumps({"kind": kind, "url": url, "file": file.name}) + "\n")


def is_feed(content: bytes) -> bool:
    """Whether it is a feed and no page."""
    root = _ROOT.search(content[:4096])
    return content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") or bool(
        root and root[1].lower() != b"html"
    )


def read_home(content: bytes, url: str) -> tuple[list[str], list[str]]:
    """The feeds that a page names, in its head or else by links, and its links that look like stories."""
    tree = parse(content)
    named = tree.xpath("//link[contains(@rel, 'alternate')]")
    feeds = [link.get("href") for link in named if _leads_to_feed(link.get("type") or "", link.get("href"))]
    links = [link.get("href") for link in tree.iterfind(".//a[@href]")]
    feeds = feeds or [link for link in links if _OF_FEEDS.search(link)]
    own = [address for link in feeds if (address := web_address(url, link)) and "comments" not in address]
    stories = [address for link in links if (address := web_address(url, link)) and is_story(address)]
    return list(dict.fromkeys(own)), list(dict.fromkeys(stories))


def is_story(url: str) -> bool:
    """Whether an address ends in the words of a headline, or in a story's id."""
    return bool(re.search(STORY, urlsplit(url).path))


def _leads_to_feed(kind: str, link: str | None) -> bool:
    """Whether a page calls it a feed; the first JSON feeds were called JSON and nothing more."""
    return any(one in kind for one in ("rss", "atom", "feed+json")) or (
        "json" in kind and "feed" in (link or "")
    )


def _likeliest(leads: list[Lead]) -> list[str]:
    """The parts of an index that may name stories, those last changed first."""
    parts = [lead for lead in leads if lead.is_sitemap]
    parts.sort(key=lambda lead: lead.modified or "", reverse=True)
    parts.sort(key=lambda lead: not _OF_STORIES.search(urlsplit(lead.url).path))
    return [lead.url for lead in parts[:_MOST_SITEMAPS]]
