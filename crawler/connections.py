"""Where the crawler may connect to: public addresses, and hosts that were allowed by name.

Checked on the resolved addresses of every connection, so on every hop and whenever a name changes; a name
that has one private address among public ones is refused altogether.
"""

import socket
import ssl
import time
from typing import ClassVar, Final

import yarl
from aiohttp import ClientSession, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.ssl import _make_ssl_context

from crawler.errors import PrivateAddress
from crawler.source import SourceSpider
from storage.networks import WEB_PORTS, Hosts, is_ip, is_public

_OWN: Final = "[hosts] in onrecord.toml names those of your own"


class GuardedResolver(AbstractResolver):
    """Resolves names, and refuses those that lead into a private network."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts, self._system = hosts, DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host; PrivateAddress."""
        if served := self._hosts.get(host.lower()):
            return [_result(host, *served)]
        if port not in WEB_PORTS:
            raise PrivateAddress(f"{host}: no web site is on port {port}")
        found = await self._system.resolve(host, port, family)
        for result in found:
            if not is_public(result["host"]):
                raise PrivateAddress(f"{host} leads to the private address {result['host']}; {_OWN}")
        return found

    async def close(self) -> None:
        """Let go of the system's resolver."""
        await self._system.close()


class GuardedHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler, over connections that stay in the public internet.

    aiohttp, since one deadline covers the whole response there: a server that drips bytes is cut off.
    """

    lazy = True  # most sources need one of the two schemes
    _trusted: ClassVar[ssl.SSLContext | None] = None

    def __init__(self, crawler: Crawler) -> None:
        # Past Scrapy's own, which loads the world's certificates for every source: 0.8 MiB and 20 ms each.
        super(AiohttpDownloadHandler, self).__init__(crawler)
        self._hosts: Hosts = crawler.settings.getdict("ONRECORD_HOSTS")
        if GuardedHandler._trusted is None:
            GuardedHandler._trusted = _make_ssl_context(crawler.settings)
        self._ssl_context = GuardedHandler._trusted
        connector = TCPConnector(
            resolver=GuardedResolver(self._hosts),
            socket_factory=self._socket,
            limit=self._pool_size_total,
            limit_per_host=self._pool_size_per_host,
        )
        self._session = ClientSession(
            connector=connector,
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )
        self._session._retry_connection = False  # Scrapy tries again; both together ask six times

    async def download_request(self, request: Request) -> Response:
        """Fetch in the host's turn; PrivateAddress for numbers that are no public web address."""
        url = yarl.URL(request.url)  # as aiohttp reads it, so that no two readings differ
        if is_ip(url.host or "") and not (is_public(url.host or "") and url.port in WEB_PORTS):
            raise PrivateAddress(f"{url.host}:{url.port} is no public web address; {_OWN}")
        if url.scheme == "https" and (url.host or "").lower() in self._hosts:
            # Served by name on this machine, where nobody has a certificate for that name.
            plain = request.replace(url=str(url.with_scheme("http").with_port(80)))
            return (await self._in_turn(url.host or "", plain)).replace(url=request.url)
        return await self._in_turn(url.host or "", request)

    async def _in_turn(self, host: str, request: Request) -> Response:
        assert isinstance(self.crawler.spider, SourceSpider)
        courtesy = self.crawler.spider.desk.courtesy
        async with courtesy.turn(host):
            begun = time.monotonic()
            response = await super().download_request(request)
        told = {name.lower(): response.headers.get(name) for name in ("Retry-After", "Date")}
        headers = {name: value.decode("latin-1") for name, value in told.items() if value}
        await courtesy.answered(host, response.status, headers, time.monotonic() - begun)
        return response

    def _socket(self, info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        """The last gate: no socket is made to an address that is neither public nor allowed."""
        family, kind, protocol, _, (ip, port, *_) = info
        if not is_public(str(ip)) and (ip, port) not in {tuple(served) for served in self._hosts.values()}:
            raise PrivateAddress(f"{ip}:{port} is no public web address; {_OWN}")
        return socket.socket(family, kind, protocol)


def _result(host: str, ip: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=host, host=ip, port=port, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
    )
