"""Keep what was fetched: evidence first, then records, frontier and counts in one transaction.

Fetches finish faster than a disk syncs, so whatever has come in meanwhile is kept together: one sync of the
WARC and one commit for up to 32 pages. A page is acknowledged when its transaction is on the disk.
"""

import asyncio
import contextlib
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from crawler.harvest import Harvest, Origin
from crawler.outcomes import COUNTED_AS, LEFT, TEMPORARY, Outcome
from crawler.tally import LEADING
from storage import captures, frontier, hosts, runs
from storage.errors import NotNow, Unsettled
from storage.frontier import Answer, Entry
from storage.patience import patiently
from storage.records import Capture
from storage.runs import Count, Failure
from storage.store import Store
from storage.warc_writing import Batch, Writer

T = TypeVar("T")
_AT_ONCE = 32
_GATHERED = 8  # pages that are worth a sync and a commit at once
_PATIENCE = 0.5  # seconds to wait for so many, while others may come; a batch costs 3 ms of CPU


class Keeper:
    """The crawl's one writer; every write of the crawling process goes through its thread."""

    def __init__(self, store: Store, writer: Writer) -> None:
        self._store, self._writer = store, writer
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keep")
        self._expected: set[str] = set()  # addresses that are open: their pages may still come
        self._waiting: list[tuple[Harvest, asyncio.Future[Outcome]]] = []
        self._enough = asyncio.Event()
        self._draining: asyncio.Task[None] | None = None

    def expect(self, entries: Iterable[Entry]) -> None:
        """These addresses were claimed: each ends here, and is worth waiting for."""
        self._expected.update(entry.id for entry in entries)

    async def keep(self, harvest: Harvest) -> Outcome:
        """Keep it; the outcome, which is ``unchanged`` where all of it was known."""
        kept: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((harvest, kept))
        if self._has_enough():
            self._enough.set()
        if self._draining is None or self._draining.done():
            self._draining = asyncio.ensure_future(self._drain())
        return await kept

    async def write(self, function: Callable[[sa.Connection], T]) -> T:
        """Run a short write of the crawl's own (a claim) in its turn."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._store.write, function)

    async def read(self, function: Callable[[sa.Connection], T]) -> T:
        """Look something up; in the thread too, since a server that is away is waited for."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._store.read, function)

    async def leave_alone(self, host: str, until: dt.datetime) -> None:
        """Remember that a host asked not to be asked before a time."""
        await self.write(lambda connection: hosts.leave_alone(connection, host, until))

    def close(self) -> None:
        """Let the thread finish what it was given."""
        self._thread.shutdown(wait=True)

    def _has_enough(self) -> bool:
        """Whether waiting longer would save nothing: a batch is full, or nobody else is on the way."""
        return len(self._waiting) >= min(_GATHERED, len(self._expected))

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            self._enough.clear()
            if not self._has_enough():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._enough.wait(), _PATIENCE)
            some, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            self._expected.difference_update(one.entry.id for one, _ in some)
            answers = await loop.run_in_executor(self._thread, self._keep_apart, [one for one, _ in some])
            for (_, kept), answer in zip(some, answers, strict=True):
                if kept.cancelled():
                    continue
                if isinstance(answer, BaseException):
                    kept.set_exception(answer)
                else:
                    kept.set_result(answer)

    def _keep_apart(self, harvests: list[Harvest]) -> list[Outcome | Exception]:
        """All in one transaction; where that fails, each by itself, so that one cannot spoil the others.

        A server that is away is waited for; one that stays away does for all of them.
        """
        try:
            return [*patiently(lambda: self._keep(harvests), self._store.patience)]
        except (NotNow, Unsettled) as error:
            return [error] * len(harvests)
        except Exception as error:
            if len(harvests) == 1:
                return [error]
            return [answer for one in harvests for answer in self._keep_apart([one])]

    def _keep(self, harvests: list[Harvest]) -> list[Outcome]:
        with self._writer.batch() as batch:
            with self._store.reading() as connection:
                made = [_captured(connection, batch, harvest) for harvest in harvests]
            batch.sync()
            with self._store.writing() as connection:  # short: others wait for the writer's lock
                captures.save(connection, [capture for several in made for capture in several.new])
                outcomes = [_keep_one(connection, *each) for each in zip(harvests, made, strict=True)]
                _count(connection, harvests, outcomes)
        return outcomes


@dataclass(frozen=True, kw_only=True)
class _Captured:
    """The captures that were made of a harvest, and the one that its records were read from."""

    new: tuple[Capture, ...] = ()
    read: Capture | None = None


def _keep_one(connection: sa.Connection, harvest: Harvest, captured: _Captured) -> Outcome:
    outcome, gathered = harvest.verdict.outcome, harvest.gathered
    origin = Origin(
        source_id=harvest.entry.source_id,
        url=harvest.exchange.url if harvest.exchange else harvest.entry.url,
        capture_id=captured.read.id if captured.read else None,
        digest=harvest.digest,
        at=harvest.at,
    )
    news = [record.save(connection, origin) for record in gathered.keep]
    leads = frontier.add(connection, origin.source_id, gathered.found, at=harvest.at)
    if outcome == "done" and not (any(news) or leads):
        outcome = "unchanged"
    frontier.finish(connection, harvest.entry.id, _answer(harvest, outcome))
    if COUNTED_AS[outcome] == "failed":
        failure = Failure(
            what=harvest.entry.url,
            outcome=outcome,
            reason=harvest.verdict.reason,
            capture_id=origin.capture_id,
        )
        runs.fail(connection, harvest.run_id, failure, at=harvest.at)
    return outcome


def _count(connection: sa.Connection, harvests: list[Harvest], outcomes: list[Outcome]) -> None:
    met: dict[str, Counter[Count]] = defaultdict(Counter)
    for harvest, outcome in zip(harvests, outcomes, strict=True):
        met[harvest.run_id][COUNTED_AS[outcome]] += 1
    for run_id, counted in met.items():
        runs.count(connection, run_id, counted)


def _is_evidence(harvest: Harvest) -> bool:
    """Whatever gave something, and a page that is as it was; of feeds and listings that is no news."""
    page_again = harvest.verdict.outcome == "unchanged" and harvest.entry.kind not in LEADING
    return bool(harvest.gathered.keep or harvest.gathered.found) or page_again


def _captured(connection: sa.Connection, batch: Batch, harvest: Harvest) -> _Captured:
    if harvest.exchange is None or not _is_evidence(harvest):
        return _Captured()
    if harvest.exchange.status == 304:
        same = captures.latest(connection, harvest.exchange.url)
        if same is None:
            return _Captured()
    elif harvest.entry.fetched_at is None:
        same = None  # never fetched before; looking it up would cost more than a rare second copy
    else:
        same = captures.holding(connection, harvest.exchange.digest, harvest.exchange.url)
    fetched = batch.keep(harvest.exchange, same_as=same)
    if harvest.shown is None:
        return _Captured(new=(fetched,), read=fetched)
    if known := captures.holding(connection, harvest.shown.digest, harvest.shown.url):
        return _Captured(new=(fetched,), read=known)
    shown = batch.keep(harvest.shown, made_of=fetched)
    return _Captured(new=(fetched, shown), read=shown)


def _answer(harvest: Harvest, outcome: Outcome) -> Answer:
    return Answer(
        outcome=outcome,
        at=harvest.at,
        reason=harvest.verdict.reason or None,
        again=harvest.again,
        settled=outcome not in TEMPORARY,
        left=outcome in LEFT,
        etag=harvest.etag,
        last_modified=harvest.last_modified,
        digest=harvest.digest,
    )
