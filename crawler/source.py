"""The base of every source: fetch what the frontier holds, one harvest an address, and no empty success.

A source is a subclass that declares who it is (``title``, ``hosts`` …) and where it starts; for every kind
of address it has a method ``read_KIND(response, entry)`` that gives what the document holds.
"""

import asyncio
import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from typing import Any, ClassVar, Final, Self
from urllib.parse import urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import outcomes
from crawler.desk import Desk
from crawler.errors import CrawlFailed, ExtractionFailed, HostWaits, NoBrowser
from crawler.harvest import NOTHING, Gathered, Harvest
from crawler.orders import Order
from crawler.outcomes import COUNTED_AS, TEMPORARY, Outcome, Verdict
from crawler.reservations import reserved_by
from crawler.scripted.rendering import SCRIPTED, Rendering, exchange_of
from crawler.tally import Tally
from storage import frontier
from storage.addresses import host, is_on
from storage.errors import RefusedFile
from storage.frontier import Entry, Found
from storage.ids import digest_of
from storage.records import Source
from storage.warc import Exchange

SHOWN_TO: Final = ("nobody", "newsroom", "public")
_OPEN_AT_ONCE = 48  # claimed addresses: being fetched (16 at most), read, or waiting to be kept together
_CLAIMED_AT_ONCE = 16  # at least, where so many wait: each claim is a commit


