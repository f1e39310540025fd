"""A process that fetches by TLS from servers on loopback, with the crawl's own settings, connections and verdicts.

A crawl itself asks the hosts that it is told are served here without TLS, since nobody has a certificate for them.
"""

import json
import sys
from collections.abc import AsyncIterator, Iterable
from typing import Any

import scrapy
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import outcomes
from crawler.connections import GuardedHandler
from crawler.middlewares import exchange_of
from crawler.sources import crawl_settings
from storage.dates import utc_now

SECONDS = 3


class Encrypted(GuardedHandler):
    """Ours, without the turn to take and without leaving TLS for what is served here."""

    async def download_request(self, request: Request) -> Response:
        return await AiohttpDownloadHandler.download_request(self, request)


class Asking(scrapy.Spider):
    """Asks each address once and tells what came of it."""

    name = "asking"
    urls: list[str]

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            meta = {"download_timeout": SECONDS, "dont_retry": True}
            headers = {"Authorization": "Basic c2VjcmV0", "Cookie": "key=secret"}
            yield Request(url, self.answered, errback=self.missed, meta=meta, headers=headers)

    def answered(self, response: Response) -> Iterable[None]:
        (asked, *_) = response.meta.get("redirect_urls", [response.url])
        tell(asked, status=response.status, verified=exchange_of(response, utc_now()).tls_verified)
        return ()

    def missed(self, failure: Failure) -> None:
        assert failure.value is not None
        verdict = outcomes.of_fault(failure.value)
        tell(failure.request.url, outcome=verdict.outcome, reason=verdict.reason)  # type: ignore[attr-defined]


def tell(url: str, **told: Any) -> None:
    """One JSON line."""
    sys.stdout.write(json.dumps({"url": url} | told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Ask each of the addresses given, of hosts that are served where the first argument says."""
    where, *urls = sys.argv[1:]
    settings = crawl_settings()
    settings.set("ONRECORD_HOSTS", json.loads(where), priority="cmdline")
    settings.set("DOWNLOAD_HANDLERS", {"https": "tests.crawler.encrypted.Encrypted"}, priority="cmdline")
    for ours in ("DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES"):  # they belong to sources of an archive
        settings.set(ours, {}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(Asking, urls=urls)
    process.start()


if __name__ == "__main__":
    main()
