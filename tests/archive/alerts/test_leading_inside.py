"""A11: no address that somebody gives a webhook leads into our own network, and no answer of a target is shown.

On this machine 127.0.0.2 stands for the public internet and 127.0.0.1 for our own network.
"""

import contextlib
import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from archive.alerts import webhooks
from archive.alerts.delivering import deliver
from storage import networks, outbox
from storage.errors import UsageMistake
from tests.archive.alerts.conftest import Newsroom
from tests.engines import ON_SQLITE

OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"
SECRET = "Tamsinworth"
WAYS_IN = (
    *("http://127.0.0.1:{canary}/", "http://127.1:{canary}/", "http://2130706433:{canary}/"),
    *("http://0x7f.1:{canary}/", "http://0177.0.0.1:{canary}/", "http://0:{canary}/"),
    *("http://LocalHost.:{canary}/", "http://[::ffff:127.0.0.1]:{canary}/", "http://[::127.0.0.1]:{canary}/"),
    *("http://[64:ff9b::7f00:1]:{canary}/", "http://169.254.169.254/latest/", "http://[fd00:ec2::254]/"),
    *(
        "http://①②⑦.⓪.⓪.①:{canary}/",
        "http://127。0。0。1:{canary}/",
        "http://127.0.0.1:{canary}\\@paper.example/",
    ),
    *("http://paper.example@127.0.0.1:{canary}/", "http://paper.example:6379/", "file:///etc/passwd"),
    *(
        "gopher://127.0.0.1:{canary}/_INFO",
        "data:text/html,x",
        "http://{public}/r?c=307&to=http://127.1:{canary}/",
    ),
    *(
        "http://{public}/meta?to=http://127.0.0.1:{canary}/",
        "http://a-127-0-0-1.{dns}/",
        "http://multi.{dns}/",
    ),
    *("http://rebind.{dns}/", "http://cname.{dns}/"),
)


@dataclass
class Web:
    """What stands outside, and how often anything inside was connected to."""

    port: int
    canary: int = 0
    asked: list[str] = field(default_factory=list)
    connections: list[object] = field(default_factory=list)

    def filled(self, address: str) -> str:
        """The address with the places of this machine."""
        told = address.replace("{canary}", str(self.canary)).replace("{dns}", f"dns.example:{self.port}")
        return told.replace("{public}", f"public.example:{self.port}")


class _Names(AbstractResolver):
    """The attacker's name server; numbers in whatever spelling and this machine's own names are the system's."""

    turns = 0

    def __init__(self) -> None:
        self._system = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        name = host.lower()
        if re.fullmatch(r"localhost\.?|(0x)?[0-9a-f.:]+", name) or not name.isascii():
            return await self._system.resolve(host, port, family)
        return [
            ResolveResult(
                hostname=host, host=ip, port=port, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
            )
            for ip in self._led(name)
        ]

    def _led(self, name: str) -> list[str]:
        if name.endswith(".invalid"):
            raise OSError("no such name")
        if name == "metadata.google.internal":
            return ["169.254.169.254"]
        if name.startswith("rebind."):
            _Names.turns += 1
            return [OUTSIDE if _Names.turns % 2 else INSIDE]
        led = {"a-127-0-0-1": [INSIDE], "cname": [INSIDE], "multi": [OUTSIDE, INSIDE]}
        return led.get(name.partition(".")[0], [OUTSIDE])

    async def close(self) -> None:
        await self._system.close()


class _Outside(BaseHTTPRequestHandler):
    web: Web

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.web.asked.append(self.path)
        query = parse_qs(urlsplit(self.path).query)
        to = query.get("to", [""])[0]
        body = f'<meta http-equiv="refresh" content="0; url={to}">{SECRET}'.encode()
        self.send_response(int(query.get("c", ["200"])[0]), SECRET)
        for name in ("Location", "Link", "Refresh", "X-Told"):
            self.send_header(name, f"{to} {SECRET}" if name == "X-Told" else to)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
        pass


