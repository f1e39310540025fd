"""The demo's web over real HTTP on loopback."""

import socket
from collections.abc import Iterator
from urllib.robotparser import RobotFileParser

import feedparser
import httpx
import pytest
from lxml import etree, html

from onrecord.demo.server import Web, serving
from onrecord.demo.stories import stories
from onrecord.demo.web import web
from onrecord.errors import PortsBusy

MESSENGER = "www.pennine-messenger.example"
GAZETTE = "www.wolds-estuary-gazette.example"
DISPATCH = "marchesdispatch.example"
REPORTS = "reports.ofsted.example"
FILES = "files.ofsted.example"


@pytest.fixture(scope="module")
def served() -> Iterator[Web]:
    with serving(web(), 0) as running:
        yield running


@pytest.fixture
def fetch(served: Web) -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


def at(served: Web, host: str, path: str) -> str:
    return f"http://{served.addresses[host]}{path}"


def test_every_story_is_served_on_its_papers_own_port(served: Web, fetch: httpx.Client) -> None:
    hosts = {"messenger": MESSENGER, "gazette": GAZETTE, "dispatch": DISPATCH}
    for story in stories():
        answer = fetch.get(at(served, hosts[story.outlet], story.path))
        assert answer.status_code == 200
        heading = html.fromstring(answer.text).xpath("string(//h1)")
        assert heading.strip() == story.title
    assert fetch.get(
        at(served, GAZETTE, "/news/aldermoss-news/children-ate-stairs-aldermoss-home-30118842")
    ).is_error


def test_the_feeds_parse_and_name_a_story_that_is_gone(served: Web, fetch: httpx.Client) -> None:
    feed = feedparser.parse(fetch.get(at(served, GAZETTE, "/news/rss/")).content)
    assert not feed.bozo
    assert len(feed.entries) == len([story for story in stories() if story.outlet == "gazette"]) + 1
    gone = feed.entries[-1].link.removeprefix(f"https://{GAZETTE}")
    assert fetch.get(at(served, GAZETTE, gone)).status_code == 404
    assert len(feedparser.parse(fetch.get(at(served, MESSENGER, "/?service=rss")).content).entries) == 10


def test_the_sitemap_lists_also_what_robots_disallows(served: Web, fetch: httpx.Client) -> None:
    tree = etree.fromstring(fetch.get(at(served, MESSENGER, "/map_news.xml")).content)
    listed = tree.xpath("//*[local-name()='url']/*[local-name()='loc']/text()")
    robots = RobotFileParser()
    robots.parse(fetch.get(at(served, MESSENGER, "/robots.txt")).text.splitlines())
    kept = [address for address in listed if robots.can_fetch("OnRecord", address)]
    assert len(listed) - len(kept) == 1
    assert robots.site_maps() == [f"https://{MESSENGER}/map_news.xml"]


def test_the_listing_pages_reach_every_story(served: Web, fetch: httpx.Client) -> None:
    found, path = set(), "/category/news/"
    while path:
        page = html.fromstring(fetch.get(at(served, DISPATCH, path)).text)
        found |= set(page.xpath("//h2[@class='entry-title']/a/@href"))
        path = "".join(page.xpath("//a[contains(@class, 'next')]/@href"))
    assert found == {story.path for story in stories() if story.outlet == "dispatch"}


def test_a_page_that_did_not_change_is_not_sent_again(served: Web, fetch: httpx.Client) -> None:
    address = at(served, DISPATCH, "/2024/09/04/a-share-in-a-pony/")
    first = fetch.get(address)
    again = fetch.get(address, headers={"If-None-Match": first.headers["ETag"]})
    since = fetch.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (again.status_code, since.status_code) == (304, 304)
    assert again.content == b""


def test_the_second_edition_changes_one_page(served: Web, fetch: httpx.Client) -> None:
    address = at(served, MESSENGER, "/news/rackendale-news/television-was-teacher-council-home-30214077")
    first = fetch.get(address)
    served.edition = 2
    try:
        second = fetch.get(address, headers={"If-None-Match": first.headers["ETag"]})
        sitemap = fetch.get(at(served, MESSENGER, "/map_news.xml")).text
    finally:
        served.edition = 1
    assert second.status_code == 200
    assert "home to five young people" in first.text
    assert "home to six young people" in second.text
    assert "<lastmod>2024-08-22T12:15:00+00:00</lastmod>" in sitemap


def test_the_regulators_search_is_paged_and_leads_to_reports(served: Web, fetch: httpx.Client) -> None:
    found, path = [], "/search?q=&level_1_types=3&start=0&rows=8"
    while path:
        page = html.fromstring(fetch.get(at(served, REPORTS, path)).text)
        found += page.xpath("//li[@class='search-result']/h3/a/@href")
        path = "".join(page.xpath("//a[@rel='next']/@href"))
    assert len(found) == 21
    files = [
        address.removeprefix(f"http://{served.addresses[FILES]}")
        for one in found
        for address in html.fromstring(fetch.get(at(served, REPORTS, one)).text).xpath(
            "//li[contains(@class, 'timeline__day')]//a[@class='publication-link']/@href"
        )
    ]
    assert len(set(files)) == 25
    assert all(fetch.get(at(served, FILES, path)).content.startswith(b"%PDF-") for path in files)


def test_the_tables_are_linked_from_the_data_page(served: Web, fetch: httpx.Client) -> None:
    page = html.fromstring(fetch.get(at(served, REPORTS, "/data")).text)
    tables = [
        address.removeprefix(f"http://{served.addresses[FILES]}") for address in page.xpath("//h2/a/@href")
    ]
    assert len(tables) == 4
    assert all(fetch.get(at(served, FILES, path)).headers["Content-Type"] == "text/csv" for path in tables)


def test_links_lead_a_browser_where_they_are_served_and_a_crawl_by_name(
    served: Web, fetch: httpx.Client
) -> None:
    address = at(served, REPORTS, "/data")
    links = {
        host: set(html.fromstring(fetch.get(address, headers={"Host": host}).text).xpath("//h2/a/@href"))
        for host in (served.addresses[REPORTS], REPORTS)
    }
    assert all(fetch.get(link).status_code == 200 for link in links[served.addresses[REPORTS]])
    assert {link.replace(served.addresses[FILES], FILES) for link in links[served.addresses[REPORTS]]} == {
        link.replace("https:", "http:") for link in links[REPORTS]
    }
    assert all(link.startswith(f"https://{FILES}/") for link in links[REPORTS])


def test_a_port_that_is_taken_is_one_clear_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortsBusy, match=f"port {port} is taken"), serving(web(), port):
            pass


def test_the_ports_are_free_again_afterwards() -> None:
    with serving(web(), 0) as running:
        port = running.ports[MESSENGER]
        httpx.get(f"http://127.0.0.1:{port}/robots.txt").raise_for_status()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
