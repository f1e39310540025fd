"""What a source's pages become in the browser, and how they are supplied: as everything else is fetched.

Each request of a page goes through the crawl's own downloader: the rules and the pace of its host, the guard
against private addresses at connect, the limits of size, our user agent; and to the source's hosts alone.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import Crashed, NoBrowser, RefusedRequest, TooMuchMemory, TooSlow
from crawler.scripted.browser import Browser
from crawler.scripted.showing import Showing
from storage.dates import utc_now
from storage.warc import Exchange

CONTENT_TYPE: Final = "text/html; charset=utf-8"
SCRIPTED: Final = ("article", "listing", "page", "search", "setting", "tables")
"""Kinds of address that a browser shows where their source needs JavaScript; the others are no pages."""
_MOST_BROKEN: Final = 5  # pages in a row, a minute and a half each: the others of the run would do the same
_HOPS: Final = 5
_SECONDS: Final = 20  # for one script or answer
_LARGEST: Final = 8 * 2**20  # bytes of one
_SCRIPTS: Final = 32 * 2**20  # bytes of scripts that are kept for the next page of the same run


class Rendering:
    """The pages of one source. ``covers``: whether an address is on one of its hosts."""

    def __init__(self, crawler: Crawler, browser: Browser, covers: Callable[[str], bool]) -> None:
        self._crawler, self._browser, self._covers = crawler, browser, covers
        self._scripts: dict[str, Response] = {}
        self._broken = 0  # pages in a row that ended with the browser
        browser.enter(self)
        crawler.signals.connect(self._left, signal=signals.spider_closed)

    async def shown(self, response: Response) -> Response:
        """The page as its scripts make it; NoBrowser, and what ``Browser.run`` raises."""
        if self._broken >= _MOST_BROKEN:
            raise NoBrowser("needs JavaScript: pages before it broke the browser; the next run tries again")
        showing = Showing(response, self._fetch)
        agent = self._crawler.settings["USER_AGENT"]
        try:
            markup = await self._browser.run(showing.show, agent=agent)
        except (TooSlow, TooMuchMemory, Crashed):
            self._broken += 1
            raise
        self._broken = 0
        headers = response.headers.copy()
        headers["Content-Type"] = CONTENT_TYPE
        body = markup.encode("utf-8", "replace")
        return HtmlResponse(
            response.url, headers=headers, body=body, request=response.request, encoding="utf-8"
        )

    async def _left(self) -> None:
        await self._browser.leave(self)

    async def _fetch(self, url: str, kind: str) -> Response:
        if url in self._scripts:
            return self._scripts[url]
        response = await self._followed(url, "*/*" if kind == "script" else "application/json,*/*;q=0.8")
        held = sum(len(one.body) for one in self._scripts.values())
        if kind == "script" and held + len(response.body) <= _SCRIPTS:
            self._scripts[url] = response
        return response

    async def _followed(self, url: str, accept: str) -> Response:
        """The answer at the end of its redirects, none of which leaves the source's hosts."""
        assert self._crawler.engine is not None
        meta = {"dont_redirect": True, "download_timeout": _SECONDS, "download_maxsize": _LARGEST}
        for _ in range(_HOPS):
            if not url.startswith(("http://", "https://")) or not self._covers(url):
                raise RefusedRequest(f"{url} is on none of the source's hosts")
            request = Request(url, headers={"Accept": accept}, meta=dict(meta), callback=NO_CALLBACK)
            response = await self._crawler.engine.download_async(request)
            location = response.headers.get("Location")
            if not (300 <= response.status < 400 and location):
                return response
            url = urljoin(response.url, location.decode("latin-1"))
        raise RefusedRequest(f"{url} redirects for ever")


def exchange_of(shown: Response) -> Exchange:
    """What a browser made of an answer, as evidence; no server sent it, so it has no status."""
    return Exchange(url=shown.url, fetched_at=utc_now(), body=shown.body, content_type=CONTENT_TYPE)