@contextlib.contextmanager
def listening_inside(web: Web) -> Iterator[None]:
    """The canary: whoever connects to it is noted."""
    with socket.create_server((INSIDE, 0)) as canary:
        web.canary = canary.getsockname()[1]

        def note() -> None:
            with contextlib.suppress(OSError):
                while True:
                    one, where = canary.accept()
                    web.connections.append(where)
                    one.close()

        threading.Thread(target=note, daemon=True).start()
        yield
        canary.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    with ThreadingHTTPServer((OUTSIDE, 0), _Outside) as server:
        server.daemon_threads = True
        web = _Outside.web = Web(server.server_address[1])
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        really = networks.is_public
        monkeypatch.setattr(webhooks, "is_public", lambda text: text == OUTSIDE or really(text))
        monkeypatch.setattr(webhooks, "WEB_PORTS", networks.WEB_PORTS | {web.port})
        monkeypatch.setattr(webhooks, "DefaultResolver", _Names)
        with listening_inside(web):
            yield web
        server.shutdown()


def attempted(newsroom: Newsroom, address: str) -> str | None:
    """Send a message there as if the address had been taken, and say what its owner is told."""
    try:
        alert = newsroom.alert(to=("webhook", address))
    except UsageMistake as mistake:
        return str(mistake)
    id_ = newsroom.tell(alert, newsroom.world.article())
    deliver(newsroom.store, newsroom.post, newsroom.clock)
    with newsroom.store.reading() as connection:
        return outbox.get(connection, id_).fault


def assert_nothing_leads_inside(newsroom: Newsroom, web: Web, addresses: list[str]) -> None:
    newsroom.more["patience"] = 5.0
    for address in map(web.filled, addresses):
        with contextlib.suppress(UsageMistake):
            webhooks.check(address, newsroom.hosts)  # the form; whatever it says, it is tried
        told = attempted(newsroom, address)
        assert SECRET not in str(told), address
        assert told is None or INSIDE not in told, address
        if told is None:
            assert "public.example" in address or "rebind." in address, address
    assert web.connections == []


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_no_way_to_name_an_address_leads_inside(newsroom: Newsroom, web: Web) -> None:
    assert_nothing_leads_inside(newsroom, web, list(WAYS_IN))
    assert any("r?c=307" in path for path in web.asked), "the redirect was given, and not followed"


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_the_canary_would_be_seen(newsroom: Newsroom, web: Web) -> None:
    attempted(newsroom, newsroom.allow(web.canary))
    assert len(web.connections) == 1


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_a_name_that_leads_outside_and_then_inside_never_leads_inside(newsroom: Newsroom, web: Web) -> None:
    newsroom.more["patience"] = 5.0
    told = [attempted(newsroom, f"http://rebind.dns.example:{web.port}/{n}") for n in range(100)]
    assert web.connections == []
    assert len(web.asked) == told.count(None) >= 40, "it was really outside every other time"
    refused = {one for one in told if one}
    assert len(refused) == 1


@ON_SQLITE  # the network is what it tries, and crawling it takes long
@pytest.mark.parametrize("status", [200, 302, 418, 500])
def test_nothing_of_an_answer_is_shown_but_its_status(newsroom: Newsroom, web: Web, status: int) -> None:
    told = attempted(newsroom, f"http://public.example:{web.port}/r?c={status}&to=http://x.example/")
    assert told == (None if status == 200 else f"the target answered with status {status}")


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_a_name_inside_and_one_that_is_nowhere_are_told_alike(newsroom: Newsroom, web: Web) -> None:
    """Otherwise an alert would tell which names our network has."""
    inside = attempted(newsroom, f"http://a-127-0-0-1.dns.example:{web.port}/")
    assert inside == attempted(newsroom, f"http://nowhere.invalid:{web.port}/")


@pytest.mark.real
def test_no_known_address_leads_inside(newsroom: Newsroom, web: Web, shared: Path) -> None:
    file = shared / "suites/attacks/ssrf_cases.jsonl"
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    blocked = [case["url"] for case in cases if case["block"]]
    allowed = [case["url"] for case in cases if not case["block"]]
    assert (len(blocked), len(allowed)) == (69, 3)
    assert_nothing_leads_inside(newsroom, web, blocked)
    for address in map(web.filled, allowed):
        assert webhooks.check(address, newsroom.hosts) == address
    before = len(web.asked)
    answers = [attempted(newsroom, web.filled(address)) for address in allowed[:2]]
    assert answers == [None, "the target answered with status 302"]
    assert len(web.asked) == before + 2
