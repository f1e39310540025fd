"""Middlewares of the downloader: obey what a host's own files say, and keep each response as it was sent."""

import asyncio
import datetime as dt
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload, UnsupportedURLSchemeError
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler import outcomes
from crawler.courtesy import Courtesy, HostRules
from crawler.errors import CrawlerError, RefusedByRobots, Reserved, RobotsOutOfReach
from crawler.reservations import TDMREP, read_tdmrep, reserved_for
from crawler.robots import Robots
from crawler.source import SourceSpider
from storage.dates import utc_now
from storage.warc import Exchange, unpacked

_ABOUT_HOST = "about_host"
"""Marks a request for a host's own files, which no rule forbids, and counts the bytes that came."""
_MOST = 2**20  # bytes of a host's own file; of a longer robots.txt the beginning holds, says RFC 9309


class HostFiles:
    """Lets only those requests pass that robots.txt and ``tdmrep.json`` of their host allow.

    A robots.txt that is missing (4xx) allows all; one that is out of reach allows nothing for now.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For a crawl of one of our sources."""
        made = cls(crawler)
        crawler.signals.connect(made._received, signal=signals.bytes_received)
        return made

    def _received(self, data: bytes, request: Request) -> None:
        if (counted := request.meta.get(_ABOUT_HOST)) is not None:
            counted["bytes"] += len(data)
            if counted["bytes"] > _MOST:
                raise StopDownload(fail=False)

    async def process_request(self, request: Request) -> None:
        """RefusedByRobots, RobotsOutOfReach, Reserved, UnsupportedURLSchemeError."""
        if _ABOUT_HOST in request.meta:
            return
        scheme = urlsplit(request.url).scheme
        if scheme not in ("http", "https"):
            raise UnsupportedURLSchemeError(f"“{scheme}:” is no address of the web")
        rules = await self._rules(request.url)
        if not rules.robots.allows(request.url, self._agent):
            raise RefusedByRobots("robots.txt disallows it")
        if reserved_for(rules.reserved, urlsplit(request.url).path or "/"):
            raise Reserved("its host's tdmrep.json reserves text and data mining")

    async def _rules(self, url: str) -> HostRules:
        """The rules of the host, fetched once a process whoever asks first."""
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)
        courtesy = spider.desk.courtesy
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in courtesy.rules:
            asked = courtesy.rules[site] = asyncio.get_running_loop().create_future()
            try:
                asked.set_result(await self._fetched(site, parts.hostname or "", courtesy))
            except Exception as error:
                asked.set_exception(error)
                asked.exception()  # seen, even if nobody else waits for it
                raise
            finally:
                if not asked.done():  # the fetch was cancelled: the next who asks fetches anew
                    asked.cancel()
                    del courtesy.rules[site]
        return await asyncio.shield(courtesy.rules[site])

    async def _fetched(self, site: str, host: str, courtesy: Courtesy) -> HostRules:
        robots = Robots.parse(await self._file(f"{site}/robots.txt", must=True))
        courtesy.obey(host, robots.delay(self._agent))
        if not robots.allows(f"{site}{TDMREP}", self._agent):
            return HostRules(robots=robots)
        return HostRules(robots=robots, reserved=read_tdmrep(await self._file(f"{site}{TDMREP}", must=False)))

    async def _file(self, url: str, *, must: bool) -> bytes:
        meta = {
            _ABOUT_HOST: {"bytes": 0},
            "download_maxsize": 0,
        }  # it is not refused, but its end is not read
        request = Request(url, priority=1000, meta=meta, callback=NO_CALLBACK)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except (CrawlerError, UnsupportedURLSchemeError):
            raise
        except Exception as error:
            if not must:
                return b""
            raise RobotsOutOfReach(f"its robots.txt is out of reach ({outcomes.told(error)})") from None
        if must and (response.status >= 500 or response.status == 429):
            raise RobotsOutOfReach(f"its robots.txt is out of reach (status {response.status})")
        return response.body if response.status == 200 else b""


class AsSent:
    """Puts the last response, before redirects and decompression, into ``meta["as_sent"]``."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the exchange; the response goes on unchanged, but for the beginning of a host's own file."""
        exchange = request.meta["as_sent"] = exchange_of(response, utc_now())
        if _ABOUT_HOST not in request.meta:
            return response
        # Unpacked here, since Scrapy unpacks all or nothing; httpcompression has then nothing to do.
        headers = {name: value for name, value in response.headers.items() if name != b"Content-Encoding"}
        return response.replace(headers=headers, body=unpacked(exchange, _MOST))


def exchange_of(response: Response, at: dt.datetime) -> Exchange:
    """What the server sent, as evidence."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    content_type = response.headers.get("Content-Type")
    return Exchange(
        url=response.url,
        fetched_at=at,
        body=response.body,
        status=response.status,
        headers=headers,
        content_type=content_type.decode("latin-1") if content_type else None,
        tls_verified=True if response.certificate is not None else None,
    )
