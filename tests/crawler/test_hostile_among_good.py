"""Hosts that stall, drip or never end beside good ones: every good page is stored, and each bad one has its name.

``ONRECORD_TEST_HOSTS`` says how many good hosts there are, with a tenth as many bad: 1,000 is full size.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from itertools import cycle
from pathlib import Path

import pytest

from crawler.orders import Order, Summary
from crawler.run import crawl
from tests.crawler.small_web import Raw, Site, serving
from tests.crawler.test_breakages import AT, a_feed, a_story
from tests.crawler.test_hostile_sites import dripping, endless_headers

GOOD = int(os.environ.get("ONRECORD_TEST_HOSTS") or 20)
BAD = max(4, GOOD // 10)
SOURCE = '''"""{name}."""

from crawler.platforms.wordpress import WordPress


class Paper(WordPress):
    name = title = {name!r}
    hosts = ("www.{name}.example",)
    feeds = ("http://www.{name}.example/feed/",)
    deadline = 3
'''


def stalling(handler: BaseHTTPRequestHandler) -> None:
    """Takes the question and says nothing."""
    time.sleep(20)


def stopping(handler: BaseHTTPRequestHandler) -> None:
    """Begins a body and says no more."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<html>")
    handler.wfile.flush()
    time.sleep(20)


HOSTILE: tuple[Raw, ...] = (stalling, stopping, dripping, endless_headers)


@pytest.fixture
def sites() -> Iterator[dict[str, Site]]:
    good = {f"good_{n}": Site({"/feed/": a_feed(f"good_{n}", [1]), "/1/": a_story(1)}) for n in range(GOOD)}
    bad = {
        f"bad_{n}": Site({"/feed/": a_feed(f"bad_{n}", [1, 2]), "/1/": how, "/2/": a_story(2)})
        for n, how in zip(range(BAD), cycle(HOSTILE), strict=False)
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving(site)) for name, site in {**bad, **good}.items()}


def test_hosts_that_never_end_hold_up_no_other(archive: Path, sites: dict[str, Site]) -> None:
    folder = archive.parent / "sources"
    folder.mkdir()
    for name in sites:
        (folder / f"{name}.py").write_text(SOURCE.format(name=name))
    order = Order(
        archive=str(archive),
        sources=tuple(sites),
        at=AT,
        hosts={f"www.{name}.example": site.address for name, site in sites.items()},
        folders=(str(folder),),
    )
    ended: dict[str, Summary] = {one.source: one for one in crawl(order)}
    assert {name: ended[name].outcomes for name in sites if name.startswith("good")} == {
        name: {"done": 2} for name in sites if name.startswith("good")
    }
    assert {name: ended[name].outcomes for name in sites if name.startswith("bad")} == {
        name: {"done": 2, "unreachable": 1} for name in sites if name.startswith("bad")
    }
    assert all(site.asked["/1/"] <= 3 for site in sites.values())
