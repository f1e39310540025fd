"""The crawl against real servers on loopback, with real Scrapy: what is asked for, kept, never doubled."""

import datetime as dt
import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.errors import CrawlFailed
from crawler.orders import Order, Summary
from crawler.run import crawl
from storage import articles, captures, soundness
from storage.evidence import EvidenceFolder
from storage.runs import Counts
from storage.schema.crawl import captures as captures_table
from storage.schema.crawl import failures, frontier
from storage.schema.press import article_versions
from storage.schema.press import articles as table
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.engines import ON_SQLITE, Address

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
ECHO = "http://www.fenlandecho.example"
POST = "https://www.wealdenpost.example"
ABOUT_HOST = {"/robots.txt": 1, "/.well-known/tdmrep.json": 1}


def a_story(
    number: int, body: str = "Inspectors told the home to improve after a visit in January."
) -> bytes:
    return f"""<html><head><title>Story {number} - Fenland Echo</title></head><body class="single-post">
<nav>Menu</nav><article><h1 class="entry-title">Story {number}</h1>
<span class="byline">By <span class="author">Tamsin Okoro</span></span>
<time class="entry-date published" datetime="2024-03-05T08:00:00Z">5 March</time>
<div class="entry-content"><p>{body}</p><p>Home {number} is run by Fenlight Care and was not named.</p></div>
</article></body></html>""".encode()


def a_feed(*numbers: int, updated: str = "") -> bytes:
    changed = f"<atom:updated>{updated}</atom:updated>" if updated else ""
    items = "".join(
        f"<item><title>Story {n}</title><link>{ECHO}/{n}/?utm_source=rss</link>"
        f"<pubDate>Tue, 05 Mar 2024 08:00:00 GMT</pubDate>{changed}</item>"
        for n in numbers
    )
    head = '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
    return f"{head}<title>Echo</title>{items}</channel></rss>".encode()


@pytest.fixture
def echo() -> Iterator[Site]:
    pages = {f"/{n}/?utm_source=rss": a_story(n) for n in range(1, 4)}
    with serving(Site({"/feed/": a_feed(1, 2, 3), **pages})) as site:
        yield site


def an_order(archive: Address, site: Site, source: str = "fenland_echo", **given: object) -> Order:
    host = {"fenland_echo": "www.fenlandecho.example", "wealden_post": "www.wealdenpost.example"}[source]
    usual: dict[str, object] = {
        "archive": str(archive),
        "sources": (source,),
        "at": AT,
        "hosts": {host: site.address},
        "modules": ("tests.crawler.small_press",),
    }
    return Order(**(usual | given))  # type: ignore[arg-type]


def run(archive: Address, site: Site, source: str = "fenland_echo", **given: object) -> Summary:
    (summary,) = crawl(an_order(archive, site, source, **given))
    counts = summary.counts
    assert counts.fetched == counts.stored + counts.duplicate + counts.refused + counts.failed
    return summary


def versions(archive: Address) -> list[tuple[str, int, str]]:
    with Store.at(archive) as store, store.reading() as connection:
        query = sa.select(table.c.url, article_versions.c.number, article_versions.c.text).join(
            article_versions, article_versions.c.article_id == table.c.id
        )
        rows = connection.execute(query.order_by(table.c.url, article_versions.c.number))
        return [(row.url, row.number, row.text) for row in rows]


def test_a_feed_leads_to_articles_with_their_evidence(archive: Address, echo: Site) -> None:
    summary = run(archive, echo, contact="https://newsroom.example")
    assert summary.counts == Counts(fetched=4, stored=4)
    assert [(url.rsplit("/", 2)[1], number) for url, number, _ in versions(archive)] == [
        ("1", 1), ("2", 1), ("3", 1),
    ]  # fmt: skip
    with Store.at(archive) as store, store.reading() as connection:
        article_id = articles.find(connection, f"{ECHO}/2/")
        version = articles.latest_version(connection, article_id)
        capture = captures.of_article(connection, article_id)
        assert EvidenceFolder(store.place.evidence).read(capture) == a_story(2)
        origins = set(connection.execute(sa.select(table.c.outlet, table.c.source_id)).all())
    assert (version.title, version.byline, version.published, version.published_from) == (
        "Story 2", "Tamsin Okoro", "2024-03-05", "page",
    )  # fmt: skip
    assert origins == {("Fenland Echo", "fenland_echo")}
    assert "Menu" not in version.text
    (agent,) = echo.agents
    assert agent.startswith("OnRecord/")
    assert agent.endswith("+https://newsroom.example")
    assert echo.hosts == {"www.fenlandecho.example"}


