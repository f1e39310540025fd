"""Real receivers on loopback: webhooks that answer as they are told, and a mail server that keeps its mail."""

import asyncio
import contextlib
import email
import email.message
import email.policy
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(kw_only=True)
class Got:
    """One request: its headers in small letters, and its body."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers.get("webhook-id", "")

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def items(self) -> list[dict[str, Any]]:
        return list(self.told["data"]["items"])


@dataclass(kw_only=True)
class Receiver:
    """A webhook's target. ``status`` and ``delay`` (seconds) hold for what comes next."""

    port: int = 0
    status: int = 204
    delay: float = 0.0
    location: str | None = None
    got: list[Got] = field(default_factory=list)
    times: Counter[str] = field(default_factory=Counter)

    @property
    def ids(self) -> list[str]:
        """Of what was taken, in order."""
        return [one.id for one in self.got]

    @property
    def items(self) -> list[dict[str, Any]]:
        """Everything that was told, in order."""
        return [item for one in self.got for item in one.items]


@contextlib.contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """A receiver at a port of loopback, a free one for 0."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            one = Got(headers={name.lower(): value for name, value in self.headers.items()}, body=body)
            receiver.times[one.id] += 1
            time.sleep(receiver.delay)
            if 200 <= receiver.status < 300:
                receiver.got.append(one)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(kw_only=True)
class Postbox:
    """A mail server's mail. ``refuses``: addresses that it takes nothing for."""

    port: int = 0
    got: list[email.message.EmailMessage] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.got.append(email.message_from_bytes(content, policy=email.policy.default))
        return "250 OK"


@contextlib.contextmanager
def mailing() -> Iterator[Postbox]:
    """A mail server on loopback."""
    postbox, loop = Postbox(), asyncio.new_event_loop()
    made = loop.create_server(lambda: SMTP(postbox, hostname="mail.example", loop=loop), "127.0.0.1", 0)
    server = loop.run_until_complete(made)
    postbox.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield postbox
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
