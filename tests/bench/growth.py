"""How the archive grows: the same questions and the same day's work on 10,000, 100,000 and 1,000,000 articles.

``ONRECORD_BENCH_SIZES`` (``10000,100000``) are the sizes, ``ONRECORD_TEST_POSTGRES`` names the server that is
measured beside SQLite, ``ONRECORD_BENCH_FOLDER`` keeps the files that were made there for the next run.

``search`` and ``other pages``: p95 in ms of the slowest kind at the server; ``new``: linking what is new, with everything that it is
compared with; ``written``: small transactions a second by four processes at once, each on the disk.
"""

import asyncio
import contextlib
import multiprocessing
import os
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

import sqlalchemy as sa

from archive.app import make_app
from archive.searches import Limits
from archive.site import Site
from linker import run as run_linker
from linker.stored.record import load_register
from storage import articles, changes, people
from storage.dates import PartialDate, utc_now
from storage.records import Article
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.bench import pages
from tests.bench.archive import p95, timed
from tests.bench.filled import Sizes, fill
from tests.bench.press import stories

_NEW = 200  # articles that a day brings
_WRITERS, _SECONDS = 4, 4.0
_PAGES = ("search", "other pages")
_ASKED = 20  # addresses of each kind


@dataclass(frozen=True, kw_only=True)
class Row:
    """One engine at one size; times in milliseconds, sizes in megabytes."""

    engine: str
    articles: int
    pages: dict[str, float]
    new: float
    written: float
    megabytes: float

    def __str__(self) -> str:
        told = "".join(f"{self.pages[kind]:12.0f}" for kind in _PAGES)
        return (
            f"{self.engine:12}{self.articles:>11,}{told}{self.new:>10.1f}{self.written:>11.0f}"
            f"{self.megabytes:>10,.0f}"
        )


def run() -> str:
    """The table, a row an engine and size."""
    sizes = [int(one) for one in (os.environ.get("ONRECORD_BENCH_SIZES") or "10000,100000").split(",")]
    server = os.environ.get("ONRECORD_TEST_POSTGRES")
    lines = [
        f"Growth, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; pages p95 in ms, {_NEW} new articles"
        " linked in s",
        f"{'':12}{'articles':>11}"
        + "".join(f"{kind:>12}" for kind in _PAGES)
        + f"{'new':>10}{'written':>11}{'MB':>10}",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("ONRECORD_BENCH_FOLDER") or scratch)
        for size in sizes:
            lines.append(str(_row("SQLite", str(folder / f"growth-{size}.db"), size)))
            if server:
                with _database(server, size) as address, contextlib.chdir(folder):
                    lines.append(str(_row("PostgreSQL", address, size)))
    return "\n".join(lines)


def _row(engine: str, address: str, size: int) -> Row:
    with Store.at(address, write=True) as store:
        with store.reading() as connection:
            empty = not changes.last(connection)
        if empty:
            fill(store, Sizes(articles=size, reports=size // 2, settings=10_000, words=150))
            with store.writing() as connection:
                changes.note(connection, "setting", ["setting-1"], utc_now())
            with open_indexer(store):  # which builds it
                pass
        return Row(
            engine=engine,
            articles=size,
            pages=_pages(store),
            new=_new(store),
            written=_written(address),
            megabytes=_megabytes(store),
        )


def _pages(store: Store) -> dict[str, float]:
    with store.writing() as connection:
        user = people.add_user(connection, f"bench {time.time_ns()}", "operator", at=utc_now())
        secret = people.start_session(connection, user, at=utc_now())
    site = Site(store=store, index=SearchIndex(store.place.index), limits=Limits(seconds=60))
    app = make_app(site, hosts=["127.0.0.1"])
    slowest = dict.fromkeys(_PAGES, 0.0)
    for kind, paths in pages.by_kind(store).items():
        walls, _, _ = asyncio.run(timed(app, paths[:_ASKED], secret))
        which = _PAGES[not kind.startswith("search")]
        slowest[which] = max(slowest[which], 1000 * p95(walls))
    return slowest


def _new(store: Store) -> float:
    """CPU seconds to link a day's articles, whatever they are compared with; once before, for what is kept."""
    list(run_linker.link_articles(store, at=utc_now()))
    with store.reading() as connection:
        register = load_register(connection)
    rng = random.Random(time.time_ns())
    with store.writing() as connection:
        for reading, _ in stories(rng, register, _NEW):
            article = Article(
                url=f"https://lantern.example/{uuid.uuid4().hex}",
                outlet="lantern.example",
                title=reading.title,
                text=reading.text,
                published=PartialDate.parse("2025-06-01"),
            )
            articles.save(connection, article, at=utc_now())
    begin = time.process_time()
    list(run_linker.link_articles(store, at=utc_now()))
    return time.process_time() - begin


def _written(address: str) -> float:
    context = multiprocessing.get_context("spawn")
    go, counted = context.Event(), context.Queue()
    writers = [context.Process(target=_write, args=(address, go, counted)) for _ in range(_WRITERS)]
    for one in writers:
        one.start()
    go.set()
    count = sum(counted.get() for _ in writers)
    for one in writers:
        one.join()
    return count / _SECONDS


def _write(address: str, go: Event, counted: "multiprocessing.Queue[int]") -> None:
    count = 0
    with Store.at(address, write=True) as store:
        go.wait()
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            with store.writing() as connection:
                changes.note(connection, "article", ["article-1"], utc_now())
            count += 1
    counted.put(count)


def _megabytes(store: Store) -> float:
    if store.place.path:
        return store.place.path.stat().st_size / 1e6
    with store.reading() as connection:
        size = connection.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database())))
    return float(size or 0) / 1e6


@contextlib.contextmanager
def _database(server: str, size: int) -> Iterator[str]:
    """An own database, dropped in the end."""
    name = f"onrecord_bench_{size}_{os.getpid()}"
    engine = sa.create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}"
        finally:
            connection.exec_driver_sql(f"drop database {name} with (force)")
    engine.dispose()
