"""One page, shown: its document is what was fetched, its scripts run, and its DOM comes back as text.

Whatever the page asks for is answered here, out of ``fetch``, within a budget of requests and bytes. Styles
are answered empty, since scripts wait for them; frames, pictures, fonts and whatever sends are not.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from scrapy.http import Response

from crawler.errors import Crashed, RefusedRequest, TooLarge

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, Request, Route

Fetch = Callable[[str, str], Awaitable[Response]]
"""Fetch an address for a kind of resource; it raises where the crawl would not fetch it."""

_FETCHED: Final = frozenset({"script", "xhr", "fetch"})
_TOLD: Final = ("Content-Type", "Content-Security-Policy", "Access-Control-Allow-Origin")
_QUIET: Final = 1.0  # seconds without a request, after which a page is what it is going to be
_LONGEST: Final = 45.0  # seconds of asking; some pages never stop
_MOST_REQUESTS: Final = 60
_MOST_BYTES: Final = 16 * 2**20  # of all that a page asks for
_LARGEST: Final = 8 * 2**20  # characters of a DOM; a large page of a paper has a fifth
_DOM: Final = (
    "(() => { const text = document.documentElement.outerHTML;"
    f" return text.length > {_LARGEST} ? null : text }})()"
)


class Showing:
    """What one page asks for while it is shown."""

    def __init__(self, document: Response, fetch: Fetch) -> None:
        self._document, self._fetch = document, fetch
        self._opened = self._parsed = False
        self._requests = self._bytes = self._open = 0
        self._last = time.monotonic()

    async def show(self, context: "BrowserContext") -> str:
        """The page's markup after its scripts have run; TooLarge, Crashed."""
        await context.route("**/*", self._answer)
        page = await context.new_page()
        context.on("page", _closed)
        page.on("domcontentloaded", self._whole)
        crashed = asyncio.Event()  # what is asked of a page that died is never answered
        page.on("crash", lambda _: crashed.set())
        tasks = [asyncio.ensure_future(one) for one in (self._read(context, page), crashed.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if crashed.is_set():
                raise Crashed("its scripts made the browser's page die")
            return str(tasks[0].result())
        finally:
            for task in tasks:
                task.cancel()

    async def _read(self, context: "BrowserContext", page: "Page") -> str:
        # Not until it is parsed: a script that leads away meanwhile would end the waiting as a failure.
        await page.goto(self._document.url, wait_until="commit", timeout=0)
        await self._quiet()
        text = await _markup(context, page)
        await context.unroute_all(behavior="ignoreErrors")
        return text

    async def _quiet(self) -> None:
        self._last = begun = time.monotonic()
        while self._open or not self._parsed or time.monotonic() - self._last < _QUIET:
            if time.monotonic() - begun > _LONGEST:
                return
            await asyncio.sleep(0.05)

    def _whole(self, _: "Page") -> None:
        self._parsed, self._last = True, time.monotonic()

    async def _answer(self, route: "Route") -> None:
        asked = route.request
        self._open += 1
        try:
            if asked.is_navigation_request():
                await self._navigate(route)
            elif asked.resource_type == "stylesheet":
                await route.fulfill(status=200, headers={"Content-Type": "text/css"}, body="")
            else:
                response = await self._supplied(asked)
                await route.fulfill(status=response.status, headers=_headers(response), body=response.body)
            self._last = time.monotonic()  # what is refused keeps no page waiting, however often it asks
        except Exception:  # robots.txt, a private address, a budget, a server that is down: not for this page
            with contextlib.suppress(Exception):
                await route.abort("blockedbyclient")
        finally:
            self._open -= 1

    async def _navigate(self, route: "Route") -> None:
        """The page itself, once; where it would lead us is not followed, and what stands stays."""
        first, self._opened = not self._opened, True
        if first:
            document = self._document
            await route.fulfill(status=200, headers=_headers(document), body=document.body)
        else:
            await route.abort("aborted")

    async def _supplied(self, asked: "Request") -> Response:
        if asked.resource_type not in _FETCHED or asked.method != "GET":
            raise RefusedRequest(f"{asked.method} {asked.resource_type} is not answered")
        self._requests += 1
        if self._requests > _MOST_REQUESTS:
            raise RefusedRequest("its budget of requests is spent")
        response = await self._fetch(asked.url, asked.resource_type)
        self._bytes += len(response.body)
        if self._bytes > _MOST_BYTES:
            raise RefusedRequest("its budget of bytes is spent")
        return response


async def _markup(context: "BrowserContext", page: "Page") -> str:
    """The markup, told by a world of our own, where no script of the page has changed what words mean."""
    session = await context.new_cdp_session(page)
    tree = await session.send("Page.getFrameTree")
    frame = tree["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame})
    asked = {"expression": _DOM, "contextId": world["executionContextId"], "returnByValue": True}
    text = (await session.send("Runtime.evaluate", asked))["result"].get("value")
    if text is None:
        raise TooLarge(f"its scripts make a page of more than {_LARGEST >> 20} million characters")
    return f"<!DOCTYPE html>\n{text}"


async def _closed(page: "Page") -> None:
    """A page that opens another has one too many."""
    with contextlib.suppress(Exception):
        await page.close()


def _headers(response: Response) -> dict[str, str]:
    told = {name: response.headers.get(name) for name in _TOLD}
    return {name: value.decode("latin-1") for name, value in told.items() if value}