class SourceSpider(scrapy.Spider):
    """One source. Subclasses declare; nothing else has to be written for a source on a known platform."""

    kind: ClassVar[str]  # news, register, reports
    title: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]  # whose pages are the source's; the first is its home
    area: ClassVar[tuple[str, ...]] = ()  # the authorities it covers
    regulator: ClassVar[str | None] = None
    terms: ClassVar[str | None] = None  # where its terms stand, or what they are called
    shown_to: ClassVar[str] = "newsroom"  # one of SHOWN_TO
    needs_key: ClassVar[str | None] = None  # its key in the environment; see crawler.keys
    revisited: ClassVar[tuple[str, ...]] = ()  # kinds of address that a revisit fetches again
    budget: ClassVar[int] = 2000  # addresses a run
    deepest: ClassVar[int] = 4  # links from a start; calendars and facets go on for ever
    javascript: ClassVar[bool] = False  # only scripts fill its pages: a browser shows them
    deadline: ClassVar[int] = 60  # seconds for a whole answer, however slowly it drips

    def __init__(self, *args: Any, desk: Desk, run_id: str, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk, self.run_id, self.order = desk, run_id, order
        self.ended: Counter[Outcome] = Counter()
        self.tally = Tally()
        self.fault: str | None = None  # why the run could not go on
        self._rendering: Rendering | None = None
        self._open: set[str] = set()
        self._faults: set[asyncio.Future[None]] = set()
        self._claimed = 0
        self._one_ended = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Listens for faults in its own parsing, so that no address is left open."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._our_fault, signal=signals.spider_error)
        if cls.javascript:
            spider._rendering = Rendering(crawler, spider.desk.browser, spider.covers)
        return spider

    @classmethod
    def declared(cls) -> Source:
        """The record of the source."""
        return Source(
            name=cls.name,
            kind=cls.kind,
            title=cls.title,
            home=f"https://{cls.hosts[0]}/",
            regulator=cls.regulator,
            area=", ".join(cls.area) or None,
            terms=cls.terms,
            shown_to=cls.shown_to,
        )

    @classmethod
    def starts(cls) -> list[Found]:
        """The addresses that every run looks at again."""
        raise NotImplementedError

    @classmethod
    def starts_of(cls, order: Order) -> list[Found]:
        """The addresses that this run looks at again: of a sample the first of each kind."""
        starts = cls.starts_between(order.since, order.until) if order.since and order.until else cls.starts()
        return list({start.kind: start for start in reversed(starts)}.values()) if order.sample else starts

    @classmethod
    def starts_between(cls, since: dt.date, until: dt.date) -> list[Found]:
        """Where a back-fill begins; by default where every run does."""
        return cls.starts()

    @classmethod
    def covers(cls, url: str) -> bool:
        """Whether an address is on one of the source's hosts."""
        return is_on(url, cls.hosts)

    async def start(self) -> AsyncIterator[Request]:
        """Requests for whatever is due, until nothing is due and nothing is open."""
        while self.fault is None and (entries := await self._claim()):
            for entry in entries:
                yield self.request(entry)
            while len(self._open) > _OPEN_AT_ONCE - _CLAIMED_AT_ONCE:
                await self._next_end()

    def request(self, entry: Entry) -> Request:
        """The request for a claimed address; conditional where it was fetched before."""
        headers = {}
        if entry.etag:
            headers["If-None-Match"] = entry.etag
        if entry.last_modified:
            headers["If-Modified-Since"] = entry.last_modified
        return Request(
            entry.url,
            callback=self.answered,
            errback=self.missed,
            cb_kwargs={"entry": entry},
            headers=headers,
            meta={"download_timeout": self.deadline},
            priority=-entry.depth,
        )

    async def answered(self, response: Response, entry: Entry) -> AsyncIterator[Harvest]:
        """Judge the answer; read it where there is something to read."""
        verdict = outcomes.of_response(response.status, response.body) or _reservation(response)
        if not self.covers(response.url):
            verdict = Verdict(outcome="elsewhere", reason=f"it redirects to {host(response.url)}")
        elif verdict is None and _is_front(response.url) and not _is_front(entry.url):
            verdict = Verdict(outcome="gone", reason="it redirects to the front page")
        elif verdict is None and entry.digest and digest_of(response.body) == entry.digest:
            verdict = Verdict(outcome="unchanged", reason="the same bytes as before")
        shown = None
        if verdict is None and self._rendering and entry.kind in SCRIPTED:
            try:
                shown = await self._rendering.shown(response)
                verdict = outcomes.of_response(shown.status, shown.body) or _reservation(shown)
            except (ExtractionFailed, NoBrowser) as error:
                verdict = outcomes.of_unreadable(response.body, error, scripted=True)
        gathered = self.of_verdict(verdict, entry) if verdict else NOTHING
        if verdict is None:
            try:
                gathered = await getattr(self, f"read_{entry.kind}")(shown or response, entry)
                verdict = gathered.verdict or Verdict(outcome="done", reason="")
            except (ExtractionFailed, RefusedFile) as error:
                verdict = outcomes.of_unreadable(response.body, error, scripted=shown is not None)
                gathered = self.of_verdict(verdict, entry)
        if self.order.sample:
            gathered = dataclasses.replace(gathered, found=gathered.found[:1])
        yield self._harvest(entry, verdict, response, gathered, shown=shown)

    def missed(self, failure: Failure) -> Iterable[Harvest]:
        """What became of a fetch without an answer."""
        entry: Entry = failure.request.cb_kwargs["entry"]  # type: ignore[attr-defined]
        fault = _raised(failure)
        again = fault.until if isinstance(fault, HostWaits) else None
        yield self._harvest(entry, outcomes.of_fault(fault), again=again)

    def of_verdict(self, verdict: Verdict, entry: Entry) -> Gathered:
        """What is to be kept of an answer that is not read; a paper notes that an article is gone."""
        return NOTHING

    def again(self, entry: Entry, outcome: Outcome) -> dt.datetime | None:
        """When to fetch the address again; by default only what may be different tomorrow."""
        return frontier.next_try(entry.attempts, self.desk.at) if outcome in TEMPORARY else None

    def finished(self, entry: Entry, outcome: Outcome) -> None:
        """Called when the address is finished in the archive."""
        self._open.discard(entry.id)
        self.ended[outcome] += 1
        self.desk.told(self.name, outcome)
        self._one_ended.set()

    def _harvest(
        self,
        entry: Entry,
        verdict: Verdict,
        response: Response | None = None,
        gathered: Gathered = NOTHING,
        *,
        again: dt.datetime | None = None,
        shown: Response | None = None,
    ) -> Harvest:
        exchange: Exchange | None = response.meta.get("as_sent") if response else None
        whole = response if response and response.status == 200 and not gathered.partial else None
        # What failed is read again though its bytes stay the same: a broken feed must not become "unchanged".
        # And of the same bytes scripts may make another page.
        whole = None if shown or COUNTED_AS[verdict.outcome] == "failed" else whole
        told = whole.headers.get if whole else lambda _: None
        return Harvest(
            entry=entry,
            run_id=self.run_id,
            verdict=verdict,
            at=self.desk.at,
            exchange=self._own(exchange),
            shown=self._own(exchange_of(shown)) if shown else None,
            digest=digest_of(whole.body) if whole else None,
            gathered=gathered,
            again=again or self.again(entry, verdict.outcome),
            etag=_header(told("ETag")),
            last_modified=_header(told("Last-Modified")),
        )

    def _own(self, exchange: Exchange | None) -> Exchange | None:
        return exchange and dataclasses.replace(exchange, source_id=self.name, run_id=self.run_id)

    async def _claim(self) -> list[Entry]:
        """The next addresses; waits for open ones, which may lead to more. Empty at the end."""
        while True:
            self._one_ended.clear()
            room = min(_OPEN_AT_ONCE - len(self._open), self.budget - self._claimed)
            entries = await self._claimed_now(room) if room > 0 else []
            if entries or not (self._open or self._one_ended.is_set()):
                break
            await self._one_ended.wait()  # also for one that ended while we looked, and may have led to more
        self._claimed += len(entries)
        self._open |= {entry.id for entry in entries}
        self.desk.keeper.expect(entries)
        return entries

    async def _claimed_now(self, room: int) -> list[Entry]:
        name, at, keeper = self.name, self.desk.at, self.desk.keeper
        try:
            if not await keeper.read(lambda connection: frontier.waiting(connection, name, at=at)):
                return []
            return await keeper.write(
                lambda connection: frontier.claim(connection, name, self.run_id, limit=room, at=at)
            )
        except Exception as error:  # a busy archive, a full disk: the frontier keeps its place
            self.give_up(error)
            return []

    def give_up(self, error: Exception) -> None:
        """Nothing can be written: claim no more, and say why; what is open goes back with the next run."""
        self.fault = self.fault or f"{type(error).__name__}: {error}".split("\n", 1)[0]

    async def _next_end(self) -> None:
        self._one_ended.clear()
        await self._one_ended.wait()

    def _our_fault(self, failure: Failure, response: Response | Failure) -> None:
        """Our own parsing failed: the address ends as such, visible, and the crawl goes on."""
        request = getattr(response, "request", None)
        if request is None or "entry" not in request.cb_kwargs:
            return
        entry: Entry = request.cb_kwargs["entry"]
        harvest = self._harvest(entry, outcomes.of_fault(_raised(failure)))

        async def keep() -> None:
            outcome = harvest.verdict.outcome
            try:
                outcome = await self.desk.keeper.keep(harvest)
            except Exception as error:
                self.give_up(error)
            self.tally.add(harvest, outcome)
            self.finished(entry, outcome)

        task = asyncio.ensure_future(keep())
        self._faults.add(task)
        task.add_done_callback(self._faults.discard)


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def _reservation(response: Response) -> Verdict | None:
    exchange: Exchange = response.meta["as_sent"]
    reason = reserved_by(exchange.headers, response.body)
    return Verdict(outcome="reserved", reason=reason) if reason else None


def _raised(failure: Failure) -> BaseException:
    fault = failure.value or CrawlFailed("it failed without saying why")
    fault.__traceback__ = fault.__cause__ = fault.__context__ = None  # their frames hold what was fetched
    return fault


def _header(value: bytes | None) -> str | None:
    return value.decode("latin-1") if value else None
