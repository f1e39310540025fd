"""Who cannot show that he is who was asked for is told nothing, and what is ours stays with whom it is for.

``ONRECORD_TEST_HOSTS`` says of how many hosts a tenth falls silent in the handshake: 1,000 is full size.
"""

import datetime as dt
import json
import os
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.crawler.encrypted import SECONDS
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import ECHO, a_feed, a_story, run
from tests.engines import ON_SQLITE, Address

STALLED = max(4, int(os.environ.get("ONRECORD_TEST_HOSTS") or 0) // 10)
NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
KINDS = [
    "sound",
    "self_signed",
    "unknown_signer",
    "expired",
    "not_yet_valid",
    "wrong_name",
    "silent",
]


class Authority:
    """Signs certificates, for a name and a time."""

    def __init__(self, name: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.own = self._built(self.name, self.key.public_key(), (NOW - DAY, NOW + DAY), None)

    def signed(self, host: str, since: dt.datetime, until: dt.datetime, *, by_itself: bool = False) -> bytes:
        """A key and its certificate, as a server loads them."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        made = self._built(name, key.public_key(), (since, until), host, key if by_itself else None)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return private + made.public_bytes(serialization.Encoding.PEM)

    def _built(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePublicKey,
        valid: tuple[dt.datetime, dt.datetime],
        host: str | None,
        signer: ec.EllipticCurvePrivateKey | None = None,
    ) -> x509.Certificate:
        building = (
            x509.CertificateBuilder(name if signer else self.name, name, key, x509.random_serial_number())
            .not_valid_before(valid[0])
            .not_valid_after(valid[1])
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host:
            building = building.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False
            )
        return building.sign(signer or self.key, hashes.SHA256())


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        self.server.heard.append(dict(self.headers))
        to = self.path.removeprefix("/to/") if self.path.startswith("/to/") else ""
        self.send_response(302 if to else 200)
        if to:
            self.send_header("Location", f"https://{to}/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    context: ssl.SSLContext

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[dict[str, str]] = []

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Only in the connection's own thread is there time for a handshake."""
        with self.context.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)

    def handle_error(self, *_: object) -> None:
        """A client that does not trust us hangs up."""


class _Silent(socketserver.BaseRequestHandler):
    server: "_SilentServer"

    def handle(self) -> None:
        """Takes the greeting and says nothing, until it is hung up on."""
        begun = time.monotonic()
        with suppress(OSError):
            while self.request.recv(1024):
                pass
        self.server.held.append(time.monotonic() - begun)


class _SilentServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Silent)
        self.held: list[float] = []


