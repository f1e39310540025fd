"""Pages that only scripts fill: shown in a real Chromium that reaches nothing but what the crawl fetches for it."""

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from warcio.archiveiterator import ArchiveIterator

from crawler.orders import Order, Summary
from crawler.run import crawl
from storage import articles, captures
from storage.evidence import EvidenceFolder
from storage.schema.crawl import captures as captures_table
from storage.schema.crawl import failures, frontier
from storage.schema.press import article_versions
from storage.store import Store
from tests.crawler.small_web import Answer, Site, serving
from tests.engines import Address, folder_of

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
PAPER = "https://www.brackenpost.example"
SOURCE = '''"""Bracken Post: a paper whose pages only scripts fill."""

from crawler.news import NewsSpider


class BrackenPost(NewsSpider):
    name = "bracken_post"
    title = "Bracken Post"
    hosts = ("www.brackenpost.example",)
    feeds = ("http://www.brackenpost.example/feed/",)
    javascript = True
'''
SHELL = b"""<!doctype html><html><head><title>Bracken Post</title><link rel="stylesheet" href="/style.css">
</head><body><div id="root"></div><noscript>Please enable JavaScript.</noscript>
<script src="/app.js"></script></body></html>"""
BUILDING = """
document.head.querySelector('link').sheet;
fetch('/api' + location.pathname).then(answer => answer.json()).then(story => {
  document.title = story.title + ' - Bracken Post';
  document.getElementById('root').innerHTML =
    `<article><h1>${story.title}</h1><time datetime="2024-03-05T08:00:00Z">5 March</time>`
    + story.paragraphs.map(one => `<p>${one}</p>`).join('') + '</article>';
});
"""
ESCAPING = """
const out = ['http://other.example', 'http://CANARY', 'http://www.brackenpost.example:PORT', 'http://localhost:PORT'];
for (const site of out) {
  fetch(site + '/fetched').catch(() => 0);
  new Image().src = site + '/picture.png';
  navigator.sendBeacon(site + '/beacon', 'x');
  document.body.insertAdjacentHTML('beforeend', `<iframe src="${site}/frame"></iframe><link rel="preload" as="script"
    href="${site}/preloaded.js"><link rel="preconnect" href="${site}"><video src="${site}/film.mp4"></video>`);
  document.head.appendChild(document.createElement('script')).src = site + '/script.js';
  new Worker(URL.createObjectURL(new Blob([`fetch('${site}/from-worker').catch(() => 0)`])));
  try { new WebSocket(site.replace('http', 'ws') + '/socket') } catch (refused) { }
  try { new EventSource(site + '/events') } catch (refused) { }
  try { window.open(site + '/window') } catch (refused) { }
}
fetch('/posted', {method: 'POST', body: 'x'}).catch(() => 0);
fetch('/private/1').catch(() => 0);
fetch('/leads-away').catch(() => 0);
setTimeout(() => { location = out[0] + '/gone' }, 200);
"""
PARAGRAPHS = [
    "Inspectors told the home in Brackenmoor to improve after two of them had called on it in January.",
    "Its owner, Fenlight Care, said that new staff had come since and that the records were up to date.",
]


def a_story(number: int) -> bytes:
    return json.dumps({"title": f"Home {number} must improve", "paragraphs": PARAGRAPHS}).encode()


def a_feed(*numbers: int) -> bytes:
    items = "".join(f"<item><title>x</title><link>{PAPER}/story/{n}</link></item>" for n in numbers)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def script(code: str) -> Answer:
    return 200, {"Content-Type": "text/javascript"}, code.encode()


@pytest.fixture
def paper() -> Iterator[Site]:
    stories = {f"/story/{n}": SHELL for n in (1, 2)}
    answers = {f"/api/story/{n}": (200, {"Content-Type": "application/json"}, a_story(n)) for n in (1, 2)}
    pages = {"/feed/": a_feed(1, 2), "/app.js": script(BUILDING), **stories, **answers}
    with serving(Site(dict(pages))) as site:
        yield site


