"""The crawling process: takes an order from standard input, crawls, and tells what happens as JSON lines."""

import dataclasses
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler import watching
from crawler.courtesy import Courtesy
from crawler.desk import Desk
from crawler.extract.pool import Pool
from crawler.keeping import Keeper
from crawler.orders import Order, Summary
from crawler.scripted.browser import Browser
from crawler.scripted.rendering import SCRIPTED
from crawler.source import SourceSpider
from crawler.sources import chosen, crawl_settings, known_sources
from storage import captures, frontier, hosts, logs, runs, schedule, sources
from storage.alarms import Concern
from storage.dates import utc_now
from storage.errors import OnRecordError, ServerAway
from storage.evidence import EvidenceFolder
from storage.patience import patiently
from storage.runs import Counts, Ending
from storage.store import Store

_TOLD_ELSEWHERE = ("scrapy.core.scraper", "scrapy.downloadermiddlewares.httpcompression")
"""Loggers of faults that end as outcomes; a site that is down is no traceback."""
_PATIENCE = 600.0  # seconds that a server may be away; what is open meanwhile is some 48 pages
_ANOTHER_CRAWL = 10.0  # seconds that a killed one needs at most to be gone


@dataclass(frozen=True, kw_only=True)
class _Run:
    """A source that is being crawled."""

    id: str
    spider: type[SourceSpider]


