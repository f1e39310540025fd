"""The web archive over 100,000 articles and 50,000 reports: what each kind of page takes at the server.

One process answers every request, through the whole application: session, search, reading, template. A fixed
loop is timed beside, so that figures of machines can be compared: ``loops`` is the page's CPU in that loop's.
``ONRECORD_BENCH_FOLDER`` keeps the generated archive there for the next run.
"""

import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from archive.app import make_app
from archive.searches import Limits
from archive.site import Site
from storage import people
from storage.dates import utc_now
from storage.schema.base import metadata
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.bench.filled import Sizes, fill

_EACH = 60
_LOOP = 300_000
_HOST = "127.0.0.1"


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
        f"{'':24}{'p50 ms':>9}{'p95 ms':>9}{'p95 CPU':>9}{'loops':>8}{'kB':>7}",
    ]
    for name, paths in _pages(store, random.Random(7)).items():
        walls, cpus, size = asyncio.run(_timed(app, paths, secret))
        cpu = _p95(cpus)
        lines.append(
            f"{name:24}{1000 * statistics.median(walls):9.1f}{1000 * _p95(walls):9.1f}{1000 * cpu:9.1f}"
            f"{cpu / loop:8.2f}{size / 1000:7.0f}"
        )
    return "\n".join(lines)


def _pages(store: Store, rng: random.Random) -> dict[str, list[str]]:
    """Addresses by kind of page."""
    ids = {name: _ids(store, name, rng) for name in ("articles", "settings", "providers", "inspections")}
    index = SearchIndex(store.place.index)._index().searcher()
    words = [word for word, _ in index.terms_with_prefix("plain", "", limit=4_000)]
    rare = [word for word in words[1_000:] if len(word) > 3]
    pair: Callable[[], str] = lambda: f"{rng.choice(words[:400])}+{rng.choice(rare)}"  # noqa: E731
    kinds: dict[str, Callable[[], str]] = {
        "search, one word": lambda: f"/search?q={rng.choice(rare)}",
        "search, a frequent word": lambda: f"/search?q={rng.choice(words[:30])}",
        "search, two words": lambda: f"/search?q={pair()}",
        "search, OR and fields": lambda: (
            f"/search?q=({pair().replace('+', '+OR+')})+judgement:good+after:2019"
        ),
        "search, two facets": lambda: (
            f"/search?q={rng.choice(words[:400])}&judgement=Good&judgement=Inadequate"
            f"&region=Region+{rng.randrange(9)}"
        ),
        "search, newest": lambda: (
            f"/search?q={rng.choice(words[:400])}&sort=newest&page={rng.randrange(1, 40)}"
        ),
        "search, a beginning": lambda: f"/search?q={rng.choice(rare)[:3]}*",
        "search, misspelt": lambda: f"/search?q={_misspelt(rng, rng.choice(rare))}",
        "search, everything": lambda: f"/search?page={rng.randrange(1, 20)}",
        "values of a facet": lambda: f"/search/values?facet=provider&q={rng.choice(words[:400])}",
        "home": lambda: "/",
        "article": lambda: f"/articles/{rng.choice(ids['articles'])}",
        "setting": lambda: f"/settings/{rng.choice(ids['settings'])}",
        "provider": lambda: f"/providers/{rng.choice(ids['providers'])}",
        "inspection": lambda: f"/inspections/{rng.choice(ids['inspections'])}",
    }
    return {name: [make() for _ in range(_EACH)] for name, make in kinds.items()}


def _ids(store: Store, table: str, rng: random.Random) -> list[str]:
    ids = metadata.tables[table].c.id
    with store.reading() as connection:
        every = list(connection.scalars(sa.select(ids)))
    return rng.sample(every, _EACH)


def _misspelt(rng: random.Random, word: str) -> str:
    place = rng.randrange(1, len(word))
    return word[:place] + rng.choice("qxz") + word[place:]


async def _timed(app: Any, paths: list[str], secret: str) -> tuple[list[float], list[float], int]:
    """Wall and CPU seconds of each request inside the application, and the largest page."""
    taken: list[tuple[float, float]] = []

    async def timed(
        scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        begin = time.perf_counter(), time.process_time()
        await app(scope, receive, send)
        taken.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))

    largest = 0
    transport = httpx.ASGITransport(app=timed)
    cookies = {"onrecord-session": secret}
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{_HOST}", cookies=cookies) as client:
        for path in (*paths[:3], *paths):
            answer = await client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path}: {answer.status_code}")
            largest = max(largest, len(answer.content))
    return [wall for wall, _ in taken[3:]], [cpu for _, cpu in taken[3:]], largest


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]


def _loop() -> float:
    begin = time.process_time()
    total = 0
    for number in range(_LOOP):
        total += number * number % 7
    return time.process_time() - begin
