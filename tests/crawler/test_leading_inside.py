"""Whatever a page, a feed, a sitemap or a seed names, no request goes into our own network and no file is read."""

import datetime as dt
import json
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from crawler.orders import Order
from crawler.run import crawl
from storage.schema.crawl import frontier
from storage.schema.press import article_versions
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.engines import ON_SQLITE, Address

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
HOST = "www.ledecho.example"
TARGETS = [
    *("http://127.0.0.1:{canary}/", "http://127.1:{canary}/", "http://2130706433:{canary}/"),
    *("http://localhost:{canary}/", "http://LocalHost.:{canary}/", "http://[::1]:{canary}/"),
    *("http://[::ffff:127.0.0.1]:{canary}/", "http://0:{canary}/", f"http://{HOST}@127.0.0.1:{{canary}}/"),
    *(
        "http://127.0.0.1:{canary}\\@paper.example/",
        "http://①②⑦.⓪.⓪.①:{canary}/",
        "http://127。0。0。1:{canary}/",
    ),
    *("http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", " FiLe:/etc/passwd"),
    *(
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1:{canary}/_INFO",
        "jar:file:///etc/passwd!/",
        "data:text/html,<h1>x",
    ),
]
"""Invented by the kinds that there are: names of this machine, spellings of its address, other schemes."""


def a_page(number: int, head: str) -> bytes:
    """A story that can be read whatever stands in its head."""
    body = f"The harbour wall number {number} was mended before the winter tides, the council said. " * 12
    return f"""<html><head><title>Wall {number}</title>{head}</head><body class="single-post"><article>
<h1 class="entry-title">Wall {number}</h1><span class="author">Tamsin Okoro</span>
<time class="entry-date published" datetime="2024-03-05T08:00:00Z">5 March</time>
<div class="entry-content"><p>{body}</p></div></article></body></html>""".encode()


def leading(targets: list[str]) -> Site:
    """A paper that names each target in every way in which a site can name an address."""
    pages: dict[str, object] = {}
    for number, target in enumerate(targets):
        told = escape(target)
        pages[f"/redirect/{number}/"] = (302, {"Location": target.encode().decode("latin-1")}, b"")
        pages[f"/refresh/{number}/"] = a_page(number, f'<meta http-equiv="refresh" content="0; url={told}">')
        pages[f"/canonical/{number}/"] = a_page(
            -number - 1,
            f'<link rel="canonical" href="{told}"><link rel="amphtml" href="{told}"><base href="{told}">',
        )
    items = "".join(f"<item><title>x</title><link>http://{HOST}{path}</link></item>" for path in pages)
    items += "".join(
        f"<item><title>x</title><link>{escape(one)}</link><guid>{escape(one)}</guid></item>"
        f'<item><title>x</title><enclosure url="{escape(one)}" type="text/html" length="9"/></item>'
        for one in targets
    )
    places = "".join(f"<url><loc>{escape(one)}</loc></url>" for one in targets)
    pages["/feed/"] = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()
    pages["/sitemap.xml"] = (
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'.encode()
    )
    named = "".join(f"Sitemap: {one}\n" for one in targets)
    pages["/robots.txt"] = f"User-agent: *\nAllow: /\n{named}".encode()
    return Site(pages)  # type: ignore[arg-type]


def assert_nothing_leads_inside(archive: Address, given: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Site()) as canary:
        targets = [one.replace("{canary}", str(canary.port)) for one in given]
        monkeypatch.setenv("ONRECORD_TEST_SEEDS", json.dumps(targets))
        with serving(leading(targets)) as site:
            order = Order(
                archive=str(archive),
                sources=("led_echo",),
                at=AT,
                since=dt.date(2020, 1, 1),
                hosts={HOST: site.address},
                modules=("tests.crawler.led_inside",),
            )
            (summary,) = crawl(order)
            asked = set(site.asked)
    assert not canary.asked, "the canary was asked"
    ways = {"redirect", "refresh", "canonical"}
    reached = {path.split("/")[1] for path in asked}
    assert ways <= reached, "each way was tried"
    assert {"feed", "robots.txt"} <= reached
    assert summary.counts.stored == 1 + 2 * len(targets), "the feed, and pages that only name such an address"
    with Store.at(archive) as store, store.reading() as connection:
        texts = connection.execute(sa.select(article_versions.c.text)).scalars().all()
        ended = set(connection.execute(sa.select(frontier.c.outcome)).scalars())
        fetched = (
            connection.execute(sa.select(frontier.c.url).where(frontier.c.outcome == "done")).scalars().all()
        )
    assert "our_fault" not in ended
    assert not any("root:" in (text or "") for text in texts)
    assert all(urlsplit(url).hostname == HOST for url in fetched)


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_no_way_to_name_an_address_leads_inside(archive: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_nothing_leads_inside(archive, TARGETS, monkeypatch)


@pytest.mark.real
def test_no_known_address_leads_inside_by_any_way(
    archive: Address, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (shared / "suites/attacks/ssrf_cases.jsonl").read_text(encoding="utf-8").splitlines()
    blocked = [case["url"] for case in map(json.loads, lines) if case["block"]]
    targets = [
        parse_qs(urlsplit(one).query)["to"][0] if "{public}" in one else one
        for one in blocked
        if "{dns}" not in one  # names that a server of the attacker's resolves: see test_connections
    ]
    assert len(targets) >= 60
    assert_nothing_leads_inside(archive, targets, monkeypatch)