def main() -> None:
    """Take the order, crawl, tell; an expected fault is told in one line."""
    order = Order.from_json(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        # What becomes of pages is told by the summary; a log of it is for who asks.
        logs.set_up(ours=logging.WARNING, libraries=logging.ERROR)
        _crawl(order)
    except ServerAway as error:
        _tell(away=error.reason)
    except OnRecordError as error:
        _tell(failed=str(error))
    except OSError as error:
        _tell(failed=f"{error.filename or 'the archive'}: {error.strerror or error}")
    except sa.exc.DBAPIError as error:
        _tell(failed=f"the archive cannot be written ({error.orig}); what was kept is kept, repeat to go on")


def _crawl(order: Order) -> None:
    settings = crawl_settings(order.modules)
    known = chosen(known_sources(settings, order.folders), order.sources)
    _adapt(settings, order)
    with ExitStack() as stack:
        store = stack.enter_context(patiently(lambda: _opened(order), _PATIENCE))
        folder = EvidenceFolder.of(store.place)
        free = stack.enter_context(_alone(store, known))
        folder.recover(store.read(captures.ends))
        writer = stack.enter_context(folder.writer(at=utc_now()))
        keeper = Keeper(store, writer)
        stack.callback(keeper.close)
        waits = store.read(lambda connection: hosts.waits(connection, at=order.at))
        browser = Browser(order.browser)
        stack.callback(browser.kill)
        desk = Desk(
            store=store,
            keeper=keeper,
            pool=stack.enter_context(Pool()),
            courtesy=Courtesy(
                at=order.at, served=settings["ONRECORD_HOSTS"], waits=waits, note=keeper.leave_alone
            ),
            browser=browser,
            at=order.at,
            told=lambda source, outcome: _tell(source=source, ended=outcome),
        )
        begun = [_begin(store, spider, order, browser) for spider in free.values()]
        process = AsyncCrawlerProcess(settings)
        for name in _TOLD_ELSEWHERE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        crawlers = [(run, process.create_crawler(run.spider)) for run in begun]
        for run, crawler in crawlers:
            process.crawl(crawler, desk=desk, run_id=run.id, order=order)
        process.start()
        for run, crawler in crawlers:
            finished = crawler.stats is not None and crawler.stats.get_value("finish_reason") == "finished"
            _end(store, run, "done" if finished else "stopped", crawler.spider, order)
    for name in known.keys() - free.keys():
        reason = "another crawl of it is going on"
        _tell(summary=Summary(source=name, ending="failed", counts=Counts(), reason=reason))


def _opened(order: Order) -> Store:
    return Store.at(order.archive, write=True, evidence=order.evidence, patience=_PATIENCE)


def _adapt(settings: Settings, order: Order) -> None:
    """Name the contact, and the hosts that we serve ourselves."""
    if order.contact:
        agent = f"{settings['USER_AGENT']} +{order.contact}"
        settings.set("USER_AGENT", agent, priority="cmdline")
    served = {name.lower(): address.rsplit(":", 1) for name, address in order.hosts.items()}
    where = {name: (ip, int(port)) for name, (ip, port) in served.items()}
    settings.set("ONRECORD_HOSTS", where, priority="cmdline")


@contextmanager
def _alone(store: Store, known: Mapping[str, type[SourceSpider]]) -> Iterator[dict[str, type[SourceSpider]]]:
    """The sources that no other process is crawling, held for this one."""
    with ExitStack() as stack:
        yield {
            name: spider
            for name, spider in known.items()
            if stack.enter_context(store.alone(f"crawl-{name}", wait=_ANOTHER_CRAWL))
        }


def _begin(store: Store, spider: type[SourceSpider], order: Order, browser: Browser) -> _Run:
    """Begin the run: what a killed one had claimed goes back, and the starts are due."""

    def begin(connection: sa.Connection) -> str:
        sources.save(connection, spider.declared())
        run_id = runs.begin(connection, "crawl", spider.name, at=utc_now())
        frontier.give_back(connection, spider.name)
        frontier.mend(connection, spider.name, at=order.at)
        frontier.begin_at(connection, spider.name, spider.starts_of(order), at=order.at)
        frontier.reconsider(connection, spider.name, except_for=order.profile.mark, at=order.at)
        if order.until:  # what was too old for another run
            frontier.make_due(connection, spider.name, ["article"], at=order.at, outcome="not_wanted")
        if spider.javascript and not browser.missing:  # what there was no browser for
            frontier.make_due(connection, spider.name, SCRIPTED, at=order.at, outcome="needs_javascript")
        if order.revisit:
            frontier.make_due(connection, spider.name, spider.revisited, at=order.at)
        return run_id

    return _Run(id=store.write(begin), spider=spider)


def _end(store: Store, run: _Run, ending: Ending, spider: Any, order: Order) -> None:
    ended = {str(outcome): number for outcome, number in spider.ended.most_common()} if spider else {}
    fault = spider.fault if spider else "the source could not be started"
    told: dict[str, Any] = {"outcomes": ended} | ({"fault": fault} if fault else {})
    if fault:
        ending = "failed"

    def end(connection: sa.Connection) -> tuple[Counts, int, list[Concern]]:
        detail, alarms = told, list[Concern]()
        if spider and not order.sample and not order.until:  # a run like every other
            seen = spider.tally.seen(order.at)
            concerns, alarms = watching.after_run(connection, run.spider.name, seen, fault=fault, at=order.at)
            detail = told | {"seen": seen, "concerns": [one.reason for one in concerns]}
            schedule.looked(connection, run.spider.name, found_new="done" in seen["pages"], at=order.at)
        waiting = frontier.waiting(connection, run.spider.name, at=order.at)
        return runs.end(connection, run.id, ending, at=utc_now(), detail=detail), waiting, alarms

    counts, waiting, alarms = store.write(end)
    summary = Summary(
        source=run.spider.name,
        ending=ending,
        counts=counts,
        outcomes=ended,
        reason=fault,
        waiting=waiting,
        alarms=tuple(alarm.reason for alarm in alarms),
    )
    ended_by = {"job": f"crawl {summary.source}", "outcome": ending}
    logs.logger("crawler.process").info("crawl ended", **ended_by, **dataclasses.asdict(counts))
    _tell(summary=summary)


def _tell(**said: Any) -> None:
    line = json.dumps(said, default=dataclasses.asdict)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    """A crawl whose parent is gone would hold the sources against the next one."""
    while sys.stdin.read(1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
