"""Feeds, sitemaps and listings: bytes in, leads out, and a clear fault for what is none of them."""

import gzip
from pathlib import Path

import pytest

from crawler.discovery.feeds import read_feed
from crawler.discovery.leads import Lead, web_address
from crawler.discovery.listings import Listing, read_listing
from crawler.discovery.sitemaps import read_sitemap
from crawler.errors import Unreadable

HOME = "https://www.wealdenpost.example/"
RSS = b"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Post</title>
<item><title> Home   must
improve </title><link>/news/1/</link><pubDate>Wed, 05 Jun 2024 23:30:00 GMT</pubDate></item>
<item><title>No link</title></item>
<item><title>By its id</title><guid>https://www.wealdenpost.example/news/2/</guid></item>
<item><title>Bad</title><link>javascript:alert(1)</link></item>
<item><title>Odd date</title><link>/news/3/#top</link><pubDate>99 Foo 20245</pubDate></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><entry><title>One</title>
<link href="https://www.wealdenpost.example/news/1/"/><id>urn:1</id>
<published>2024-01-05T08:00:00Z</published><updated>2024-01-06T09:30:00Z</updated></entry></feed>"""


def test_rss_leads_to_its_items() -> None:
    assert read_feed(RSS, HOME) == [
        # half past midnight on the sixth in England, in summer
        Lead(url=f"{HOME}news/1/", title="Home must improve", published="2024-06-06"),
        Lead(url=f"{HOME}news/2/", title="By its id"),
        Lead(url=f"{HOME}news/3/", title="Odd date"),
    ]


def test_atom_tells_when_a_story_was_changed() -> None:
    assert read_feed(ATOM, HOME) == [
        Lead(url=f"{HOME}news/1/", title="One", published="2024-01-05", modified="2024-01-06T09:30:00+00:00")
    ]


@pytest.mark.parametrize("content", [b"<html><body>Moved</body></html>", b"not xml", b"%PDF-1.4"])
def test_what_is_no_feed_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(Unreadable, match="no feed"):
        read_feed(content, HOME)


def test_a_feed_without_end_is_cut() -> None:
    item = b"<item><title>x</title><link>/%d</link></item>"
    many = b"<rss version='2.0'><channel>" + b"".join(item % n for n in range(6000)) + b"</channel></rss>"
    assert len(read_feed(many, HOME)) == 5000


NEWS_SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>
 https://www.wealdenpost.example/news/1/ </loc><lastmod>2024-03-05T10:00:00+00:00</lastmod>
 <news:news><news:publication_date>2024-03-05</news:publication_date><news:title>One</news:title></news:news>
 </url><url><loc>ftp://x.example/</loc></url></urlset>"""


@pytest.mark.parametrize("packed", [False, True])
def test_a_news_sitemap_leads_to_its_pages(packed: bool) -> None:
    content = gzip.compress(NEWS_SITEMAP) if packed else NEWS_SITEMAP
    assert read_sitemap(content, HOME) == [
        Lead(url=f"{HOME}news/1/", title="One", published="2024-03-05", modified="2024-03-05T10:00:00+00:00")
    ]


def test_an_index_leads_to_sitemaps() -> None:
    index = b"<sitemapindex><sitemap><loc>/a.xml.gz</loc></sitemap></sitemapindex>"
    assert read_sitemap(index, HOME) == [Lead(url=f"{HOME}a.xml.gz", is_sitemap=True)]


def test_a_sitemap_reads_no_file_of_ours() -> None:
    attack = (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b"<urlset><url><loc>https://x.example/&e;</loc></url></urlset>"
    )
    assert "root:" not in str(read_sitemap(attack, HOME))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html/>", "no sitemap"),
        (b"", "no sitemap"),
        (gzip.compress(NEWS_SITEMAP)[:40] + b"xxxx" * 30, "compression is damaged"),
        (gzip.compress(b" " * (60 * 2**20)), "larger than 50 MiB"),
    ],
)
def test_what_is_no_sitemap_is_said_to_be_none(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_sitemap(content, HOME)


def test_a_listing_leads_to_its_stories_and_on() -> None:
    page = b"""<main><article><h2><a href="/news/1/">One</a></h2><time datetime="2024-03-05T08:00Z">x</time>
    </article><article><h2><a href="/news/2/">Two</a></h2></article>
    <article><h2><a href="/news/1/#comments">3 comments</a></h2></article></main>
    <aside><h2><a href="/ad/">Ad</a></h2></aside><a rel="next" href="?page=2">Older</a>"""
    listing = Listing(links="main h2 a", next_page="a[rel=next]")
    leads, following = read_listing(page, f"{HOME}news/", listing)
    assert leads == [
        Lead(url=f"{HOME}news/1/", title="One", published="2024-03-05"),
        Lead(url=f"{HOME}news/2/", title="Two"),
    ]
    assert following == f"{HOME}news/?page=2"
    assert read_listing(b"<p>Nothing</p>", HOME, listing) == ([], None)


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "", None, "http://[x"],
)
def test_only_web_addresses_are_leads(link: str | None) -> None:
    assert web_address("" if link == "" else HOME, link) is None


@pytest.mark.real
def test_no_feed_of_the_suite_breaks_the_reader(shared: Path) -> None:
    files = list((shared / "suites/feeds/feedparser").rglob("*.xml"))
    assert len(files) > 1000
    read = 0
    for path in files[::5]:
        try:
            read_feed(path.read_bytes(), HOME)
        except Unreadable:
            continue
        read += 1
    assert read > len(files[::5]) * 0.8
