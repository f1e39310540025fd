"""Hosts that stall, drip or never end beside good ones: every good page is stored, each bad slot is freed in time.

``ONRECORD_TEST_HOSTS`` says how many good hosts there are, with a tenth as many bad, which are then waited
for as long as a source is by default: 1,000 is full size.
"""

import itertools
import os
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from crawler.orders import Order, Summary
from crawler.run import crawl
from crawler.source import SourceSpider
from tests.crawler.small_web import Raw, Site, serving
from tests.crawler.test_breakages import AT, a_story
from tests.engines import ON_SQLITE, Fresh

FULL = bool(os.environ.get("ONRECORD_TEST_HOSTS"))
GOOD = int(os.environ.get("ONRECORD_TEST_HOSTS") or 12)
BAD = max(4, GOOD // 10)
DEADLINE = SourceSpider.deadline if FULL else 3
MOST_SECONDS = 60 if FULL else 3
MOST_MORE = 50 * 2**20  # bytes
SOURCE = '''"""{name}."""

from crawler.platforms.wordpress import WordPress


class Paper(WordPress):
    name = title = {name!r}
    hosts = ("www.{name}.example",)
    feeds = ("http://www.{name}.example/{name}/feed/",)
    deadline = {deadline}
'''


class Hostile:
    """Begins an answer and never ends it; ``held``: for how many seconds each asker waited."""

    def __init__(self, begins: bytes, goes_on: bytes) -> None:
        self.begins, self.goes_on = begins, goes_on
        self.held: list[float] = []

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        begun = time.monotonic()
        with suppress(OSError):
            handler.wfile.write(self.begins)
            while time.monotonic() < begun + DEADLINE + 20 and not hung_up(handler):
                handler.wfile.write(self.goes_on)
        self.held.append(time.monotonic() - begun)


def hung_up(handler: BaseHTTPRequestHandler) -> bool:
    """Whether the asker is gone; waits a second for it."""
    readable, _, _ = select.select([handler.connection], [], [], 1.0)
    return bool(readable) and not handler.connection.recv(1024)


HEAD = b"HTTP/1.1 200 OK\r\n"
HOSTILE: dict[str, Hostile] = {
    "stalls": Hostile(b"", b""),
    "stops": Hostile(HEAD + b"Content-Length: 100000\r\n\r\n<html>", b""),
    "drips": Hostile(HEAD + b"Content-Type: text/html\r\n\r\n", b"<"),
    "heads": Hostile(HEAD, b"X-More: y\r\n"),
}


def a_feed(name: str, *numbers: int) -> bytes:
    items = "".join(
        f"<item><title>Story {n}</title><link>http://www.{name}.example/{name}/{n}/</link></item>"
        for n in numbers
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()
    )


@contextmanager
def web(good: list[str], bad: list[str]) -> Iterator[dict[str, Site]]:
    """One server for all good hosts and one for all bad ones; each source's pages lie below its name."""
    pages: dict[str, bytes | Raw] = {}
    for name in good + bad:
        pages |= {
            f"/{name}/feed/": a_feed(name, *([1, 2] if name in bad else [1])),
            f"/{name}/1/": a_story(1),
        }
    for name, how in zip(bad, itertools.cycle(HOSTILE.values()), strict=False):
        pages |= {f"/{name}/1/": how, f"/{name}/2/": a_story(2)}
    with serving(Site(dict(pages))) as one, serving(Site(dict(pages))) as other:
        yield dict.fromkeys(good, one) | dict.fromkeys(bad, other)


def crawled(fresh: Fresh, folder: Path, sites: dict[str, Site]) -> tuple[dict[str, Summary], int]:
    """What became of each source, and the most memory (bytes) that the crawling process held."""
    (folder / "sources").mkdir(parents=True)
    for name in sites:
        (folder / "sources" / f"{name}.py").write_text(SOURCE.format(name=name, deadline=DEADLINE))
    archive = fresh.copy(folder)
    order = Order(
        archive=str(archive),
        evidence=str(folder / "evidence"),
        sources=tuple(sites),
        at=AT,
        hosts={f"www.{name}.example": site.address for name, site in sites.items()},
        folders=(str(folder / "sources"),),
    )
    with watched() as peak:
        ended = {one.source: one for one in crawl(order)}
    fresh.drop(archive)
    return ended, peak[0]


@contextmanager
def watched() -> Iterator[list[int]]:
    """The most memory that a child of this thread has held so far, in bytes."""
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    peak, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            for child in children.read_text().split():
                with suppress(OSError, StopIteration):
                    lines = Path(f"/proc/{child}/status").read_text().splitlines()
                    told = next(line for line in lines if line.startswith("VmHWM:"))
                    peak[0] = max(peak[0], int(told.split()[1]) * 1024)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_hosts_that_never_end_hold_up_no_other(fresh: Fresh, tmp_path: Path) -> None:
    good, bad = [f"good_{n}" for n in range(GOOD)], [f"bad_{n}" for n in range(BAD)]
    with web(good, bad) as sites:
        alone, before = crawled(fresh, tmp_path / "alone", {name: sites[name] for name in good})
        ended, after = crawled(fresh, tmp_path / "among", sites)
    stored = {name: {"done": 2} for name in good}
    assert {name: alone[name].outcomes for name in good} == stored
    assert {name: ended[name].outcomes for name in good} == stored
    assert {name: ended[name].outcomes for name in bad} == {
        name: {"done": 2, "unreachable": 1} for name in bad
    }
    assert all(sites[name].asked[f"/{name}/1/"] <= 3 for name in bad)
    held = [seconds for how in HOSTILE.values() for seconds in how.held]
    assert len(held) == 3 * BAD
    assert max(held) <= MOST_SECONDS + 1.5, "a second to notice that it was hung up on"
    assert after - before <= MOST_MORE
