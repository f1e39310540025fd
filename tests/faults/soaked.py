"""The papers of the soak, and the server of their small pages.

``ONRECORD_SOAK``: ``portion:papers:pages``, a paper's pages; ``ONRECORD_SOAK_LEAK``: bytes, and a descriptor,
that the crawling process then leaks with each page. ``python -m tests.faults.soaked`` serves every paper on
a free port of loopback, which it prints.
"""

import asyncio
import os
import random
import sys
from typing import Any

from aiohttp import web

from crawler.news import NewsSpider

PORTION, PAPERS, PAGES = map(int, (os.environ.get("ONRECORD_SOAK") or "1:1:50").split(":"))
LEAK = int(os.environ.get("ONRECORD_SOAK_LEAK") or 0)
A_FEED = 250  # pages that one feed names
_GONE, _CLOSED, _EACH = 7, 13, 50  # of each 50 pages one is gone, and one is closed by robots.txt
_WORDS = [
    "home",
    "inspector",
    "council",
    "report",
    "children",
    "staff",
    "visit",
    "care",
    "improve",
    "review",
    "manager",
    "family",
]
_leaked: list[Any] = []


class Paper(NewsSpider):
    """What they have in common; itself no source."""

    stories = r"/(story|closed)/"
    budget = 1_000_000

    async def read_article(self, *given: Any) -> Any:
        """As every paper reads one; with the planted leak, where it is asked for."""
        if LEAK:
            _leaked.append((b"\x01" * LEAK, os.dup(0)))
        return await super().read_article(*given)


def name_of(portion: int, paper: int) -> str:
    """The name of a source."""
    return f"soak_{portion}_{paper}"


def host_of(portion: int, paper: int) -> str:
    """The host of a source."""
    return f"www.paper{paper}of{portion}.example"


def path_of(number: int) -> str:
    """The path of a page."""
    return f"/closed/{number}" if is_closed(number) else f"/story/{number}"


def is_gone(number: int) -> bool:
    """Whether the page answers that it is gone."""
    return number % _EACH == _GONE


def is_closed(number: int) -> bool:
    """Whether robots.txt closes the page."""
    return number % _EACH == _CLOSED


def feeds() -> int:
    """How many feeds a paper has."""
    return -(-PAGES // A_FEED)


def _declare(paper: int) -> type[Paper]:
    host = host_of(PORTION, paper)
    declared = {
        "__module__": __name__,
        "__doc__": "A paper of the soak.",
        "name": name_of(PORTION, paper),
        "title": f"Paper {paper} of {PORTION}",
        "hosts": (host,),
        "feeds": tuple(f"http://{host}/feed/{number}" for number in range(feeds())),
    }
    return type(f"Paper{paper}", (Paper,), declared)


globals().update({f"Paper{paper}": _declare(paper) for paper in range(PAPERS)})


def story(host: str, number: int) -> str:
    """A page of some 2 kB, which no other is like."""
    chance = random.Random(f"{host}{number}")
    text = "".join(f"<p>{number} of {host}: {' '.join(chance.choices(_WORDS, k=40))}.</p>" for _ in range(4))
    return (
        f"<html><head><title>Story {number}</title></head><body><article><h1>Story {number}</h1>"
        f'<time datetime="2024-03-05T08:00:00Z">5 March</time><div>{text}</div></article></body></html>'
    )


async def _story(request: web.Request) -> web.Response:
    number = int(request.match_info["number"])
    if is_gone(number):
        return web.Response(status=410)
    return web.Response(text=story(request.host, number), content_type="text/html")


async def _feed(request: web.Request) -> web.Response:
    first = int(request.match_info["number"]) * A_FEED
    items = "".join(
        f"<item><title>Story {number}</title><link>http://{request.host}{path_of(number)}</link></item>"
        for number in range(first, min(first + A_FEED, PAGES))
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    return web.Response(text=feed, content_type="application/xml")


async def _robots(_: web.Request) -> web.Response:
    return web.Response(text="User-agent: *\nDisallow: /closed/\n")


async def _serve() -> None:
    app = web.Application()
    app.add_routes(
        [
            web.get("/{_:story|closed}/{number}", _story),
            web.get("/feed/{number}", _feed),
            web.get("/robots.txt", _robots),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
