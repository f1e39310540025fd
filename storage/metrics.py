"""What can be counted of an archive, as Prometheus reads it: read from the store at each scrape, never kept.

Numbers and names of sources and jobs only: no title, address or person.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Metric, ProcessCollector, generate_latest, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from storage import alarms, changes, failures, health, jobs
from storage.dates import utc_now
from storage.schema.crawl import frontier, runs, sources
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import settings
from storage.search import comparing
from storage.search.folder import IndexFolder
from storage.store import Store

_COUNTED: Final = ("fetched", "stored", "duplicate", "refused", "failed")


def exposition(store: Store) -> bytes:
    """Every figure now, in the text format."""
    return generate_latest(_registry(store))


def write(store: Store, path: Path) -> None:
    """Write them to a file, whole or not at all, for a node's exporter to pick up."""
    write_to_textfile(str(path), _registry(store))


def _registry(store: Store) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Archive(store))
    ProcessCollector(registry=registry)
    return registry


@dataclass(frozen=True)
class _Archive(Collector):
    store: Store

    def collect(self) -> Iterator[Metric]:
        """The archive's figures."""
        with self.store.reading() as connection:
            for figures in _FIGURES:
                yield from figures(connection, self.store)


def _holdings(connection: sa.Connection, _: Store) -> Iterator[Metric]:
    """What an order holds back is counted nowhere."""
    held = _gauge("holdings", "Records in the archive.", "what")
    open_ones = articles.c.restriction.is_(None)
    asserted = sa.select(links.c.id).join(articles).where(links.c.status == "linked", links.c.rank.is_(None))
    for name, query in (
        ("articles", sa.select(articles.c.id).where(open_ones)),
        ("links", asserted.where(open_ones)),
        ("settings", sa.select(settings.c.id)),
    ):
        held.add_metric(
            [name], connection.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
        )
    yield held


def _pages(connection: sa.Connection, _: Store) -> Iterator[Metric]:
    """Fetched is the sum of the others, always."""
    pages = CounterMetricFamily("onrecord_pages", "What became of what was fetched.", labels=["outcome"])
    sums = [sa.func.coalesce(sa.func.sum(runs.c[name]), 0) for name in _COUNTED]
    for name, number in zip(_COUNTED, connection.execute(sa.select(*sums)).one(), strict=True):
        pages.add_metric([name], number)
    yield pages


def _sources(connection: sa.Connection, _: Store) -> Iterator[Metric]:
    last = _gauge("source_last_crawl_timestamp_seconds", "When a crawl of it last ended well.", "source")
    done = sa.select(runs.c.source_id, sa.func.max(runs.c.ended)).where(
        runs.c.kind == "crawl", runs.c.outcome == "done", runs.c.source_id.is_not(None)
    )
    for name, ended in connection.execute(done.group_by(runs.c.source_id)):
        last.add_metric([name], _seconds(ended))
    raised = _gauge("source_alarms", "What is wrong with it, for the second time.", "source")
    found = [alarm.source_id for alarm in alarms.raised(connection)]
    for name in connection.scalars(sa.select(sources.c.id).where(sources.c.enabled)):
        raised.add_metric([name], found.count(name))
    yield last
    yield raised
    due = (frontier.c.state == "waiting") & (frontier.c.due <= utc_now())
    waiting = connection.scalar(sa.select(sa.func.count()).select_from(frontier).where(due))
    yield _gauge("frontier_due", "Addresses that wait to be fetched.", value=waiting or 0)
    yield _gauge("failures", "Pages that gave nothing, unsettled.", value=failures.count(connection))


def _jobs(connection: sa.Connection, _: Store) -> Iterator[Metric]:
    due = _gauge("job_due_timestamp_seconds", "When it is due.", "job")
    ended = _gauge("job_last_end_timestamp_seconds", "When it last ended.", "job")
    failed = _gauge("job_failures", "Failures in a row.", "job")
    done = CounterMetricFamily("onrecord_job_runs", "How often it was done.", labels=["job"])
    for job in jobs.listed(connection):
        due.add_metric([job.id], _seconds(job.due))
        failed.add_metric([job.id], job.failures)
        done.add_metric([job.id], job.runs)
        if job.ended:
            ended.add_metric([job.id], _seconds(job.ended))
    yield from (due, ended, failed, done)


def _room(connection: sa.Connection, store: Store) -> Iterator[Metric]:
    yield _gauge("disk_free_bytes", "Where the archive lies.", value=health.room(store.place))
    yield _gauge("wal_bytes", "The write-ahead log.", value=health.log_size(store.place))
    behind = changes.last(connection) - comparing.held_in(IndexFolder(store.place.index))
    yield _gauge("index_behind", "Changes that the search index does not hold yet.", value=max(behind, 0))


def _gauge(name: str, told: str, *labels: str, value: float | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"onrecord_{name}", told, value=value, labels=labels or None)


def _seconds(at: dt.datetime) -> float:
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)  # an aggregate has lost its column's type
    return at.timestamp()


_FIGURES: Final[tuple[Callable[[sa.Connection, Store], Iterator[Metric]], ...]] = (
    _holdings,
    _pages,
    _sources,
    _jobs,
    _room,
)
