"""The base of every paper: feeds, sitemaps and listings lead to articles; articles become versions."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar
from urllib.parse import urlsplit

import sqlalchemy as sa
from scrapy.http import Response

from crawler.discovery.feeds import read_feed
from crawler.discovery.leads import Lead
from crawler.discovery.listings import Listing, read_listing
from crawler.discovery.sitemaps import read_sitemap
from crawler.extract.html import Page, Template, read_page
from crawler.harvest import NOTHING, Gathered, Origin
from crawler.outcomes import Outcome, Verdict
from crawler.source import SourceSpider
from storage import articles
from storage.dates import PartialDate
from storage.frontier import Entry, Found
from storage.records import Article

_FRESH = ((dt.timedelta(days=2), dt.timedelta(hours=6)), (dt.timedelta(days=7), dt.timedelta(days=1)))
"""Papers correct stories in their first days: up to which age an article is fetched again after how long."""


@dataclass(frozen=True, kw_only=True)
class KeptArticle:
    """An article, and the address it was fetched under."""

    article: Article
    fetched_as: str

    def save(self, connection: sa.Connection, origin: Origin) -> bool:
        """Keep it as a version of its address."""
        saved = articles.save(
            connection,
            self.article,
            at=origin.at,
            capture_id=origin.capture_id,
            source_id=origin.source_id,
        )
        articles.met_under(connection, saved.article_id, [self.fetched_as, origin.url])
        return saved.outcome != "unchanged"


@dataclass(frozen=True, kw_only=True)
class Vanished:
    """An article that the paper took down."""

    url: str
    reason: str

    def save(self, connection: sa.Connection, origin: Origin) -> bool:
        """Note it; the versions stay."""
        article_id = articles.known(connection, self.url)
        if article_id is not None:
            articles.gone(connection, article_id, at=origin.at, reason=self.reason)
        return article_id is not None


class NewsSpider(SourceSpider):
    """One paper. ``stories``: what the path of an article's address looks like; empty: any."""

    kind: ClassVar[str] = "news"
    revisited: ClassVar[tuple[str, ...]] = ("article",)
    feeds: ClassVar[tuple[str, ...]] = ()
    sitemaps: ClassVar[tuple[str, ...]] = ()
    listings: ClassVar[tuple[str, ...]] = ()
    listing: ClassVar[Listing | None] = None
    template: ClassVar[Template | None] = None
    stories: ClassVar[str] = ""

    @classmethod
    def starts(cls) -> list[Found]:
        """Feeds, sitemaps and the first page of each listing."""
        by_kind = {"feed": cls.feeds, "sitemap": cls.sitemaps, "listing": cls.listings}
        return [Found(url=url, kind=kind) for kind, urls in by_kind.items() for url in urls]

    async def read_feed(self, response: Response, entry: Entry) -> Gathered:
        """The articles a feed names."""
        leads = await self.desk.read(read_feed, response.body, response.url)
        return self._led(leads, entry)

    async def read_sitemap(self, response: Response, entry: Entry) -> Gathered:
        """The articles, and the further sitemaps, a sitemap names."""
        leads = await self.desk.read(read_sitemap, response.body, response.url)
        return self._led(leads, entry)

    async def read_listing(self, response: Response, entry: Entry) -> Gathered:
        """The articles a listing page links to, and its next page."""
        assert self.listing is not None
        leads, following = await self.desk.read(read_listing, response.body, response.url, self.listing)
        gathered = self._led(leads, entry)
        if not following or not gathered.found or entry.depth >= self.deepest:
            return gathered
        further = Found(url=following, kind="listing", found_on=entry.url, depth=entry.depth + 1)
        return replace(gathered, found=(*gathered.found, further))

    async def read_article(self, response: Response, entry: Entry) -> Gathered:
        """The article on a page."""
        content_type = response.headers.get("Content-Type")
        page: Page = await self.desk.read(
            read_page,
            response.body,
            response.url,
            content_type.decode("latin-1") if content_type else None,
            self.template,
        )
        article = replace(page.article, outlet=self.title)
        if article.published is None and (published := entry.hints.get("published")):
            article = replace(article, published=PartialDate.parse(published), published_from="feed")
        if self.desk.since and article.published and article.published.span.last < self.desk.since:
            return Gathered(verdict=Verdict(outcome="not_wanted", reason=f"published {article.published}"))
        kept = KeptArticle(article=article, fetched_as=entry.url)
        return Gathered(keep=(kept,), verdict=_changed_layout(page))

    def of_verdict(self, verdict: Verdict, entry: Entry) -> Gathered:
        """A gone article is noted as such."""
        if verdict.outcome == "gone" and entry.kind == "article":
            return Gathered(keep=(Vanished(url=entry.url, reason=verdict.reason),))
        return NOTHING

    def again(self, entry: Entry, outcome: Outcome) -> dt.datetime | None:
        """Fresh articles are fetched again, since papers edit them."""
        if entry.kind == "article" and outcome in {"done", "unchanged"}:
            age = self.desk.at - entry.found_at
            return next((self.desk.at + pause for most, pause in _FRESH if age < most), None)
        return super().again(entry, outcome)

    def _led(self, leads: Iterable[Lead], entry: Entry) -> Gathered:
        """The addresses worth fetching; a start that leads nowhere is no success."""
        leads = list(leads)
        if not leads:
            return Gathered(verdict=Verdict(outcome="empty", reason=f"the {entry.kind} names no page"))
        wanted = [lead for lead in leads if self.covers(lead.url) and self._is_wanted(lead)]
        found = tuple(
            Found(
                url=lead.url,
                kind="sitemap" if lead.is_sitemap else "article",
                found_on=entry.url,
                depth=entry.depth + 1,
                hints={
                    name: value
                    for name in ("title", "published", "modified")
                    if (value := getattr(lead, name))
                },
            )
            for lead in wanted
        )
        return Gathered(found=found)

    def _is_wanted(self, lead: Lead) -> bool:
        if self.desk.since and lead.older_than(self.desk.since):
            return False
        return lead.is_sitemap or bool(re.search(self.stories, urlsplit(lead.url).path))


def _changed_layout(page: Page) -> Verdict | None:
    """The article is kept all the same, but a page that lacks both headline and body has a new layout."""
    if {"headline", "body"} <= set(page.missing):
        return Verdict(outcome="layout_changed", reason=f"sought and not found: {', '.join(page.missing)}")
    return None
