"""A web on loopback for the tests: pages by path, what was asked for, and how it is answered."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict[str, str], bytes]
Raw = Callable[[BaseHTTPRequestHandler], None]
"""Writes whatever it likes to the connection, which is closed after."""


@dataclass
class Site:
    """One server; ``pages`` maps a path (with its query) to a body, or to a whole answer."""

    pages: dict[str, bytes | Answer | Raw] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    agents: set[str] = field(default_factory=set)
    callers: list[tuple[float, str]] = field(default_factory=list)
    """When it was asked, by the monotonic clock, and by which agent."""
    hosts: set[str] = field(default_factory=set)
    delay: float = 0.0
    port: int = 0

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"127.0.0.1:{self.port}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024  # hundreds of hosts are asked at once

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no event."""


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site on a free port."""
    server = _Server(("127.0.0.1", 0), _handler(site))
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(site: Site) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            site.asked[self.path] += 1
            agent = self.headers.get("User-Agent", "")
            site.agents.add(agent)
            site.callers.append((time.monotonic(), agent))
            site.hosts.add(self.headers.get("Host", ""))
            time.sleep(site.delay)
            answer = site.pages.get(self.path)
            if callable(answer):
                self.close_connection = True
                answer(self)
                return
            status, headers, body = _answer(answer, self.headers.get("If-None-Match"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


def _answer(answer: bytes | Answer | None, validator: str | None) -> Answer:
    if answer is None:
        return 404, {"Content-Type": "text/plain"}, b"not found"
    if isinstance(answer, tuple):
        return answer
    etag = f'"{sha256(answer).hexdigest()[:16]}"'
    if validator == etag:
        return 304, {"ETag": etag}, b""
    return 200, {"ETag": etag, "Content-Type": _type(answer)}, answer


def _type(body: bytes) -> str:
    head = body.lstrip()[:6]
    return "application/xml" if head.startswith(b"<?xml") else "text/html; charset=utf-8"