@contextmanager
def listening(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def with_certificate(folder: Path, kind: str, signer: Authority) -> _Server:
    stranger = Authority("Strangers")
    host = f"{kind.replace('_', '-')}.example"
    given = {
        "self_signed": signer.signed(host, NOW - DAY, NOW + DAY, by_itself=True),
        "unknown_signer": stranger.signed(host, NOW - DAY, NOW + DAY),
        "expired": signer.signed(host, NOW - 9 * DAY, NOW - DAY / 24),
        "not_yet_valid": signer.signed(host, NOW + DAY, NOW + 9 * DAY),
        "wrong_name": signer.signed("another.example", NOW - DAY, NOW + DAY),
    }.get(kind) or signer.signed(host, NOW - DAY, NOW + DAY)
    file = folder / f"{kind}.pem"
    file.write_bytes(given)
    server = _Server()
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(file)
    return server


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A server of each kind, and of one more that is sound."""
    signer = Authority("Invented Signers")
    (tmp_path / "signer.pem").write_bytes(signer.own.public_bytes(serialization.Encoding.PEM))
    made: dict[str, Any] = {
        kind: with_certificate(tmp_path, kind, signer) for kind in [*KINDS[:-1], "second"]
    }
    made["silent"] = _SilentServer()
    with ExitStack() as stack:
        for server in made.values():
            stack.enter_context(listening(server))
        yield {kind.replace("_", "-"): server for kind, server in made.items()}


def asked(tmp_path: Path, servers: dict[str, Any], *urls: str) -> dict[str, dict[str, Any]]:
    """What a process of its own makes of each address; it trusts our signer, beside nobody."""
    where = {f"{kind}.example": server.server_address for kind, server in servers.items()}
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.crawler.encrypted", json.dumps(where), *urls],
        env=os.environ | {"SSL_CERT_FILE": str(tmp_path / "signer.pem")},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return {one.pop("url"): one for one in map(json.loads, ended.stdout.splitlines())}


def test_only_a_host_that_shows_who_it_is_is_asked(tmp_path: Path, servers: dict[str, Any]) -> None:
    urls = {kind: f"https://{kind.replace('_', '-')}.example/" for kind in KINDS}
    told = asked(tmp_path, servers, *urls.values())
    assert told.pop(urls["sound"]) == {"status": 200, "verified": True}
    assert {one["outcome"] for one in told.values()} == {"unreachable"}
    assert len(told) == len(KINDS) - 1
    reasons = {kind: told[url]["reason"] for kind, url in urls.items() if url in told}
    for kind, word in {
        "self_signed": "self-signed",
        "unknown_signer": "unable to get local issuer",
        "expired": "expired",
        "not_yet_valid": "not yet valid",
        "wrong_name": "mismatch",
        "silent": "longer than 3",
    }.items():
        assert word in reasons[kind].lower(), reasons[kind]
    heard = {kind: server.heard for kind, server in servers.items() if kind != "silent"}
    assert {kind for kind, requests in heard.items() if requests} == {"sound"}


def test_hosts_that_fall_silent_in_the_handshake_cost_their_own_time_alone(
    tmp_path: Path, servers: dict[str, Any]
) -> None:
    names = [f"silent-{n}" for n in range(STALLED)]
    urls = [f"https://{name}.example/" for name in names]
    told = asked(tmp_path, servers | dict.fromkeys(names, servers["silent"]), *urls, "https://sound.example/")
    assert told.pop("https://sound.example/") == {"status": 200, "verified": True}
    assert [one["outcome"] for one in told.values()] == ["unreachable"] * STALLED
    held = servers["silent"].held
    assert len(held) == STALLED
    assert max(held) <= SECONDS + 1.5, "a moment to notice that it was hung up on"


def test_what_was_sent_to_one_host_is_not_sent_where_it_leads(
    tmp_path: Path, servers: dict[str, Any]
) -> None:
    urls = ["https://sound.example/to/second.example", "https://sound.example/to/wrong-name.example"]
    told = asked(tmp_path, servers, *urls)
    assert told.pop(urls[0]) == {"status": 200, "verified": True}
    assert [one["outcome"] for one in told.values()] == ["unreachable"]
    assert [request["Authorization"] for request in servers["sound"].heard] == ["Basic c2VjcmV0"] * 2
    (second,) = servers["second"].heard
    assert {"Authorization", "Cookie"} & second.keys() == set()
    assert servers["wrong-name"].heard == []


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_a_crawl_keeps_no_cookie_and_tells_no_secret(archive: Address) -> None:
    """Neither what the host sets, nor what somebody wrote into an address."""
    heard: list[dict[str, str]] = []

    def listening_in(handler: BaseHTTPRequestHandler) -> None:
        heard.append(dict(handler.headers))
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: id={len(heard)}\r\n"
        body = a_story(len(heard))
        handler.wfile.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    away = {"Location": "http://other.example/", "Set-Cookie": "id=0; Domain=.example"}
    pages = {f"/{n}/?utm_source=rss": listening_in for n in range(1, 4)}
    secret = ECHO.replace("://", "://reader:secret@") + "/4/?utm_source=rss"
    feed = a_feed(1, 2, 3, 4).replace(f"{ECHO}/3/?utm_source=rss".encode(), secret.encode())
    with serving(Site({**pages, "/4/?utm_source=rss": (302, away, b""), "/": listening_in})) as site:
        site.pages["/feed/"] = feed
        hosts = {"www.fenlandecho.example": site.address, "other.example": site.address}
        run(archive, site, hosts=hosts)
    assert len(heard) >= 3
    assert all({"Cookie", "Authorization"} & one.keys() == set() for one in heard), heard
