"""No connection leads into a private network, however the address is written."""

import asyncio
import datetime as dt
import json
import os
import socket
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from aiohttp.resolver import DefaultResolver

from crawler.connections import GuardedResolver
from crawler.errors import PrivateAddress
from crawler.orders import Order
from crawler.run import crawl
from storage.networks import is_public
from tests.crawler.small_web import Site, serving
from tests.engines import ON_SQLITE, Address

PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254"),
    *("100.64.0.1", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "not an address"),
    *("::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    *("2001:0:7f00:1::", "fd00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1"),
]
PUBLIC = ["8.8.8.8", "151.101.0.81", "2606:4700::6810:84e5", "64:ff9b::808:808"]
AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_told(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_let_through(address: str) -> None:
    assert is_public(address)


def resolve(
    host: str, port: int = 80, hosts: dict[str, tuple[str, int]] | None = None
) -> list[tuple[str, int]]:
    async def ask() -> list[tuple[str, int]]:
        resolver = GuardedResolver(hosts or {})
        try:
            found = await resolver.resolve(host, port, socket.AF_UNSPEC)
        finally:
            await resolver.close()
        return [(one["host"], one["port"]) for one in found]

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "name", ["localhost", "LOCALHOST", "127.1", "2130706433", "0x7f000001", "0177.0.0.1"]
)
def test_a_name_that_leads_here_is_refused(name: str) -> None:
    with pytest.raises(PrivateAddress, match="leads to the private address"):
        resolve(name)


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def both(self: DefaultResolver, host: str, port: int, family: int) -> list[dict[str, object]]:
        return [{"host": ip, "port": port} for ip in ("151.101.0.81", "10.0.0.7")]

    monkeypatch.setattr(DefaultResolver, "resolve", both)
    with pytest.raises(PrivateAddress, match=r"10\.0\.0\.7"):
        resolve("two-faced.example")


def test_a_name_that_turns_inside_between_two_questions_is_never_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter(["151.101.0.81", "10.0.0.7"] * 50)

    async def turning(self: DefaultResolver, host: str, port: int, family: int) -> list[dict[str, object]]:
        return [{"host": next(answers), "port": port}]

    monkeypatch.setattr(DefaultResolver, "resolve", turning)
    led = []
    for _ in range(100):
        try:
            led += resolve("turning.example")
        except PrivateAddress:
            led.append(("refused", 0))
    assert led == [("151.101.0.81", 80), ("refused", 0)] * 50


@pytest.mark.parametrize("port", [22, 25, 6379, 5432])
def test_a_port_where_no_web_site_is_is_refused(port: int) -> None:
    with pytest.raises(PrivateAddress, match=f"port {port}"):
        resolve("www.example.org", port)


def test_a_host_that_is_allowed_by_name_is_found_where_it_is_served() -> None:
    hosts = {"paper.example": ("127.0.0.1", 8123)}
    assert resolve("Paper.example", 80, hosts) == [("127.0.0.1", 8123)]
    with pytest.raises(PrivateAddress):
        resolve("localhost", 80, hosts)


REDIRECTS = [
    *("http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/"),
    *("http://[::ffff:127.0.0.1]/", "http://localhost/", "http://169.254.169.254/latest/meta-data/"),
    *("http://１２７.０.０.１/", "http://127.0.0.1:{port}/canary", "http://localhost:{port}/canary"),
    "http://user@127.0.0.1:{port}/canary",
]


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_no_redirect_leads_inside(archive: Address) -> None:
    numbered = dict(enumerate(REDIRECTS))
    links = "".join(
        f"<item><title>x</title><link>http://www.fenlandecho.example/{n}/</link></item>" for n in numbered
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{links}</channel></rss>'.encode()
    with serving(Site({"/feed/": feed})) as site:
        for number, target in numbered.items():
            location = target.format(port=site.port).encode().decode("latin-1")
            site.pages[f"/{number}/"] = (302, {"Location": location}, b"")
        order = Order(
            archive=str(archive),
            sources=("fenland_echo",),
            at=AT,
            hosts={"www.fenlandecho.example": site.address},
            modules=("tests.crawler.small_press",),
        )
        (summary,) = crawl(order)
        assert site.asked["/canary"] == 0
        assert set(site.asked) == {
            "/feed/",
            "/robots.txt",
            "/.well-known/tdmrep.json",
            *(f"/{n}/" for n in numbered),
        }
    assert (summary.counts.stored, summary.counts.refused) == (1, len(REDIRECTS))
    assert set(summary.outcomes) <= {"done", "private_address", "elsewhere"}


@ON_SQLITE  # the network is what it tries, and crawling it takes long
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="what listens is read from /proc")
def test_nothing_of_a_crawl_listens(archive: Address) -> None:
    """Scrapy would open a console and, since 2.19, a port that runs whatever code it is sent."""
    seen = []

    def robots(request: BaseHTTPRequestHandler) -> None:
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        (crawling,) = [
            one for one in children if b"crawler.process" in Path(f"/proc/{one}/cmdline").read_bytes()
        ]
        seen.append(_listening(Path(f"/proc/{crawling}")))
        request.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    with serving(Site({"/robots.txt": robots})) as site:
        hosts, modules = {"www.fenlandecho.example": site.address}, ("tests.crawler.small_press",)
        crawl(Order(archive=str(archive), sources=("fenland_echo",), at=AT, hosts=hosts, modules=modules))
    assert seen == [set()]


def _listening(process: Path) -> set[str]:
    """The sockets of a process that listen, by inode."""
    rows = [
        row.split() for file in ("tcp", "tcp6") for row in (process / "net" / file).read_text().splitlines()
    ]
    inodes = {f"socket:[{row[9]}]" for row in rows if row[3] == "0A"}
    return inodes & {os.readlink(one) for one in (process / "fd").iterdir() if one.is_symlink()}


@pytest.mark.real
def test_every_address_of_the_attack_suite_in_numbers_is_refused(shared: Path) -> None:
    cases = [
        json.loads(line) for line in (shared / "suites/attacks/ssrf_cases.jsonl").read_text().splitlines()
    ]
    hosts = [
        case["url"].split("//", 1)[1].split("/")[0] for case in cases if case["id"].startswith(_NUMBERED)
    ]
    bare = [host.replace(":{canary}", "").strip("[]") for host in hosts]
    assert len(bare) > 20
    for host in bare:
        if not is_public(host):
            continue
        pytest.fail(f"{host} passes")


_NUMBERED = (
    "lo4",
    "zero",
    "lo6",
    "any6",
    "mapped6",
    "compat6",
    "nat64",
    "6to4",
    "teredo",
    "ula",
    "ll6",
    "imds",
)
