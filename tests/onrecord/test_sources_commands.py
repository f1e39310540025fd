"""``onrecord sources add|check|list|table``, over a real server: a new paper, read by a person, breaking."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onrecord import tabling
from onrecord.application import app
from storage.errors import OnRecordError
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


def test_days_must_make_a_span(echo: Site) -> None:
    with pytest.raises(OnRecordError, match="--until needs an earlier --since"):
        onrecord("crawl", "bolton_news", "--until", "2024-01-31")


def test_a_table_is_written_between_its_marks(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"# A\n\n{tabling.BEGIN}\nold\n{tabling.END}\n\nend\n")
    assert onrecord("sources", "table", "--into", str(file))[0] == 0
    text = file.read_text()
    assert "| `bolton_news` | [The Bolton News](https://www.theboltonnews.co.uk/) |" in text
    assert "old" not in text
    assert text.endswith(f"{tabling.END}\n\nend\n")
