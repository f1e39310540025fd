"""``onrecord sources add|check|list|table``, over a real server: a new paper, read by a person, breaking."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from onrecord import tabling
from onrecord.application import app
from storage.errors import OnRecordError
from storage.schema.press import article_versions
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import a_feed, a_story

HOST = "www.fenlandecho.example"
WORDPRESS = b'<head><meta name="generator" content="WordPress 6.5"/>'
HOME = (
    b'<html><head><meta property="og:site_name" content="Fenland Echo">'
    b'<link rel="alternate" type="application/rss+xml" href="/feed/"></head><body><p>News</p></body></html>'
)


def a_page(number: int) -> bytes:
    return a_story(number).replace(b"<head>", WORDPRESS)


@pytest.fixture
def echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.chdir(tmp_path)
    pages = {"/": HOME, "/feed/": a_feed(1, 2), **{f"/{n}/?utm_source=rss": a_page(n) for n in (1, 2)}}
    with serving(Site(dict(pages))) as site:
        Path("onrecord.toml").write_text(
            f'contact = "https://newsroom.example"\n[hosts]\n"{HOST}" = "{site.address}"\n'
        )
        yield site


def onrecord(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_a_new_paper_is_written_down_read_checked_and_crawled(echo: Site) -> None:
    status, printed = onrecord("sources", "add", f"http://{HOST}/", "--json")
    told = json.loads(printed)
    assert (status, told["name"], told["platform"]) == (0, "fenlandecho", "WordPress")
    assert told["feeds"] == [f"http://{HOST}/feed/"]
    source = Path("sources/fenlandecho.py").read_text()
    assert "class Fenlandecho(WordPress)" in source
    assert len(source.splitlines()) < 25
    assert Path("sources/examples/fenlandecho/article.html").read_bytes() == a_page(1)

    status, printed = onrecord("sources", "check", "fenlandecho")
    assert status == 1, "a person has to read it first"
    assert "fenlandecho: done: title, byline, published, text" in printed
    assert "article.json is not read yet" in printed

    expectation = Path("sources/examples/fenlandecho/article.json")
    expected = json.loads(expectation.read_text())
    assert (expected["title"], expected["published"]) == ("Story 1", "2024-03-05")
    expectation.write_text(json.dumps(expected | {"read_by": "Tamsin Okoro"}))
    assert onrecord("sources", "check", "fenlandecho", "--table", "status.md")[0] == 0
    assert "| `fenlandecho` | Fenland Echo | done |" in Path("status.md").read_text()
    (listed,) = [
        one for one in json.loads(onrecord("sources", "list", "--json")[1]) if one["name"] == "fenlandecho"
    ]
    assert listed["check"]["outcome"] == "done"
    assert "[done on " in onrecord("sources", "list")[1]

    assert "fenlandecho: 3 fetched, 3 stored" in onrecord("crawl", "fenlandecho")[1]
    expectation.write_text(json.dumps(expected | {"read_by": "Tamsin Okoro", "title": "Another"}))
    assert "gives another title than article.json says" in onrecord("sources", "check", "fenlandecho")[1]


LINKS = "".join(f'<li><a href="/a-bridge-over-the-fen-{n}/">Story</a></li>' for n in (1, 2)).encode()
STORIES: dict[str, bytes] = {f"/a-bridge-over-the-fen-{n}/": a_story(n) for n in (1, 2)}


def a_sitemap(*paths: str, of: str = "url") -> bytes:
    entries = "".join(f"<{of}><loc>http://{HOST}{path}</loc></{of}>" for path in paths)
    kind = "urlset" if of == "url" else "sitemapindex"
    return f'<?xml version="1.0"?><{kind}>{entries}</{kind}>'.encode()


@pytest.mark.parametrize(
    ("asked", "pages", "written"),
    [
        pytest.param(
            "/",
            {
                "/robots.txt": f"Sitemap: http://{HOST}/maps.xml.gz".encode(),
                "/maps.xml.gz": gzip.compress(a_sitemap("/about.xml", "/news-1.xml.gz", of="sitemap")),
                "/about.xml": a_sitemap("/about/"),
                "/news-1.xml.gz": gzip.compress(a_sitemap(*STORIES)),
            },
            f'sitemaps = ("http://{HOST}/news-1.xml.gz",)',
            id="a packed index whose first part is not of stories",
        ),
        pytest.param(
            "/",
            {
                "/sitemap.xml": a_sitemap("/news/2024-03.xml", of="sitemap"),
                "/news/2024-03.xml": a_sitemap(*STORIES),
            },
            f'sitemaps = ("http://{HOST}/sitemap.xml",)',
            id="no robots.txt, and of an index by months the index",
        ),
        pytest.param(
            "/",
            {"/": b"<html><body><a href='/rss.xml'>RSS</a></body></html>", "/rss.xml": a_feed(1, 2)},
            f'feeds = ("http://{HOST}/rss.xml",)',
            id="a feed that only a link names",
        ),
        pytest.param(
            "/the-feed", {"/the-feed": a_feed(1, 2)}, f'feeds = ("http://{HOST}/the-feed",)', id="a feed"
        ),
        pytest.param(
            "/news/",
            {"/news/": b"<html><body><ul>" + LINKS + b"</ul></body></html>"},
            f'listings = ("http://{HOST}/news/",)',
            id="nothing but links",
        ),
    ],
)
def test_whatever_a_site_leads_by_is_found_and_crawls(
    echo: Site, asked: str, pages: dict[str, bytes], written: str
) -> None:
    feed_stories = {f"/{n}/?utm_source=rss": a_story(n) for n in (1, 2)}
    echo.pages = {"/": b"<html><body><p>News</p></body></html>", **STORIES, **feed_stories, **pages}
    assert onrecord("sources", "add", f"http://{HOST}{asked}", "--name", "none")[0] == 0
    assert written in Path("sources/none.py").read_text()
    told = onrecord("crawl", "none")[1]
    assert "failed" not in told
    with Store.at("onrecord.db") as store, store.reading() as connection:
        kept = connection.execute(sa.select(article_versions.c.title)).scalars()
        assert sorted(kept) == ["Story 1", "Story 2"]


def test_a_feed_that_lies_elsewhere_is_the_sites_own_where_the_site_says_so(echo: Site) -> None:
    settings = Path("onrecord.toml")
    settings.write_text(settings.read_text() + f'"feeds.press.example" = "{echo.address}"\n')
    echo.pages["/"] = HOME.replace(b"/feed/", b"http://feeds.press.example/feed/")
    assert onrecord("sources", "add", f"http://{HOST}/")[0] == 0
    assert f'hosts = ("{HOST}", "feeds.press.example")' in Path("sources/fenlandecho.py").read_text()
    assert "fenlandecho: 3 fetched, 3 stored" in onrecord("crawl", "fenlandecho")[1]


def test_a_source_is_never_overwritten_and_its_name_can_be_chosen(echo: Site) -> None:
    assert onrecord("sources", "add", f"http://{HOST}/", "--name", "echo")[0] == 0
    with pytest.raises(OnRecordError, match=r"echo\.py is there already"):
        onrecord("sources", "add", f"http://{HOST}/", "--name", "echo")
    with pytest.raises(OnRecordError, match="--name My-Echo: small letters"):
        onrecord("sources", "add", f"http://{HOST}/", "--name", "My-Echo")
    with pytest.raises(OnRecordError, match="give the address of a site"):
        onrecord("sources", "add", "fenlandecho")


def test_a_site_without_a_way_in_is_one_line_that_says_why(echo: Site) -> None:
    echo.pages = {"/": (403, {}, b"no")}
    with pytest.raises(OnRecordError, match=r"blocked at / \(status 403\)"):
        onrecord("sources", "add", f"http://{HOST}/")
    with pytest.raises(OnRecordError, match="private"):
        onrecord("sources", "add", "http://127.0.0.1/")
    echo.pages = {"/": b"<html><body><p>Closed for the summer</p></body></html>"}
    with pytest.raises(OnRecordError, match="no story was found on it, nor a feed; give the address of"):
        onrecord("sources", "add", f"http://{HOST}/")
    settings = Path("onrecord.toml")
    settings.write_text(settings.read_text() + f'"www.other.example" = "{echo.address}"\n')
    echo.pages = {"/": (302, {"Location": "http://www.other.example/there"}, b""), "/there": b"<p>Here</p>"}
    with pytest.raises(OnRecordError, match=r"redirects to www\.other\.example\); add that site instead"):
        onrecord("sources", "add", f"http://{HOST}/")
    assert not Path("sources").exists()


def test_a_site_that_only_scripts_fill_needs_a_browser_and_leaves_nothing_half_written(
    echo: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = b"<html><head><title>Echo</title></head><body><div id='root'></div><script src='/a.js'></script></body></html>"
    echo.pages |= {f"/{n}/?utm_source=rss": shell for n in (1, 2)}
    monkeypatch.setenv("ONRECORD_BROWSER", "/no/chromium")
    with pytest.raises(OnRecordError, match="needs JavaScript: there is no browser at /no/chromium"):
        onrecord("sources", "add", f"http://{HOST}/")
    assert not Path("sources").exists()


def test_a_source_that_broke_is_said_in_one_line(echo: Site) -> None:
    onrecord("sources", "add", f"http://{HOST}/")
    whole = dict(echo.pages)
    no_story = b"<html><body>" + b"<p>A long story about a bridge that nobody crosses.</p>" * 9
    for change, outcome in (
        ({"/feed/": (404, {}, b"")}, "gone (status 404)"),
        ({"/feed/": b"<html><body>We have moved</body></html>"}, "unreadable (it is no feed)"),
        ({"/1/?utm_source=rss": b" "}, "empty (status 200, and nothing in it)"),
        ({"/1/?utm_source=rss": no_story}, "layout changed ("),
    ):
        echo.pages = whole | change
        status, printed = onrecord("sources", "check", "fenlandecho")
        assert status == 1
        assert f"fenlandecho: {outcome}" in printed.splitlines()[0]


def test_a_broken_source_file_is_one_line(echo: Site) -> None:
    Path("sources").mkdir()
    Path("sources/odd.py").write_text("import nowhere_at_all\n")
    with pytest.raises(OnRecordError, match=r"odd\.py: ModuleNotFoundError"):
        onrecord("sources", "list")
    Path("sources/odd.py").write_text("x = 1\n")
    with pytest.raises(OnRecordError, match=r"odd\.py declares no source"):
        onrecord("sources", "list")


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ("", "nothing to begin at: it needs feeds, sitemaps or listings"),
        ('feeds = ("https://odd.example/feed/")', r'write feeds = \("https://odd.example/feed/",\)'),
        ('feeds = ("odd.example/feed/",)', "'odd.example/feed/' is no web address: write it whole"),
        ('listings = ("https://odd.example/",)', "listings need a listing"),
        ('feeds = ("https://odd.example/",); shown_to = "all"', "nobody, newsroom, public, not all"),
        ('feeds = ("https://odd.example/",); title = ""', "Odd says no title"),
    ],
)
def test_what_a_declaration_lacks_is_told_with_what_to_write(echo: Site, declared: str, told: str) -> None:
    Path("sources").mkdir()
    Path("sources/odd.py").write_text(
        "from crawler.news import NewsSpider\n\n\nclass Odd(NewsSpider):\n"
        f'    name = "odd"; title = "Odd"; hosts = ("odd.example",); {declared}\n'
    )
    with pytest.raises(OnRecordError, match=rf"odd\.py: .*{told}"):
        onrecord("crawl", "odd")


def test_two_files_of_one_name_are_told(echo: Site) -> None:
    onrecord("sources", "add", f"http://{HOST}/")
    Path("sources/copy.py").write_text(Path("sources/fenlandecho.py").read_text())
    with pytest.raises(OnRecordError, match=r"fenlandecho is declared in sources/copy\.py too"):
        onrecord("crawl", "fenlandecho")


def test_days_must_make_a_span(echo: Site) -> None:
    with pytest.raises(OnRecordError, match="--until needs an earlier --since"):
        onrecord("crawl", "bolton_news", "--until", "2024-01-31")


def test_a_table_is_written_between_its_marks(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    with pytest.raises(OnRecordError, match=r"README\.md: there is no such file"):
        onrecord("sources", "table", "--into", str(file))
    for nowhere, told in ((tmp_path, "it is a folder"), (tmp_path / "no" / "x", "there is no folder")):
        with pytest.raises(OnRecordError, match=told):
            onrecord("sources", "check", "bolton_news", "--table", str(nowhere))
        with pytest.raises(OnRecordError, match=told):
            onrecord("evidence", "show", "any", "--out", str(nowhere))
        with pytest.raises(OnRecordError, match=told):
            onrecord("export", "links", "--out", str(nowhere))
    file.write_text(f"# A\n\n{tabling.BEGIN}\nold\n{tabling.END}\n\nend\n")
    assert onrecord("sources", "table", "--into", str(file))[0] == 0
    text = file.read_text()
    assert "| `bolton_news` | [The Bolton News](https://www.theboltonnews.co.uk/) |" in text
    assert "old" not in text
    assert text.endswith(f"{tabling.END}\n\nend\n")