def test_robots_txt_is_obeyed_and_said(archive: Address, echo: Site) -> None:
    echo.pages["/robots.txt"] = b"User-agent: OnRecord\nDisallow: /2/\n"
    summary = run(archive, echo)
    assert summary.outcomes == {"done": 3, "refused_by_robots": 1}
    assert echo.asked["/2/?utm_source=rss"] == 0
    assert len(versions(archive)) == 2


def test_later_crawls_find_what_was_edited_and_what_was_withdrawn(archive: Address, echo: Site) -> None:
    run(archive, echo)
    echo.asked.clear()
    assert run(archive, echo).counts == Counts(fetched=1, duplicate=1)
    assert dict(echo.asked) == {**ABOUT_HOST, "/feed/": 1}, "nothing else is asked when the feed is old"

    echo.pages["/feed/"] = a_feed(1, 2, 3, updated="2024-03-06T12:15:00Z")
    echo.pages["/2/?utm_source=rss"] = a_story(2, "Inspectors told the home to close after a second visit.")
    soon = AT + dt.timedelta(minutes=30)
    assert run(archive, echo, at=soon).outcomes == {"done": 2, "unchanged": 2}

    echo.pages["/1/?utm_source=rss"] = a_story(1, "The home has closed, its owner said on Friday.")
    assert run(archive, echo, revisit=True).outcomes == {"unchanged": 3, "done": 1}

    del echo.pages["/3/?utm_source=rss"]
    echo.pages["/2/?utm_source=rss"] = a_story(2, "The home has closed, and nobody will say why.")
    a_day_later = run(archive, echo, at=AT + dt.timedelta(days=1))
    assert a_day_later.outcomes == {"unchanged": 2, "done": 1, "gone": 1}

    texts = {(url.split("/")[3], number): text for url, number, text in versions(archive)}
    assert set(texts) == {("1", 1), ("1", 2), ("2", 1), ("2", 2), ("2", 3), ("3", 1)}
    assert "told the home to improve" in texts["2", 1]
    assert "told the home to close" in texts["2", 2]
    with Store.at(archive) as store, store.reading() as connection:
        row = connection.execute(sa.select(table).where(table.c.gone_at.is_not(None))).one()
        again = sa.select(captures_table.c.url).where(captures_table.c.record_type == "revisit")
        assert {url.split("/")[3] for url in connection.execute(again).scalars()} == {"1", "2", "3"}
        indexed = list(captures.each(connection))
        assert list(EvidenceFolder(store.place.evidence).verify(iter(indexed))) == []
        assert all(captures.with_body(connection, one).record_type != "revisit" for one in indexed)
    assert (row.url.split("/")[3], row.gone_reason) == ("3", "status 404")

    echo.pages["/3/?utm_source=rss"] = a_story(3)
    run(archive, echo, at=AT + dt.timedelta(days=7))
    with Store.at(archive) as store, store.reading() as connection:
        assert connection.execute(sa.select(table.c.gone_at)).scalars().all() == [None] * 3


def test_every_page_ends_as_what_it_is(archive: Address, echo: Site) -> None:
    html = {"Content-Type": "text/html"}
    answers = {
        "gone": (410, html, b""),
        "blocked": (200, html, b"<html><title>Just a moment...</title><body>checking</body></html>"),
        "empty": (200, html, b" \n"),
        "needs_javascript": (
            200,
            html,
            b"<html><body><div id='root'></div><script src=x></script></body></html>",
        ),
        "unreadable": (200, html, b"<html><body><p>Short.</p></body></html>"),
        "elsewhere": (302, {"Location": f"http://other.example:{echo.port}/"}, b""),
        "server_error": (418, html, b"teapot"),
        "private_address": (302, {"Location": "http://127.0.0.1:80/"}, b""),
        "too_large": (200, html, b"x" * (16 * 2**20 + 1)),
        "unreachable": (302, {"Location": "https://www.fenlandecho.example.invalid/"}, b""),
    }
    echo.pages["/feed/"] = a_feed(*range(100, 100 + len(answers)))
    for number, answer in enumerate(answers.values(), start=100):
        echo.pages[f"/{number}/?utm_source=rss"] = answer
    hosts = {"www.fenlandecho.example": echo.address, "other.example": echo.address}
    summary = run(archive, echo, hosts=hosts)
    assert summary.outcomes == {"done": 1, **dict.fromkeys(answers, 1)}
    assert versions(archive) == []
    with Store.at(archive) as store, store.reading() as connection:
        noted = set(connection.execute(sa.select(failures.c.outcome)).scalars())
        reasons = connection.execute(
            sa.select(frontier.c.reason).where(frontier.c.outcome != "done")
        ).scalars()
        assert all(reasons)
    assert noted == {
        "blocked",
        "empty",
        "needs_javascript",
        "unreadable",
        "server_error",
        "too_large",
        "unreachable",
    }


