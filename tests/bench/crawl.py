"""A crawl of invented pages of real size over loopback, all on, beside what it is made of and beside others.

One process fetches and keeps for all readers, on the same cores. Profiled once over 100 pages it took about
10 ms of CPU a page beside 72 for reading: 5 for Scrapy's round of a request, 4 for evidence, records and
frontier, 1 for the pipes to the readers. A run's start (imports, a new archive) takes 3 s of CPU more, which
2,000 pages share and 200 feel.

news-please is asked only where ``ONRECORD_BENCH_NEWSPLEASE`` names the Python of an environment that has it:
its dependencies do not go together with ours. ``ONRECORD_BENCH_PAGES``: how many pages; 2,000 is full size.
"""

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.extract.html import read_page
from crawler.extract.pool import Pool
from crawler.orders import Order
from crawler.run import crawl
from storage.dates import utc_now
from tests.bench.crawled import HOST
from tests.crawler.extract.invented_pages import pages


@dataclass(frozen=True, kw_only=True)
class Row:
    """One way: pages a second, CPU ms a page of all its processes, and the most memory of them together."""

    name: str
    pages: int
    seconds: float
    cpu: float
    memory: int  # bytes, shared pages counted once


PAGES = int(os.environ.get("ONRECORD_BENCH_PAGES") or 600)


def run(count: int = PAGES) -> str:
    """The table; a tenth of the pages is enough for news-please."""
    with _served(count) as (port, number):
        made = [page.content for page in pages(rounds=(count + 11) // 12)][:number]
        ours = _measured("onrecord crawl, all on", number, lambda: _crawl(port))
        alone = _measured("  its extraction alone, in the pool", number, lambda: _extract(made))
        bare = _measured("  bare Scrapy, fetch only", number, lambda: _scrapy(port, number))
        others, said = _others(port, number)
    lines = [
        f"Crawl of {count} pages over loopback ({os.cpu_count()} cores)",
        f"{'':38}{'pages/s':>10}{'CPU ms':>10}{'MB':>8}",
        *(_line(row) for row in (ours, alone, bare, *others)),
        f"of the speed that extraction alone allows: {alone.seconds / ours.seconds:.2f} by the clock, "
        f"{alone.cpu / ours.cpu:.2f} by CPU{said}",
    ]
    return "\n".join(lines)


def _line(row: Row) -> str:
    speed, cpu = row.pages / row.seconds, 1000 * row.cpu / row.pages
    return f"{row.name:38}{speed:10.1f}{cpu:10.1f}{row.memory / 2**20:8.0f}"


@contextlib.contextmanager
def _served(count: int) -> Iterator[tuple[int, int]]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.crawled", str(count)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        port, number = server.stdout.readline().split()
        yield int(port), int(number)
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def _measured(name: str, number: int, work: Callable[[], None]) -> Row:
    """Time, CPU of this process and its ended children, and the memory of its children while it works."""
    most, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            most[0] = max(most[0], sum(_memory(one) for one in _below(os.getpid())))

    watcher, before = threading.Thread(target=watch), _cpu()
    watcher.start()
    begun = time.monotonic()
    try:
        work()
    finally:
        seconds = time.monotonic() - begun
        ended.set()
        watcher.join()
    return Row(name=name, pages=number, seconds=seconds, cpu=_cpu() - before, memory=most[0])


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _below(pid: int) -> Iterator[int]:
    """The processes below one, but for the server of the pages."""
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                if b"tests.bench.crawled" not in Path(f"/proc/{child}/cmdline").read_bytes():
                    yield child
                    yield from _below(child)


def _memory(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _crawl(port: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        order = Order(
            archive=f"{folder}/archive.db",
            sources=("bench_paper",),
            at=utc_now(),
            hosts={HOST: f"127.0.0.1:{port}"},
            modules=("tests.bench.crawled",),
        )
        (summary,) = crawl(order)
    if summary.counts.failed or summary.ending != "done":
        raise RuntimeError(f"the crawl failed: {summary}")


def _extract(made: list[bytes]) -> None:
    with Pool() as pool:
        for _ in pool.each(read_page, enumerate(made), telling=lambda _: (f"http://{HOST}/", "text/html")):
            pass


def _scrapy(port: int, number: int) -> None:
    code = f"""
        import scrapy
        from scrapy.crawler import AsyncCrawlerProcess
        class Bare(scrapy.Spider):
            name = "bare"
            async def start(self):
                for number in range({number}):
                    yield scrapy.Request(f"http://127.0.0.1:{port}/story/{{number}}")
            def parse(self, response):
                return {{"url": response.url}}
        process = AsyncCrawlerProcess({{"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
                                        "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False}})
        process.crawl(Bare)
        process.start()
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


def _others(port: int, number: int) -> tuple[list[Row], str]:
    python = os.environ.get("ONRECORD_BENCH_NEWSPLEASE")
    if not python:
        return [], "\nnews-please is left out: ONRECORD_BENCH_NEWSPLEASE names no Python that has it"
    some = max(number // 10, 20)
    code = f"""
        from newsplease import NewsPlease
        for number in range({some}):
            NewsPlease.from_url(f"http://127.0.0.1:{port}/story/{{number}}")
    """

    def ask() -> None:
        subprocess.run([python, "-c", textwrap.dedent(code)], check=True, capture_output=True)

    return [_measured("news-please", some, ask)], ""
