"""The demo's web on loopback: a port an outlet, threads, conditional requests, no delay."""

import contextlib
import hashlib
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from onrecord.demo.pages import HTML, NOTICE, TEXT, Page, Site
from onrecord.errors import PortsBusy

LOOPBACK: Final = "127.0.0.1"
_LINK: Final = re.compile(rb'(<a\b[^>]*\bhref=")https://([^/"]+)')


@dataclass
class Web:
    """Sites by host; ``edition`` 2 shows what the papers changed since the first crawl."""

    sites: Mapping[str, Site]
    edition: int = 1
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def addresses(self) -> dict[str, str]:
        """Where each host is really served, as ``127.0.0.1:port``, for a crawl that is told so."""
        return {host: f"{LOOPBACK}:{port}" for host, port in self.ports.items()}

    def for_a_browser(self, page: Page) -> Page:
        """The page with its links between the hosts leading where these are served."""
        if page.content_type != HTML:
            return page

        def served(link: re.Match[bytes]) -> bytes:
            address = self.addresses.get(link[2].decode())
            return link[1] + f"http://{address}".encode() if address else link[0]

        return replace(page, body=_LINK.sub(served, page.body))


@contextlib.contextmanager
def serving(web: Web, first_port: int) -> Iterator[Web]:
    """Serve each host of ``web`` from ``first_port`` on (0: any free ports); PortsBusy if one is taken."""
    with contextlib.ExitStack() as stack:
        for place, host in enumerate(web.sites):
            server = _bind(web, host, first_port + place if first_port else 0)
            stack.callback(server.server_close)
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), name=host, daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            web.ports[host] = server.server_address[1]
        yield web


def _bind(web: Web, host: str, port: int) -> "_Server":
    try:
        return _Server(web, host, port)
    except OSError as error:
        raise PortsBusy(
            f"port {port} is taken ({error.strerror}); choose others with `onrecord demo --port N`"
        ) from None


class _Server(ThreadingHTTPServer):
    """One host of the web."""

    daemon_threads = True
    block_on_close = False  # a crawler's idle connection must not hold up the end
    request_queue_size = 64

    def __init__(self, web: Web, host: str, port: int) -> None:
        self.web, self.host = web, host
        super().__init__((LOOPBACK, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event."""


class _Handler(BaseHTTPRequestHandler):
    """GET and HEAD, with ETag and Last-Modified."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "OnRecordDemo"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, *args: Any, **named: Any) -> None:
        """Say nothing: the crawl's own record is the account of it."""

    def _answer(self, *, with_body: bool) -> None:
        web = self.server.web
        page = web.sites[self.server.host](self.path, web.edition)
        if page and self.headers.get("Host") != self.server.host:  # a crawl asks by name
            page = web.for_a_browser(page)
        if page is None:
            missing = Page(body=f"404: nothing here. {NOTICE}\n".encode(), content_type=TEXT)
            return self._send(HTTPStatus.NOT_FOUND, missing, {}, with_body=with_body)
        headers = {"ETag": f'"{hashlib.sha256(page.body).hexdigest()[:20]}"', "Cache-Control": "no-cache"}
        if page.modified:
            headers["Last-Modified"] = format_datetime(page.modified, usegmt=True)
        if self._is_known(headers["ETag"], page):
            unchanged = Page(body=b"", content_type=page.content_type)
            return self._send(HTTPStatus.NOT_MODIFIED, unchanged, headers, with_body=False)
        return self._send(HTTPStatus.OK, page, headers, with_body=with_body)

    def _is_known(self, etag: str, page: Page) -> bool:
        """Whether the client has this very page; its ETag decides where it sends one."""
        if known := self.headers.get("If-None-Match"):
            return etag in known
        since = self.headers.get("If-Modified-Since")
        if not since or not page.modified:
            return False
        with contextlib.suppress(ValueError):
            return page.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        return False

    def _send(self, status: HTTPStatus, page: Page, headers: Mapping[str, str], *, with_body: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", page.content_type)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(page.body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(page.body)