def test_a_feed_that_names_nothing_is_no_success(archive: Address, echo: Site) -> None:
    echo.pages["/feed/"] = a_feed()
    assert run(archive, echo).outcomes == {"empty": 1}


def test_sitemaps_and_listings_lead_on(archive: Address) -> None:
    pages: dict[str, bytes] = {
        "/sitemap.xml": f"""<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{POST}/news.xml.gz</loc></sitemap></sitemapindex>""".encode(),
        "/news.xml.gz": gzip.compress(
            f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{POST}/news/1/a</loc></url>
<url><loc>{POST}/about</loc></url><url><loc>https://elsewhere.example/news/5/b</loc></url></urlset>""".encode()
        ),
        "/news/": b"<ul><li><a class='story' href='/news/1/a'>A</a>"
        b"<li><a class='story' href='/news/2/b'>B</a></ul><a class='next' href='/news/?page=2'>More</a>",
        "/news/?page=2": b"<ul><li><a class='story' href='/news/3/c'>C</a></ul>",
        **{f"/news/{n}/{name}": a_story(n) for n, name in ((1, "a"), (2, "b"), (3, "c"))},
    }
    with serving(Site(dict(pages))) as site:
        summary = run(archive, site, "wealden_post")
        assert site.asked["/about"] == 0
    # whichever of sitemap and listing comes second finds the first story known
    assert summary.counts.stored + summary.counts.duplicate == summary.counts.fetched == 7
    assert [url for url, _, _ in versions(archive)] == [
        f"{POST}/news/{path}" for path in ("1/a", "2/b", "3/c")
    ]


def test_articles_from_before_a_day_are_left(archive: Address, echo: Site) -> None:
    run(archive, echo, since=dt.date(2024, 3, 6))
    assert versions(archive) == []
    echo.pages["/feed/"] = a_feed(1, 2)
    run(archive, echo, since=dt.date(2024, 3, 5))
    assert len(versions(archive)) == 2


def test_an_unknown_source_is_one_clear_line(tmp_path: Path, echo: Site) -> None:
    nowhere = tmp_path / "none.db"
    with pytest.raises(CrawlFailed, match="no source is called 'nonesuch'"):
        crawl(an_order(nowhere, echo, sources=("nonesuch",)))
    assert not nowhere.exists()


@ON_SQLITE  # whose file is what grows past the size
@pytest.mark.parametrize("largest", [60_000, 150_000])
def test_a_full_disk_is_one_clear_line_and_the_next_run_goes_on(
    archive: Address, echo: Site, largest: int
) -> None:
    """No file can grow past a size: at the first write, or in the midst of pages."""
    echo.pages["/feed/"] = a_feed(*range(1, 31))
    echo.pages |= {f"/{n}/?utm_source=rss": a_story(n) for n in range(1, 31)}
    code = (
        f"import resource, signal, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({largest}, {largest}));"
        " signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        " from crawler.run import crawl; from crawler.orders import Order;"
        " [print(one.ending, one.reason) for one in crawl(Order.from_json(sys.argv[1]))]"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", code, an_order(archive, echo).to_json()]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    told = ended.stdout + ended.stderr.strip().splitlines()[-1] if ended.stderr else ended.stdout
    assert "disk I/O error" in told or "database or disk is full" in told or "File too large" in told
    run(archive, echo)
    assert len(versions(archive)) == 30
    with Store.at(archive) as store, store.reading() as connection:
        assert list(soundness.database(connection)) == []
        indexed = list(captures.each(connection))
        assert list(EvidenceFolder(store.place.evidence).verify(iter(indexed))) == []
