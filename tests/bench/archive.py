"""The web archive over 100,000 articles and 50,000 reports: what each kind of page takes at the server.

One process answers every request, through the whole application: session, search, reading, template. A fixed
loop is timed beside, so that figures of machines can be compared: ``loops`` is the page's CPU in that loop's.
``ONRECORD_BENCH_FOLDER`` keeps the generated archive there for the next run.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from archive.app import make_app
from archive.recounting import recounting
from archive.searches import Limits
from archive.site import Site
from storage import changes, people
from storage.dates import utc_now
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.bench import pages
from tests.bench.filled import Sizes, fill

_LOOP = 300_000
_CHANGES = 20
_HOST = "127.0.0.1"
_Taken = tuple[list[float], list[float], int]


def run(sizes: Sizes | None = None) -> str:
    """The table of pages."""
    sizes = sizes or Sizes()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("ONRECORD_BENCH_FOLDER") or scratch)
        place = folder / f"archive-{sizes.articles}-{sizes.reports}.db"
        fresh = not place.exists()
        with Store.at(place, write=True) as store:
            if fresh:
                fill(store, sizes)
                with open_indexer(store):  # which builds it
                    pass
            return _table(store, sizes)


def _table(store: Store, sizes: Sizes) -> str:
    with store.writing() as connection:
        user = people.add_user(connection, f"bench {time.time_ns()}", "operator", at=utc_now())
        secret = people.start_session(connection, user, at=utc_now())
    index = SearchIndex(store.place.index)
    app = make_app(Site(store=store, index=index, limits=Limits(seconds=60)), hosts=[_HOST])
    loop = statistics.median(_loop() for _ in range(9))
    lines = [
        f"Pages at the server, one process: {sizes.articles:,} articles of {sizes.words} words,"
        f" {sizes.reports:,} reports, {sizes.settings:,} settings",
        f"the loop beside: {1000 * loop:.1f} ms CPU",
        f"{'':28}{'p50 ms':>9}{'p95 ms':>9}{'p50 CPU':>9}{'p95 CPU':>9}{'loops':>8}{'kB':>7}",
    ]
    with recounting(app.state.site):
        while "pairs" not in app.state.site.kept:  # the last that it counts at the start
            time.sleep(0.1)
        for name, paths in pages.by_kind(store).items():
            lines.append(_line(name, asyncio.run(timed(app, paths, secret)), loop))
        for path in pages.COUNTED:
            taken = asyncio.run(timed(app, [path] * _CHANGES, secret, before=lambda: _change(store)))
            lines.append(_line(f"{path}, after changes", taken, loop))
    return "\n".join(lines)


def _line(name: str, taken: _Taken, loop: float) -> str:
    walls, cpus, size = taken
    times = (statistics.median(walls), p95(walls), statistics.median(cpus), p95(cpus))
    told = "".join(f"{1000 * seconds:9.1f}" for seconds in times)
    return f"{name:28}{told}{p95(cpus) / loop:8.2f}{size / 1000:7.0f}"


def _change(store: Store) -> None:
    with store.writing() as connection:
        changes.note(connection, "article", ["article-1"], utc_now())


async def timed(
    app: Any, paths: list[str], secret: str, *, before: Callable[[], None] = lambda: None
) -> _Taken:
    """Wall and CPU seconds of each request inside the application, and the largest page.

    ``before``: what happens before each. CPU is the whole process's, the recounter's with it.
    """
    taken: list[tuple[float, float]] = []

    async def asked(
        scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        begin = time.perf_counter(), time.process_time()
        await app(scope, receive, send)
        taken.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))

    largest = 0
    transport = httpx.ASGITransport(app=asked)
    cookies = {"onrecord-session": secret}
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{_HOST}", cookies=cookies) as client:
        for path in (*paths[:3], *paths):
            before()
            answer = await client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            largest = max(largest, len(answer.content))
    return [wall for wall, _ in taken[3:]], [cpu for _, cpu in taken[3:]], largest


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[int(0.95 * len(values))]


def _loop() -> float:
    begin = time.process_time()
    total = 0
    for number in range(_LOOP):
        total += number * number % 7
    return time.process_time() - begin
