"""What a crawl looks for: a newsroom's profile, an archive between two days, and no endless addresses."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from crawler.profile import Profile
from tests.crawler.small_web import Answer, Site, serving
from tests.crawler.test_crawl import AT, ECHO, POST, a_story, run, versions
from tests.engines import ON_SQLITE, Address, folder_of

SECURE_ECHO = ECHO.replace("http:", "https:")


def a_feed(*stories: tuple[str, str], updated: str = "") -> bytes:
    changed = f"<atom:updated>{updated}</atom:updated>" if updated else ""
    items = "".join(
        f"<item><title>{t}</title><link>{ECHO}{path}</link>{changed}</item>" for path, t in stories
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{items}</channel></rss>'
    ).encode()


STORIES = (
    ("/news/1/", "Home must improve, says Ofsted"),
    ("/news/2/", "What inspectors found behind a blue door"),
    ("/news/3/", "Bakery wins prize for its eclairs"),
    ("/sport/4/", "Rovers win again"),
    ("/sport/5/", "Ofsted inspector runs marathon in a bear costume"),
)


@pytest.fixture
def echo() -> Iterator[Site]:
    pages: dict[str, bytes | Answer] = {"/feed/": a_feed(*STORIES)}
    bodies = {
        "/news/1/": "Ofsted told the home to improve after a visit in January of this year.",
        "/news/2/": "Two children’s homes in Wisbech were visited by inspectors in March.",
        "/news/3/": "The judges said that the cream was as good as any they had eaten.",
        "/sport/5/": "He works for Ofsted in the week, and ran in aid of a hospice.",
    }
    pages |= {path: a_story(int(path[-2]), body) for path, body in bodies.items()}
    with serving(Site(pages)) as site:
        yield site


def kept(archive: Address) -> list[str]:
    return [url.removeprefix(ECHO) for url, _, _ in versions(archive)]


def test_what_the_newsroom_does_not_look_for_is_fetched_once_and_never_kept(
    archive: Address, echo: Site
) -> None:
    profile = Profile(words=("ofsted", "children's home"))
    summary = run(archive, echo, profile=profile)
    assert kept(archive) == ["/news/1/", "/news/2/", "/sport/5/"]
    assert summary.outcomes == {"done": 4, "off_profile": 1}
    assert echo.asked["/sport/4/"] == 0, "a section that is never wanted is not fetched for its text"

    echo.pages["/feed/"] = a_feed(*STORIES, updated="2024-03-06T10:00:00Z")
    run(archive, echo, profile=profile, revisit=True, at=AT + dt.timedelta(days=1))
    assert (echo.asked["/news/3/"], echo.asked["/sport/4/"]) == (1, 0)

    run(archive, echo, profile=Profile(words=("ofsted", "judges")), at=AT + dt.timedelta(days=2))
    assert "/news/3/" in kept(archive), "another profile looks at it again"


@pytest.mark.parametrize(
    ("profile", "area", "text", "wanted"),
    [
        (Profile(), (), "Anything", True),
        (Profile(words=("care home",)), (), "Care\nHomes in Kent", True),
        (Profile(words=("care home",)), (), "careful homeowner", False),
        (Profile(words=("children's home",)), (), "A children’s homes’ boss", True),
        (Profile(words=("ofsted",), places=("Kent",)), (), "Ofsted in Leeds", False),
        (Profile(words=("ofsted",), places=("Kent",)), (), "Ofsted in Kent", True),
        (Profile(words=("ofsted",), places=("Kent",)), ("kent", "Medway"), "Ofsted visited", True),
        (Profile(places=("Kent",)), (), "Kentish Town", False),
    ],
)
def test_a_profile_asks_for_words_and_places(
    profile: Profile, area: tuple[str, ...], text: str, wanted: bool
) -> None:
    assert profile.wants(text, area) is wanted


def test_an_archive_is_walked_between_two_days(archive: Address, echo: Site) -> None:
    def listing(*numbers: int) -> bytes:
        cards = (
            f"<article><h2 class='entry-title'><a href='{SECURE_ECHO}/old/{n}/'>Story {n}</a></h2></article>"
            for n in numbers
        )
        return f"<html><body>{''.join(cards)}</body></html>".encode()

    def a_sitemap(*locs: str) -> bytes:
        urls = "".join(f"<url><loc>{loc}</loc></url>" for loc in locs)
        return f'<?xml version="1.0"?><urlset xmlns="x">{urls}</urlset>'.encode()

    echo.pages |= {
        "/robots.txt": f"Sitemap: {SECURE_ECHO}/sitemap-2024-03.xml\nSitemap: {SECURE_ECHO}/sitemap-2021-07.xml\n".encode(),
        "/sitemap-2024-03.xml": a_sitemap(f"{SECURE_ECHO}/old/13/"),
        "/2024/03/04/": listing(11),
        "/2024/03/05/": listing(12),
        **{f"/old/{n}/": a_story(n) for n in (11, 12, 13, 14)},
        "/old/14/": a_story(14).replace(b"2024-03-05T08", b"2021-03-05T08"),
    }
    echo.pages["/feed/"] = a_feed(("/old/14/", "Too old"))
    span = {"since": dt.date(2024, 3, 4), "until": dt.date(2024, 3, 5)}
    summary = run(archive, echo, **span)
    assert [path.rsplit("/", 2)[1] for path in kept(archive)] == ["11", "12", "13"]
    assert echo.asked["/sitemap-2021-07.xml"] == 0
    assert echo.asked["/2024/03/06/"] == echo.asked["/2024/03/03/"] == 0
    assert summary.outcomes["not_wanted"] == 1

    echo.asked.clear()
    run(archive, echo)
    assert set(echo.asked) == {"/robots.txt", "/feed/"} | {path for path in echo.asked if "tdmrep" in path}
    run(archive, echo, since=dt.date(2021, 3, 4), until=dt.date(2021, 3, 6))
    assert "/old/14/" in " ".join(kept(archive)), "what was too old for one run is in time for another"


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_a_part_of_an_index_that_tells_no_dates_is_asked_again_ever_more_seldom(archive: Address) -> None:
    def an_index(*parts: str) -> bytes:
        entries = "".join(f"<sitemap>{part}</sitemap>" for part in parts)
        return f"<sitemapindex>{entries}</sitemapindex>".encode()

    def a_part(*numbers: int) -> bytes:
        entries = "".join(f"<url><loc>{POST}/news/{n}/a</loc></url>" for n in numbers)
        return f"<urlset>{entries}</urlset>".encode()

    quiet, over, told = (
        f"<loc>{POST}/quiet.xml</loc>",
        f"<loc>{POST}/2024-01.xml</loc>",
        f"<loc>{POST}/told.xml</loc>",
    )
    pages: dict[str, bytes | Answer] = {
        "/sitemap.xml": an_index(f"<loc>{POST}/new.xml</loc>", quiet, over, f"{told}<lastmod>2024-03-01</lastmod>"),
        "/news/": b"<li><a class='story' href='/news/1/a'>A</a>",
        **{f"/news/{n}/a": a_story(n) for n in range(1, 33)},
        **{f"/{part}.xml": a_part(n) for n, part in enumerate(("quiet", "2024-01", "told"), start=2)},
    }  # fmt: skip
    with serving(Site(pages)) as site:
        for hour in (0, 1, 2, 3, 5, 8, 21):
            site.pages["/new.xml"] = a_part(*range(10, 12 + hour))
            run(archive, site, "wealden_post", at=AT + dt.timedelta(hours=hour))
        asked = {part: site.asked[f"/{part}.xml"] for part in ("new", "quiet", "2024-01", "told")}
    assert {url.split("/")[4] for url in kept(archive)} == {str(n) for n in (1, 2, 3, 4, *range(10, 33))}
    assert asked == {"new": 7, "quiet": 4, "2024-01": 1, "told": 1}


class _EndlessPages(dict[str, "bytes | Answer"]):
    """Pages that lead to more of their kind for ever, beside those it really has."""

    def get(self, path: str, default: object = None) -> object:  # type: ignore[override]
        if path in self:
            return self[path]
        if found := re.fullmatch(r"/news/\?page=(\d+)", path):
            return self._listing(int(found[1]))
        if found := re.fullmatch(r"/deeper(\d+)\.xml", path):
            index = f"<sitemapindex><sitemap><loc>{POST}/deeper{int(found[1]) + 1}.xml</loc></sitemap></sitemapindex>"
            return 200, {"Content-Type": "application/xml"}, index.encode()
        return a_story(7) if path.startswith("/news/9") else default

    def _listing(self, number: int) -> Answer:
        links = [f"/news/9{number}{n:03}/x;jsessionid=A{number}?sid={number}" for n in range(10)]
        links += [
            f"/events/{2030 + number}/05/31/",
            f"/news/{number}/a/a/a/a/",
            f"/news/1/?a=1&b=2&c=3&d=4&e=5&f={number}",
        ]
        items = "".join(f"<li><a class='story' href='{link}'>Link</a></li>" for link in links)
        more = f"<a class='next' href='/news/?page={number + 1}'>More</a>"
        return 200, {"Content-Type": "text/html"}, f"<ul>{items}</ul>{more}".encode()


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_endless_pages_cost_little_and_hide_no_story(archive: Address) -> None:
    real = {f"/news/{n}/real": a_story(n) for n in range(100, 300)}
    locs = "".join(f"<url><loc>{POST}{path}</loc></url>" for path in real)
    sitemap = f"<urlset>{locs}</urlset>".encode()
    pages = _EndlessPages({"/news/?page=0": b"", **real})
    del pages["/news/?page=0"]
    pages["/news/"] = pages._listing(0)
    index = f"<sitemapindex><sitemap><loc>{POST}/real.xml</loc></sitemap><sitemap><loc>{POST}/deeper0.xml</loc></sitemap></sitemapindex>"
    pages |= {"/sitemap.xml": (200, {"Content-Type": "application/xml"}, index.encode())}
    pages |= {"/real.xml": (200, {"Content-Type": "application/xml"}, sitemap)}
    with serving(Site(pages)) as site:
        summary = run(archive, site, "wealden_post")
        trapped = [path for path in site.asked if path not in real and path != "/robots.txt"]
        assert all(site.asked[path] == 1 for path in real)
    assert summary.ending == "done"
    assert not [
        path for path in trapped if "sid" in path or "events" in path or "/a/a/" in path or "f=" in path
    ]
    assert len(trapped) < 5 * 10 + 20
    assert {url for url, _, _ in versions(archive)} >= {f"{POST}{path}" for path in real}


def test_what_a_budget_leaves_waits_for_the_next_run(
    archive: Address, echo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo.pages["/feed/"] = a_feed(*((f"/news/{n}/", "Story") for n in range(10, 22)))
    echo.pages |= {f"/news/{n}/": a_story(n) for n in range(10, 22)}
    tight = folder_of(archive) / "tight"
    tight.mkdir()
    (tight / "fenland_echo.py").write_text(
        "from crawler.platforms.wordpress import WordPress\n\n\nclass Tight(WordPress):\n"
        "    name = 'fenland_echo'\n    title = 'Fenland Echo'\n    hosts = ('www.fenlandecho.example',)\n"
        f"    feeds = ('{ECHO}/feed/',)\n    budget = 8\n"
    )
    first = run(archive, echo, folders=(str(tight),))
    assert (first.counts.fetched, first.waiting) == (8, 5)
    second = run(archive, echo, folders=(str(tight),))
    assert (second.counts.fetched, second.waiting) == (6, 0)
    assert len(kept(archive)) == 12
