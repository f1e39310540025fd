"""What a crawl logs at its most talkative: lines of ours, and nothing that a page, a header or an address said."""

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler

import pytest

from storage import logs
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import ECHO, a_feed, a_story, an_order
from tests.engines import ON_SQLITE, Address

CANARY = "quillfennock"
SCRIPT = "import sys; from crawler.orders import Order; from crawler.run import crawl; crawl(Order.from_json(sys.stdin.read()))"


def breaks_off(request: BaseHTTPRequestHandler) -> None:
    """An answer that promises more than it gives."""
    request.wfile.write(
        f"HTTP/1.1 200 OK\r\nX-Home: {CANARY}\r\nContent-Length: 999\r\n\r\n{CANARY}".encode()
    )


def told_by(archive: Address, site: Site, level: str) -> tuple[int, list[str]]:
    """How a crawl in a process of its own ended, and its lines on standard error."""
    child = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=an_order(archive, site).to_json(),
        env=os.environ | {"ONRECORD_LOG_LEVEL": level},
        capture_output=True,
        text=True,
        check=False,
    )
    return child.returncode, child.stderr.splitlines()


@pytest.fixture
def full_of_canaries() -> Site:
    """A paper that says it everywhere: in texts, headers, addresses, redirects, faults, and what cannot be read."""
    found = Site({f"/{n}/?utm_source=rss": a_story(n, f"{CANARY} {n}. " * 40) for n in range(1, 9)})
    one = "/{}/?utm_source=rss".format
    found.pages |= {
        "/feed/": a_feed(*range(1, 9)).replace(b"<item>", f"<item><guid>{CANARY}</guid>".encode()),
        one(2): (302, {"Location": f"{ECHO}/{CANARY}/", "Set-Cookie": f"a={CANARY}"}, CANARY.encode()),
        one(3): (500, {"Content-Type": "text/html", "X-Home": CANARY}, CANARY.encode()),
        one(4): breaks_off,
        one(5): (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, CANARY.encode()),
        one(6): (302, {"Location": f"http://127.0.0.1:1/{CANARY}"}, b""),
        one(7): (
            200,
            {"Content-Type": f"text/html; charset={CANARY}"},
            f"<p>{CANARY}".encode() + b"\xff" * 99,
        ),
        one(8): (404, {"Content-Type": "text/html"}, CANARY.encode()),
    }
    return found


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_a_crawl_at_debug_tells_nothing_that_the_web_said(archive: Address, full_of_canaries: Site) -> None:
    with serving(full_of_canaries) as site:
        status, lines = told_by(archive, site, "debug")
    assert status == 0
    told = [json.loads(line) for line in lines]
    assert all(one.keys() <= logs.FIELDS for one in told)
    assert {"scrapy.core.engine", "crawler.process"} <= {one["logger"] for one in told}
    assert "debug" in {one["level"] for one in told}
    said = "\n".join(lines).lower()
    for secret in (CANARY, "fenlandecho.example", "/1/", "story 1", str(archive)):
        assert secret not in said
    (ended,) = [one for one in told if one["event"] == "crawl ended"]
    assert (ended["job"], ended["outcome"], ended["level"]) == ("crawl fenland_echo", "done", "info")
    assert ended["fetched"] == sum(ended[name] for name in ("stored", "duplicate", "refused", "failed"))


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_a_crawl_is_quiet_unless_asked(archive: Address, full_of_canaries: Site) -> None:
    with serving(full_of_canaries) as site:
        assert told_by(archive, site, "") == (0, [])


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_a_level_that_is_none_is_said_in_a_line(archive: Address, full_of_canaries: Site) -> None:
    status, lines = told_by(archive, full_of_canaries, "loud")
    assert status == 1
    assert lines[-1].endswith("ONRECORD_LOG_LEVEL is none of debug, info, warning, error")
