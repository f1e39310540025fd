"""The base of every paper: feeds, sitemaps and listings lead to articles; articles become versions."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar
from urllib.parse import urlsplit

import sqlalchemy as sa
from scrapy.http import Response

from crawler.discovery import backfill, traps
from crawler.discovery.feeds import read_feed
from crawler.discovery.leads import Lead
from crawler.discovery.listings import Listing, read_listing
from crawler.discovery.sitemaps import read_sitemap, sitemaps_of_robots
from crawler.extract.html import Page, Template, read_page
from crawler.harvest import NOTHING, Gathered, Origin
from crawler.outcomes import Outcome, Verdict
from crawler.source import SourceSpider
from storage import articles
from storage.dates import PartialDate
from storage.frontier import Entry, Found
from storage.records import Article

_REVISITS = (dt.timedelta(hours=1), dt.timedelta(hours=6), dt.timedelta(days=1), dt.timedelta(days=7))
"""Papers correct stories in their first days: when an article is fetched again, since it was found."""
_MOST_OF_A_LISTING = 200  # a page that links to more is no listing of stories
_STALE = dt.timedelta(days=2)  # between publication and discovery; then nobody edits it any more
_PART, _SELDOM = dt.timedelta(hours=1), dt.timedelta(days=30)  # between two looks at a part of a sitemap
_BEGINNING = 1000  # letters; some papers say that a page is not free and print all of it
_SAME_BEGINNING = 0.8  # of a text: what comes after is how the paper breaks off
_DEEPEST_ARCHIVE = 100  # pages of one archive listing


@dataclass(frozen=True, kw_only=True)
class KeptArticle:
    """An article, and the address it was fetched under.

    ``free``: false for the beginning of one; ``offered``: it may be one, if it begins as what we have.
    """

    article: Article
    fetched_as: str
    free: bool = True
    offered: bool = False

    def save(self, connection: sa.Connection, origin: Origin) -> bool:
        """Keep it as a version of its address; a beginning is no version of what we have whole."""
        if self._is_less(connection):
            return False
        saved = articles.save(
            connection,
            self.article,
            at=origin.at,
            capture_id=origin.capture_id,
            source_id=origin.source_id,
        )
        if saved.outcome == "barred":
            return False
        others = {self.fetched_as, origin.url} - {self.article.url}
        articles.met_under(connection, saved.article_id, others)
        if saved.outcome != "new":
            articles.back(connection, saved.article_id, at=origin.at)
        return saved.outcome != "unchanged"

    def _is_less(self, connection: sa.Connection) -> bool:
        """Whether it is but the beginning of what we have."""
        may_be = self.offered or not self.free
        known = articles.known(connection, self.article.url) if may_be else None
        if known is None:
            return False
        whole, text = articles.latest_version(connection, known).text, self.article.text
        same = whole.startswith(text[: int(_SAME_BEGINNING * len(text))])
        return len(whole) > len(text) and (same or not self.free)


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


@dataclass(frozen=True, kw_only=True)
class Unchanged:
    """An article that is as it was; it may have been gone in the meantime."""

    url: str

    def save(self, connection: sa.Connection, origin: Origin) -> bool:
        """Note that it is there."""
        article_id = articles.known(connection, self.url)
        if article_id is not None:
            articles.back(connection, article_id, at=origin.at)
        return False


class NewsSpider(SourceSpider):
    """One paper. ``stories``: what the path of an article's address looks like; empty: any.

    ``archives``: the listings of its archive on the first host, by ``{year}``, ``{month:02}``, ``{day:02}``;
    a back-fill walks through them, and through the sitemaps that its robots.txt names.
    """

    kind: ClassVar[str] = "news"
    revisited: ClassVar[tuple[str, ...]] = ("article",)
    feeds: ClassVar[tuple[str, ...]] = ()
    sitemaps: ClassVar[tuple[str, ...]] = ()
    listings: ClassVar[tuple[str, ...]] = ()
    listing: ClassVar[Listing | None] = None
    archives: ClassVar[tuple[str, ...]] = ()
    template: ClassVar[Template | None] = None
    expects: ClassVar[tuple[str, ...]] = ("title", "published", "text")  # what each story has
    marks: ClassVar[str] = ""  # what only the platform's pages have, as a CSS selector
    stories: ClassVar[str] = ""

    @classmethod
    def starts(cls) -> list[Found]:
        """Feeds, sitemaps and the first page of each listing."""
        by_kind = {"feed": cls.feeds, "sitemap": cls.sitemaps, "listing": cls.listings}
        return [Found(url=url, kind=kind) for kind, urls in by_kind.items() for url in urls]

    @classmethod
    def starts_between(cls, since: dt.date, until: dt.date) -> list[Found]:
        """The listings of the archive and the sitemaps, besides where every run begins."""
        home = f"https://{cls.hosts[0]}"
        listings = backfill.addresses([f"{home}{path}" for path in cls.archives], since, until)
        archived = [Found(url=url, kind="listing") for url in listings]
        return [*cls.starts(), Found(url=f"{home}/robots.txt", kind="robots"), *archived]

    async def read_feed(self, response: Response, entry: Entry) -> Gathered:
        """The articles a feed names."""
        leads = await self.desk.read(read_feed, response.body, response.url, _content_type(response))
        return self._led(leads, entry)

    async def read_robots(self, response: Response, entry: Entry) -> Gathered:
        """The sitemaps that a robots.txt names."""
        urls = sitemaps_of_robots(response.body.decode("utf-8", "replace"), response.url)
        if not urls:
            return Gathered(verdict=Verdict(outcome="not_wanted", reason="robots.txt names no sitemap"))
        return self._led([Lead(url=url, is_sitemap=True) for url in urls], entry)

    async def read_sitemap(self, response: Response, entry: Entry) -> Gathered:
        """The articles, and the further sitemaps, a sitemap names."""
        leads = await self.desk.read(read_sitemap, response.body, response.url)
        return self._led(leads, entry)

    async def read_listing(self, response: Response, entry: Entry) -> Gathered:
        """The articles a listing page links to, and its next page."""
        assert self.listing is not None
        leads, following = await self.desk.read(read_listing, response.body, response.url, self.listing)
        leads = leads[:_MOST_OF_A_LISTING]
        gathered = self._led(leads, entry)
        until = self.order.until
        on_the_way = bool(gathered.found) or any(until and lead.newer_than(until) for lead in leads)
        if not following or not on_the_way or entry.depth >= (_DEEPEST_ARCHIVE if until else self.deepest):
            return gathered
        further = Found(url=following, kind="listing", found_on=entry.url, depth=entry.depth + 1)
        return replace(gathered, found=(*gathered.found, further))

    async def read_article(self, response: Response, entry: Entry) -> Gathered:
        """The article on a page."""
        page: Page = await self.desk.read(
            read_page,
            response.body,
            response.url,
            _content_type(response),
            self.template,
        )
        article = replace(page.article, outlet=self.title)
        if article.published_from in {"none", "words"} and (published := entry.hints.get("published")):
            article = replace(article, published=PartialDate.parse(published), published_from="feed")
        if verdict := self._unwanted(article):
            return Gathered(verdict=verdict, partial=True)
        kept = KeptArticle(article=article, fetched_as=entry.url, free=page.free, offered=page.offered)
        return Gathered(keep=(kept,), verdict=_changed_layout(page) or _only_begun(page))

    def of_verdict(self, verdict: Verdict, entry: Entry) -> Gathered:
        """A gone article is noted as such, and so is one that is there again."""
        if entry.kind != "article" or verdict.outcome not in {"gone", "unchanged"}:
            return NOTHING
        gone = verdict.outcome == "gone"
        return Gathered(
            keep=(Vanished(url=entry.url, reason=verdict.reason) if gone else Unchanged(url=entry.url),)
        )

    def again(self, entry: Entry, outcome: Outcome) -> dt.datetime | None:
        """Fresh articles are fetched again, since papers edit them."""
        if entry.kind == "article" and outcome in {"done", "unchanged", "gone", "paywalled"}:
            times = [] if _was_old(entry) else [entry.found_at + pause for pause in _REVISITS]
            return next((time for time in times if time > self.desk.at), None)
        if entry.kind == "sitemap" and entry.depth and outcome in {"done", "unchanged"}:
            return self._part_again(entry, outcome)
        return super().again(entry, outcome)

    def _part_again(self, entry: Entry, outcome: Outcome) -> dt.datetime | None:
        """When to look at a part of a sitemap index again; where the index dates its parts, it will tell.

        A part that does not change is asked ever more seldom, and one of a month that is over no more.
        """
        over = backfill.sitemap_outside(Lead(url=entry.url), self.desk.at.date() - _STALE, None)
        if self.order.until or entry.hints.get("modified") or over:
            return None
        since = self.desk.at - (entry.fetched_at or self.desk.at)
        return self.desk.at + (min(_SELDOM, max(_PART, 4 * since)) if outcome == "unchanged" else _PART)

    def _led(self, leads: Iterable[Lead], entry: Entry) -> Gathered:
        """The addresses worth fetching; a start that leads nowhere is no success."""
        leads = list(leads)
        if not leads:
            return Gathered(verdict=Verdict(outcome="empty", reason=f"the {entry.kind} names no page"))
        in_time = [lead for lead in leads if not self._is_outside(lead)]
        wanted = [lead for lead in in_time if self.covers(lead.url) and self._is_wanted(lead)]
        if entry.depth >= self.deepest:
            wanted = [lead for lead in wanted if not lead.is_sitemap]
        found = tuple(
            Found(
                url=traps.steady(lead.url),
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
        return Gathered(found=found, partial=len(in_time) < len(leads))

    def _is_outside(self, lead: Lead) -> bool:
        since, until = self.order.since, self.order.until
        if lead.is_sitemap:
            return backfill.sitemap_outside(lead, since, until)
        return bool((since and lead.older_than(since)) or (until and lead.newer_than(until)))

    def _is_wanted(self, lead: Lead) -> bool:
        if traps.is_trap(lead.url) or lead.is_sitemap:
            return lead.is_sitemap
        path = urlsplit(lead.url).path
        if self.order.profile and not self.order.profile.is_worth_a_look(lead, path, self.area):
            return False
        return bool(re.search(self.stories, path))

    def _unwanted(self, article: Article) -> Verdict | None:
        """Why an article is not kept: it lies outside the days asked for, or outside the profile."""
        since, until, profile = self.order.since, self.order.until, self.order.profile
        day = article.published.span if article.published else None
        if day and ((since and day.last < since) or (until and day.first > until)):
            return Verdict(outcome="not_wanted", reason=f"published {article.published}")
        if profile and not profile.wants(f"{article.title}\n{article.text}", self.area):
            reason = f"it has none of the words or places looked for ({profile.mark})"
            return Verdict(outcome="off_profile", reason=reason)
        return None


def _content_type(response: Response) -> str | None:
    told = response.headers.get("Content-Type")
    return told.decode("latin-1") if told else None


def _changed_layout(page: Page) -> Verdict | None:
    """The article is kept all the same, but a page that lacks both headline and body has a new layout."""
    if {"headline", "body"} <= set(page.missing):
        return Verdict(outcome="layout_changed", reason=f"sought and not found: {', '.join(page.missing)}")
    return None


def _only_begun(page: Page) -> Verdict | None:
    """What stands before a paywall is kept, for want of more."""
    if page.free or len(page.article.text) > _BEGINNING:
        return None
    return Verdict(outcome="paywalled", reason="only its beginning is free")


def _was_old(entry: Entry) -> bool:
    """Whether it had been published long before we found it."""
    published = str(entry.hints.get("published") or "")
    return bool(published) and PartialDate.parse(published).span.last < (entry.found_at - _STALE).date()