@pytest.fixture
def archive(archive: Address) -> Address:
    (folder_of(archive) / "sources").mkdir()
    (folder_of(archive) / "sources" / "bracken_post.py").write_text(SOURCE)
    return archive


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; absent, the test is skipped, except in CI."""
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium")
        pytest.skip("there is no Chromium on this machine")
    return found


def an_order(archive: Address, site: Site, **given: object) -> Order:
    usual: dict[str, object] = {
        "archive": str(archive),
        "sources": ("bracken_post",),
        "at": AT,
        "hosts": {"www.brackenpost.example": site.address},
        "folders": (str(folder_of(archive) / "sources"),),
    }
    return Order(**(usual | given))  # type: ignore[arg-type]


def run(archive: Address, site: Site, **given: object) -> Summary:
    (summary,) = crawl(an_order(archive, site, **given))
    return summary


def texts(archive: Address) -> list[str]:
    with Store.at(archive) as store, store.reading() as connection:
        return list(connection.execute(sa.select(article_versions.c.text)).scalars())


def ended(archive: Address) -> dict[str, tuple[str, str | None]]:
    """How each address ended, by the last part of its path."""
    query = sa.select(frontier.c.url, frontier.c.outcome, frontier.c.reason)
    with Store.at(archive) as store, store.reading() as connection:
        return {row.url.rsplit("/", 1)[1]: (row.outcome, row.reason) for row in connection.execute(query)}


def test_without_a_browser_the_page_says_what_to_install_and_nothing_else_stops(
    archive: Address, paper: Site
) -> None:
    summary = run(archive, paper, browser=str(folder_of(archive) / "no-chromium"))
    assert summary.ending == "done"
    assert summary.outcomes == {"done": 1, "needs_javascript": 2}
    with Store.at(archive) as store, store.reading() as connection:
        (reason,) = set(connection.execute(sa.select(failures.c.reason)).scalars())
    assert reason.startswith("needs JavaScript: there is no browser at")
    assert "\n" not in reason


def test_without_the_extra_the_line_names_it(archive: Address, paper: Site) -> None:
    hidden = "import sys, importlib.util as found; real = found.find_spec\n"
    hidden += "found.find_spec = lambda name, *more: None if name == 'playwright' else real(name, *more)\n"
    code = f"{hidden}from crawler.process import main; main()"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(an_order(archive, paper).to_json() + "\n")
    child.stdin.flush()
    told = [json.loads(line) for line in child.stdout]
    child.stdin.close()
    child.stdout.close()
    assert child.wait() == 0
    assert told[-1]["summary"]["outcomes"] == {"done": 1, "needs_javascript": 2}
    with Store.at(archive) as store, store.reading() as connection:
        reasons = set(connection.execute(sa.select(failures.c.reason)).scalars())
    assert reasons == {"needs JavaScript: install onrecord[js]"}


@pytest.mark.browser
def test_what_only_scripts_show_is_read_and_both_are_kept(
    archive: Address, paper: Site, chromium: str
) -> None:
    run(archive, paper, browser=str(folder_of(archive) / "no-chromium"))
    assert texts(archive) == []
    summary = run(archive, paper, browser=chromium, contact="https://newsroom.example")
    assert summary.outcomes == {"unchanged": 1, "done": 2}, "a browser looks at what there was none for"
    assert texts(archive) == ["\n".join(PARAGRAPHS)] * 2
    assert paper.asked["/app.js"] == 1, "a script is fetched once a run"
    assert paper.asked["/style.css"] == 0
    assert {agent.split("/")[0] for agent in paper.agents} == {"OnRecord"}
    with Store.at(archive) as store, store.reading() as connection:
        folder = EvidenceFolder(store.place.evidence)
        shown = captures.of_article(connection, articles.find(connection, f"{PAPER}/story/1"))
        fetched = captures.made_of(connection, shown)
        assert (shown.record_type, fetched.record_type) == ("conversion", "response")
        assert folder.read(fetched) == SHELL
        assert PARAGRAPHS[0].encode() in folder.read(shown)
        assert list(folder.verify(captures.each(connection))) == []
        with (folder.path / shown.warc_file).open("rb") as file:
            records = [one.rec_headers for one in ArchiveIterator(file)]
    ids = {one.get_header("WARC-Record-ID"): one for one in records}
    (made, *_) = (one for one in records if one.get_header("WARC-Type") == "conversion")
    assert ids[made.get_header("WARC-Refers-To")].get_header("WARC-Type") == "response"

    paper.pages["/api/story/1"] = (
        200,
        {"Content-Type": "application/json"},
        a_story(1).replace(b"to improve", b"to close"),
    )
    again = run(archive, paper, browser=chromium, revisit=True)
    assert again.outcomes == {"unchanged": 2, "done": 1}, "the same bytes, another page"
    assert sum("to close" in text for text in texts(archive)) == 1
    with Store.at(archive) as store, store.reading() as connection:
        kinds = connection.execute(sa.select(captures_table.c.record_type)).scalars().all()
    assert kinds.count("conversion") == 3, "what is shown as it was is not kept twice"


@pytest.mark.browser
def test_a_page_reaches_nothing_but_its_own_site(archive: Address, paper: Site, chromium: str) -> None:
    paper.pages["/robots.txt"] = b"User-agent: *\nDisallow: /private/\n"
    with ExitStack() as stack:
        canary = stack.enter_context(serving(Site()))
        paper.pages["/leads-away"] = (302, {"Location": "http://other.example/led"}, b"")
        escaping = ESCAPING.replace("CANARY", canary.address).replace("PORT", str(canary.port))
        paper.pages["/app.js"] = script(BUILDING + escaping)
        hosts = {"www.brackenpost.example": paper.address, "other.example": canary.address}
        summary = run(archive, paper, browser=chromium, hosts=hosts)
        assert not canary.asked
    assert summary.outcomes == {"done": 3}, ended(archive)
    assert texts(archive) == ["\n".join(PARAGRAPHS)] * 2
    assert set(paper.asked) == {
        *("/robots.txt", "/.well-known/tdmrep.json", "/feed/", "/app.js", "/leads-away"),
        *("/story/1", "/story/2", "/api/story/1", "/api/story/2"),
    }


@pytest.mark.browser
def test_what_scripts_do_to_a_browser_is_bounded_and_the_next_page_is_shown(
    archive: Address, paper: Site, chromium: str
) -> None:
    answers = {
        "/story/3": "const all = []; for (;;) all.push(new Uint8Array(1 << 27).fill(1))",
        "/story/4": "document.body.append('x '.repeat(6 << 20))",
        "/story/5": "location = 'chrome://crash'; const all = []; for (;;) all.push('x'.repeat(1000) + all.length)",
        "/story/6": "for (let i = 0; i < 500; i++) fetch('/asked/' + i).catch(() => 0); setInterval(() => fetch('/again'), 50)",
    }
    for path, code in answers.items():
        paper.pages[path] = f"<html><body><p>Short.</p><script>{code}</script></body></html>".encode()
    paper.pages["/feed/"] = a_feed(3, 4, 5, 6, 1)
    summary = run(archive, paper, browser=chromium)
    assert summary.ending == "done"
    told = ended(archive)
    assert told["3"][0] == "unreadable"
    assert "need more than 1024 MiB" in told["3"][1]
    assert told["4"] == ("too_large", "its scripts make a page of more than 8 million characters")
    assert told["5"][0] == "unreadable"
    assert told["5"][1] == "its scripts made the browser's page die"
    assert told["6"][0] == "unreadable"
    assert sum(number for path, number in paper.asked.items() if path.startswith(("/asked", "/again"))) <= 60
    assert told["1"][0] == "done"


@pytest.mark.browser
def test_a_killed_crawl_leaves_no_browser_behind(archive: Address, paper: Site, chromium: str) -> None:
    paper.pages["/story/1"] = paper.pages["/story/2"] = (
        b"<html><body><script>for (;;) { }</script></body></html>"
    )
    main = "from crawler.run import crawl; from crawler.orders import Order; import sys; crawl(Order.from_json(sys.argv[1]))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    order = an_order(archive, paper, browser=chromium).to_json()
    parent = subprocess.Popen([sys.executable, "-c", main, order], env=environment)
    try:
        (child,) = wait_for(lambda: descendants(parent.pid, "crawler.process"))
        browsers = wait_for(lambda: descendants(child, "--host-resolver-rules"))
        os.kill(child, signal.SIGKILL)
        wait_for(lambda: not any(Path(f"/proc/{one}/cmdline").exists() and cmdline(one) for one in browsers))
    finally:
        parent.kill()
        parent.wait()


def wait_for(found: object) -> list[int]:
    """What a look gives as soon as it gives something; a minute at most."""
    assert callable(found)
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if seen := found():
            return seen if isinstance(seen, list) else []
        time.sleep(0.1)
    raise AssertionError("it did not happen within a minute")


def descendants(of: int, word: str) -> list[int]:
    """The processes below one whose command line has that word."""
    children = Path(f"/proc/{of}/task/{of}/children")
    below = [int(one) for one in children.read_text().split()] if children.exists() else []
    return [
        *(one for one in below if word in cmdline(one)),
        *(each for one in below for each in descendants(one, word)),
    ]


def cmdline(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
