"""What a visit to a site found: its feeds, its sitemaps, a story of it, and the platform it publishes on."""

import dataclasses
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import sqlalchemy as sa
from lxml.cssselect import CSSSelector

from crawler.discovery.listings import read_listing
from crawler.errors import CrawlFailed, ExtractionFailed, NeedsJavaScript
from crawler.extract.html import parse, read_page
from crawler.extract.pool import Pool
from crawler.newcomers.visit import NOTES
from crawler.news import NewsSpider
from crawler.orders import Order
from crawler.platforms.bbc import Bbc
from crawler.platforms.iliffe import Iliffe
from crawler.platforms.mna import Mna
from crawler.platforms.national_world import NationalWorld
from crawler.platforms.newsquest import Newsquest
from crawler.platforms.reach import Reach
from crawler.platforms.wordpress import WordPress
from crawler.profile import Profile
from crawler.run import crawl
from storage.addresses import host, is_on
from storage.schema.crawl import frontier
from storage.store import Store

PLATFORMS: tuple[type[NewsSpider], ...] = (Bbc, Newsquest, Reach, Mna, NationalWorld, Iliffe, WordPress)
_VISIT = '''"""A visit."""

from crawler.newcomers.visit import Visit


class Here(Visit):
    name = "visit"
    title = "visit"
    hosts = ({host!r},)
    home = {home!r}
    javascript = {javascript}
'''


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A site as it was found; ``platform`` None where its stories are on no markup known here."""

    home: str
    title: str
    hosts: tuple[str, ...]
    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    listings: tuple[str, ...]  # for want of both: the page with links to its stories
    story: str
    page: bytes
    platform: type[NewsSpider] | None
    listed: bool = False  # whether the platform's own selector finds the stories that its listing links to
    javascript: bool = False  # only scripts fill its pages


def look(home: str, order: Order) -> Finding:
    """Visit a site, in an archive that is thrown away; CrawlFailed says what kept us from a story of it."""
    with Pool(workers=1) as pool:
        finding = _visited(home, order, pool, javascript=False)
        if pool.run(is_scripted, finding.page):
            return _visited(home, order, pool, javascript=True)
        return finding


def _visited(home: str, order: Order, pool: Pool, *, javascript: bool) -> Finding:
    with tempfile.TemporaryDirectory(prefix="onrecord-visit-") as folder:
        Path(folder, "visit").mkdir()
        Path(folder, "visit", "here.py").write_text(
            _VISIT.format(host=_site(home), home=home, javascript=javascript)
        )
        archive = Path(folder, "visit.db")
        visit = dataclasses.replace(
            order,
            archive=str(archive),
            evidence=None,
            sources=("visit",),
            folders=(str(Path(folder, "visit")),),
            profile=Profile(),
        )
        (summary,) = crawl(visit)
        notes = _notes(Path(folder))
        if summary.ending != "done" or not any(kind == "page" for kind, _, _ in notes):
            raise CrawlFailed(f"{home}: {summary.reason or _why(archive)}")
    return dataclasses.replace(_finding(home, notes, pool), javascript=javascript)


def _finding(home: str, notes: Sequence[tuple[str, str, bytes]], pool: Pool) -> Finding:
    story, page = next((url, content) for kind, url, content in notes if kind == "page")
    feeds = tuple(dict.fromkeys(url for kind, url, _ in notes if kind == "feed"))
    sitemaps = tuple(dict.fromkeys(url for kind, url, _ in notes if kind == "sitemap"))
    of_news = tuple(url for url in sitemaps if "news" in urlsplit(url).path)
    began, front = next(((url, content) for kind, url, content in notes if kind == "home"), (None, page))
    title = pool.run(title_of, front) or _site(home)
    number = pool.run(platform_of, page)
    platform = None if number is None else PLATFORMS[number]
    selector = platform and platform.listing
    return Finding(
        home=home if began else urljoin(home, "/"),
        title=title,
        hosts=(_site(home), *dict.fromkeys(host(url) for url in feeds if not is_on(url, (_site(home),)))),
        feeds=feeds,
        sitemaps=of_news or (() if feeds else sitemaps[:1]),
        listings=() if feeds or sitemaps or not began else (began,),
        story=story,
        page=page,
        platform=platform,
        listed=bool(began and selector and pool.run(read_listing, front, began, selector)[0]),
    )


def platform_of(page: bytes) -> int | None:
    """Which of the platforms a story's page is on: its marks are there, and the fewest fields are missing."""
    tree = parse(page)
    fitting = []
    for number, platform in enumerate(PLATFORMS):
        if not CSSSelector(platform.marks)(tree):
            continue
        try:
            missing = read_page(page, "", None, platform.template).missing
        except ExtractionFailed:
            continue
        if not {"headline", "body"} & set(missing):
            fitting.append((len(missing), number))
    return min(fitting)[1] if fitting else None


def is_scripted(page: bytes) -> bool:
    """Whether only scripts fill a story's page."""
    try:
        read_page(page, "", None, None)
    except NeedsJavaScript:
        return True
    except ExtractionFailed:
        return False
    return False


def title_of(page: bytes) -> str | None:
    """What the site calls itself."""
    tree = parse(page)
    for meta in tree.xpath("//meta[@property='og:site_name']/@content"):
        return " ".join(str(meta).split()) or None
    said = " ".join(tree.xpath("string(//title)").split())
    return re.split(r"\s[|–—-]\s", said)[0] or None


def _site(home: str) -> str:
    return host(home)


def _notes(folder: Path) -> list[tuple[str, str, bytes]]:
    file = folder / NOTES
    if not file.exists():
        return []
    notes = [json.loads(line) for line in file.read_text().splitlines()]
    return [(note["kind"], note["url"], (folder / note["file"]).read_bytes()) for note in notes]


def _why(archive: Path) -> str:
    """What came instead of a story, by the first address that failed; a guess that failed says nothing."""
    query = sa.select(frontier).where(frontier.c.outcome.not_in(["done", "unchanged"]))
    with Store.at(archive) as store, store.reading() as connection:
        ended = connection.execute(query.order_by(frontier.c.depth)).all()
    told = [row for row in ended if row.kind != "robots" and not row.hints.get("guessed")]
    if not told:
        return "no story was found on it, nor a feed; give the address of a feed or a section"
    first = told[0]
    said = f"{first.outcome.replace('_', ' ')} at {urlsplit(first.url).path or '/'} ({first.reason})"
    return f"{said}; add that site instead" if first.outcome == "elsewhere" else said
