"""Sites that drip, lie, bloat, loop and refuse: each answer has its name, and the good pages are there."""

import datetime as dt
import gzip
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler

import brotli
import pytest
import sqlalchemy as sa

from crawler.orders import Order, Summary
from crawler.run import crawl
from storage.addresses import host
from storage.schema.crawl import frontier, hosts
from storage.schema.press import articles
from storage.store import Store
from tests.crawler.small_web import Answer, Raw, Site, serving
from tests.engines import ON_SQLITE, Address

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
HTML = {"Content-Type": "text/html"}
STORY = b"""<html><head><title>Home must improve</title></head><body><article>
<h1 class="entry-title">Home must improve</h1><div class="entry-content"><p>Inspectors told the home to improve
after two of them had called on it in January of this year.</p></div></article></body></html>"""
GIGANTIC = 80 * 2**20


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(60):
        handler.wfile.write(b"<p>")
        time.sleep(0.5)


def endless_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(60):
        handler.wfile.write(b"X-%d: y\r\n" % number)
        time.sleep(0.5)


def endless_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b"word " * 200_000)


def shorter_than_said(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(STORY)


def broken_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"5\r\n<html\r\nzz\r\n")


def packed(body: bytes, encoding: str) -> Answer:
    return 200, {**HTML, "Content-Encoding": encoding}, body


ANSWERS: dict[str, tuple[bytes | Answer | Raw, str]] = {
    "good": (STORY, "done"),
    "packed": (packed(gzip.compress(STORY), "gzip"), "done"),
    "drips": (dripping, "unreachable"),
    "headers": (endless_headers, "unreachable"),
    "endless": (endless_body, "too_large"),
    "short": (shorter_than_said, "unreachable"),
    "chunks": (broken_chunks, "unreachable"),
    "bomb": (packed(gzip.compress(bytes(GIGANTIC)), "gzip"), "too_large"),
    "bombs": (packed(gzip.compress(gzip.compress(bytes(GIGANTIC))), "gzip, gzip"), "too_large"),
    "deflated": (packed(zlib.compress(bytes(GIGANTIC)), "deflate"), "too_large"),
    "brotli": (packed(brotli.compress(bytes(GIGANTIC), quality=1), "br"), "too_large"),
    "members": (packed(gzip.compress(bytes(2**20)) * 80, "gzip"), "too_large"),
    "self": ((302, {"Location": "/self/"}, b""), "unreachable"),
    "ping": ((302, {"Location": "/pong/"}, b""), "unreachable"),
    "missing": ((200, HTML, b"<title>Marsh Herald - Page not found</title>" + STORY), "gone"),
    "home": ((302, {"Location": "/"}, b""), "gone"),
    "reserved": ((200, {**HTML, "TDM-Reservation": "1"}, STORY), "reserved"),
    "noai": ((200, {**HTML, "X-Robots-Tag": "noai"}, STORY), "reserved"),
    "mined/1": (STORY, "reserved"),
    "private/1": (STORY, "refused_by_robots"),
    "teaser": (
        (200, HTML, STORY.replace(b"<title>", b'<script type="application/ld+json">{"@type": "NewsArticle",'
        b' "headline": "Home must improve", "isAccessibleForFree": false}</script><title>')), "paywalled",
    ),
}  # fmt: skip


def a_feed(paper: str, paths: Iterator[str] | dict[str, object]) -> bytes:
    items = "".join(f"<item><title>x</title><link>http://{paper}/{path}/</link></item>" for path in paths)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()
    )


@pytest.fixture
def web() -> Iterator[dict[str, Site]]:
    herald, busy, shut = (f"www.{name}.example" for name in ("marshherald", "busytimes", "shutgazette"))
    later = {"Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT"}
    sites = {
        herald: Site(
            {f"/{path}/": answer for path, (answer, _) in ANSWERS.items()}
            | {
                "/feed/": a_feed(herald, ANSWERS),
                "/pong/": (302, {"Location": "/ping/"}, b""),
                "/": STORY,
                "/robots.txt": b"User-agent: *\nDisallow: /private\n",
                "/.well-known/tdmrep.json": b'[{"location": "/mined/", "tdm-reservation": 1}]',
            }
        ),
        busy: Site({"/feed/": a_feed(busy, {"1": 1, "2": 2}), "/1/": STORY, "/2/": (429, later, b"")}),
        shut: Site({"/robots.txt": (503, {}, b""), "/feed/": a_feed(shut, {"1": 1})}),
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving(site)) for name, site in sites.items()}


def run(archive: Address, web: dict[str, Site], *names: str, at: dt.datetime = AT) -> dict[str, Summary]:
    order = Order(
        archive=str(archive),
        sources=names,
        at=at,
        hosts={name: site.address for name, site in web.items()},
        modules=("tests.crawler.small_press",),
    )
    summaries = {summary.source: summary for summary in crawl(order)}
    for summary in summaries.values():
        counts = summary.counts
        assert counts.fetched == counts.stored + counts.duplicate + counts.refused + counts.failed
    return summaries


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_nothing_a_site_does_stops_the_crawl(archive: Address, web: dict[str, Site]) -> None:
    herald, busy, shut = web.values()
    begun = time.monotonic()
    summaries = run(archive, web, "marsh_herald", "busy_times", "shut_gazette")
    assert time.monotonic() - begun < 60

    with Store.at(archive) as store, store.reading() as connection:
        query = sa.select(frontier.c.url, frontier.c.outcome, frontier.c.source_id)
        ended = {row.url: row.outcome for row in connection.execute(query)}
        kept = set(connection.execute(sa.select(articles.c.url)).scalars())
        waiting = connection.execute(sa.select(hosts)).one()
    told = {url.split("/", 3)[3].strip("/"): out for url, out in ended.items() if "herald" in host(url)}
    assert told == {"feed": "done"} | {path: outcome for path, (_, outcome) in ANSWERS.items()}
    assert {url for url in kept if "herald" in url} == {
        f"http://www.marshherald.example/{path}/" for path in ("good", "packed", "teaser")
    }
    assert herald.asked["/self/"] <= 11
    assert herald.asked["/ping/"] + herald.asked["/pong/"] <= 11
    assert herald.asked["/private/1/"] + herald.asked["/mined/1/"] == 0

    assert set(shut.asked) == {"/robots.txt"}
    assert summaries["shut_gazette"].outcomes == {"unreachable": 1}
    assert waiting.id == "www.busytimes.example"
    assert abs(waiting.not_before - AT - dt.timedelta(days=1)) < dt.timedelta(minutes=2)

    asked = busy.asked.total()
    later = run(archive, web, "busy_times", at=AT + dt.timedelta(hours=3))["busy_times"]
    assert set(later.outcomes) == {"postponed"}
    assert busy.asked.total() == asked
    busy.pages["/2/"] = STORY
    afterwards = run(archive, web, "busy_times", at=AT + dt.timedelta(hours=25))["busy_times"]
    assert afterwards.counts.stored == 1
    assert busy.asked["/2/"] == 2
