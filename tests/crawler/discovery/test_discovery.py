"""Feeds, sitemaps and listings: bytes in, leads out, and a clear fault for what is none of them."""

import gzip
import json
import re
import time
from pathlib import Path

import pytest

from crawler.discovery.feeds import read_feed
from crawler.discovery.leads import Lead, web_address
from crawler.discovery.listings import Listing, read_listing
from crawler.discovery.sitemaps import read_sitemap, sitemaps_of_robots
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


def test_a_feed_of_a_hundred_thousand_items_is_cut_and_quick() -> None:
    item = b"<item><title>x</title><link>/%d</link><pubDate>Wed, 05 Jun 2024 23:30:00 GMT</pubDate></item>"
    many = b"<rss version='2.0'><channel>" + b"".join(item % n for n in range(100_000)) + b"</channel></rss>"
    begun = time.process_time()
    leads = read_feed(many, HOME)
    assert time.process_time() - begun < 8
    assert len(leads) == 5000
    assert leads[-1].url == f"{HOME}4999"


def test_stories_that_share_an_id_are_each_a_lead_and_a_date_that_cannot_be_is_read() -> None:
    items = "".join(
        f"<item><guid>same</guid><title>Story {n}</title><link>/{n}</link><pubDate>{day}</pubDate></item>"
        for n, day in enumerate(
            (
                "Fri, 05 Jun 2054 08:00:00 GMT",
                "Fri, 31 Dec 9999 23:59:59 -1200",
                "Mon, 01 Jan 0001 00:00:00 +1400",
                "",
            )
        )
    )
    leads = read_feed(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), HOME)
    assert [lead.url for lead in leads] == [f"{HOME}{n}" for n in range(4)]
    assert leads[0].published == "2054-06-05"
    assert leads[3].published is None


def test_what_a_feed_tells_of_a_story_is_plain_words() -> None:
    summary = b"<description>&lt;p&gt;A home for &lt;b&gt;four&lt;/b&gt; children&lt;/p&gt;</description>"
    (lead,) = read_feed(
        b"<rss version='2.0'><channel><item><link>/1</link>" + summary + b"</item></channel></rss>", HOME
    )
    assert lead.summary == "A home for four children"


def test_json_feed_leads_to_its_items() -> None:
    items = [
        {
            "id": "1",
            "url": "/news/1/",
            "title": "One",
            "summary": "s",
            "date_published": "2024-06-05T23:30:00Z",
        },
        {"id": f"{HOME}news/2/", "content_text": "Two", "date_modified": "2024-06-07T09:00:00+01:00"},
        {"id": "no address"},
        "no item",
    ]
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": items})
    one, two = read_feed(feed.encode(), HOME)
    assert one == Lead(url=f"{HOME}news/1/", title="One", summary="s", published="2024-06-06")
    assert (two.url, two.summary, two.published) == (f"{HOME}news/2/", "Two", "2024-06-07")


@pytest.mark.parametrize(
    "content", [b'{"items": []}', b"{", b'{"version": "https://jsonfeed.org/version/1"}']
)
def test_other_json_is_no_feed(content: bytes) -> None:
    with pytest.raises(Unreadable, match="no feed"):
        read_feed(content, HOME)


NEWS_SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>
 https://www.wealdenpost.example/news/1/ </loc><lastmod>2024-03-05T10:00:00+00:00</lastmod>
 <news:news><news:publication_date>2024-03-05</news:publication_date><news:title>One</news:title></news:news>
 </url><url><loc>ftp://x.example/</loc></url></urlset>"""


@pytest.mark.parametrize("packed", [False, True])
def test_a_news_sitemap_leads_to_its_pages(packed: bool) -> None:
    content = gzip.compress(NEWS_SITEMAP, mtime=0) if packed else NEWS_SITEMAP
    assert read_sitemap(content, HOME) == [
        Lead(url=f"{HOME}news/1/", title="One", published="2024-03-05", modified="2024-03-05T10:00:00+00:00")
    ]


def test_an_index_leads_to_sitemaps() -> None:
    index = b"<sitemapindex><sitemap><loc>/a.xml.gz</loc></sitemap></sitemapindex>"
    assert read_sitemap(index, HOME) == [Lead(url=f"{HOME}a.xml.gz", is_sitemap=True)]


@pytest.mark.parametrize(
    "content",
    [
        f"{HOME}news/1/\r\nwords\n{HOME}news/2/".encode(),
        b"\xef\xbb\xbf" + f"{HOME}news/1/\n{HOME}news/2/".encode(),
        gzip.compress(f"{HOME}news/1/\n{HOME}news/2/\n".encode(), mtime=0),
        b"<urlset><url><image><loc>/i.jpg</loc></image><loc>/news/1/</loc></url><url>\n/news/2/\n</url></urlset>",
        b"<rss version='2.0'><channel><item><link>/news/1/</link></item><item><link>/news/2/</link></item></channel></rss>",
    ],
)
def test_a_sitemap_may_be_a_list_or_a_feed_and_name_pictures(content: bytes) -> None:
    assert [lead.url for lead in read_sitemap(content, HOME)] == [f"{HOME}news/1/", f"{HOME}news/2/"]


def test_robots_txt_names_sitemaps_in_any_spelling() -> None:
    robots = "User-agent: *\nDisallow: /x\nSitemap: /a.xml\nsItE-mAp :  https://x.example/b.xml.gz\n# sitemap: /c.xml\n"
    assert sitemaps_of_robots(robots, HOME) == [f"{HOME}a.xml", "https://x.example/b.xml.gz"]


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
        (gzip.compress(NEWS_SITEMAP, mtime=0)[:40] + b"xxxx" * 30, "compression is damaged"),
        (gzip.compress(b" " * (60 * 2**20), mtime=0), "larger than 50 MiB"),
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
def test_every_feed_of_the_suite_is_read_or_said_to_be_none(shared: Path) -> None:
    files = [
        path for path in (shared / "suites/feeds/feedparser").rglob("*.*") if path.suffix in {".xml", ".json"}
    ]
    assert len(files) > 2000
    none = []
    for path in files:
        content = path.read_bytes()
        told = re.search(rb"Header:\s*Content-type:\s*(\S[^\r\n]*)", content, re.IGNORECASE)
        try:
            read_feed(content, HOME, told[1].decode("latin-1").strip() if told else None)
        except Unreadable:
            none.append(path.name)
    assert len(none) < 10, none  # documents without a feed in them: each is checked by name in the suite


@pytest.mark.real
def test_every_address_in_the_sitemaps_of_the_suite_is_found(shared: Path) -> None:
    """Each address stands in an element or line of its own, so that counting those tells how many there are."""
    files = [path for path in (shared / "suites/sitemaps").rglob("*.*") if "LICEN" not in path.name]
    assert len(files) >= 25
    for path in files:
        content = path.read_bytes()
        if path.name == "robots.txt":
            assert len(sitemaps_of_robots(content.decode(), HOME)) == 4
            continue
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        entries = len(re.findall(rb"<(?:\w+:)?(?:url|sitemap|item|entry)>", content))
        lines = len(re.findall(rb"^(?:\xef\xbb\xbf)?https?://", content, re.MULTILINE))
        nowhere = len(
            re.findall(
                rb"<(?:url|item)>(?:(?!</(?:url|item)>|<loc>|http).)*</(?:url|item)>", content, re.DOTALL
            )
        )
        assert len(read_sitemap(path.read_bytes(), HOME)) == (entries or lines) - nowhere, path.name
