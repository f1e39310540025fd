"""Sites that fail half of the time, lead on for ever, or send what is not whole: all is fetched, or has its name.

``ONRECORD_TEST_UNRELIABLE`` says how many pages fail half of the time: 1,000 is full size.
"""

import datetime as dt
import gzip
import os
import random
from collections import Counter
from http.server import BaseHTTPRequestHandler

import pytest
import sqlalchemy as sa

from storage.alarms import raised
from storage.schema.crawl import frontier
from storage.store import Store
from tests.crawler.small_web import Answer, Raw, Site, serving
from tests.crawler.test_crawl import AT, ECHO, a_feed, a_story, run, versions
from tests.engines import Address

STORIES = int(os.environ.get("ONRECORD_TEST_UNRELIABLE") or 30)
RUNS = 24


def raw(*parts: bytes) -> Raw:
    """Writes this, whatever HTTP says of it, and hangs up."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"".join(parts))

    return answer


def unreliable(body: bytes, chance: random.Random) -> Raw:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        failing = chance.random() < 0.5
        handler.send_response(chance.choice((500, 502, 503)) if failing else 200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(0 if failing else len(body)))
        handler.end_headers()
        handler.wfile.write(b"" if failing else body)

    return answer


def test_pages_that_fail_half_of_the_time_are_all_stored_in_the_end(archive: Address) -> None:
    chance, numbers = random.Random(8), range(STORIES)
    pages = {f"/{n}/?utm_source=rss": unreliable(a_story(n), chance) for n in numbers}
    with serving(Site({"/feed/": a_feed(*numbers), **pages})) as site:
        for hours in range(RUNS):
            before = Counter(site.asked)
            run(archive, site, at=AT + dt.timedelta(hours=hours))
            tried = Counter({path: site.asked[path] - before[path] for path in pages})
            assert max(tried.values()) <= 5, "so many tries of a page in a run"
            if len(versions(archive)) == STORIES:
                break
    assert sorted(int(url.split("/")[3]) for url, _, _ in versions(archive)) == list(numbers)


OUTAGE = (1, 3)  # hours after the first run; that days lose nothing, tests of the frontier show


def test_after_an_outage_everything_is_fetched_and_the_alarm_ends(archive: Address) -> None:
    numbers = range(1, 4)
    stories = {f"/{n}/?utm_source=rss": a_story(n) for n in numbers}
    broken: dict[str, bytes | Answer] = {path: (503, {}, b"") for path in stories}
    with serving(Site({"/feed/": a_feed(*numbers), **broken})) as site:
        alarms = [run(archive, site).alarms]
        site.pages["/feed/"] = (502, {}, b"")
        alarms += [run(archive, site, at=AT + dt.timedelta(hours=hour)).alarms for hour in OUTAGE]
        assert versions(archive) == []
        assert sum(map(len, alarms)) == len(alarms[2]) == 1, "raised once, with the third failed run"
        site.pages |= {"/feed/": a_feed(*numbers), **stories}
        run(archive, site, at=AT + dt.timedelta(hours=OUTAGE[-1] + 24))
    assert sorted(int(url.split("/")[3]) for url, _, _ in versions(archive)) == list(numbers)
    with Store.at(archive) as store, store.reading() as connection:
        assert raised(connection) == []


WHOLE = a_story(1)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
HALF = WHOLE[: len(WHOLE) // 2]
LENGTH = b"Content-Length: %d\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
BROKEN: dict[str, Raw | Answer] = {
    "ends_in_its_headers": raw(OK, b"Content-Le"),
    "ends_before_its_body": raw(OK, LENGTH % len(WHOLE), b"\r\n"),
    "ends_within_its_body": raw(OK, LENGTH % len(WHOLE), b"\r\n", HALF),
    "is_shorter_than_nothing": raw(OK, b"Content-Length: -5\r\n\r\n", WHOLE),
    "has_a_length_of_letters": raw(OK, b"Content-Length: many\r\n\r\n", WHOLE),
    "ends_within_a_chunk": raw(OK, CHUNKED, b"\r\n%x\r\n" % len(WHOLE), HALF),
    "has_no_last_chunk": raw(OK, CHUNKED, b"\r\n%x\r\n" % len(HALF), HALF, b"\r\n"),
    "has_a_chunk_of_letters": raw(OK, CHUNKED, b"\r\nzz\r\n", WHOLE),
    "has_a_chunk_below_nothing": raw(OK, CHUNKED, b"\r\n-5\r\n", WHOLE),
    "says_no_http": raw(b"SSH-2.0-OpenSSH_9.2\r\n", WHOLE),
    "says_nothing": raw(),
    "is_half_a_gzip": (
        200,
        {"Content-Type": "text/html", "Content-Encoding": "gzip"},
        gzip.compress(WHOLE)[:-200],
    ),
}


CIRCLES = {
    "/hop/0/": ("/hop/",),
    "/self/": ("/self/",),
    "/ping/": ("/ping/", "/pong/"),
    "/plain/": ("/plain/", "/secure/"),
}
"""Where each way that leads on for ever begins, and where it goes."""


@pytest.fixture
def outcomes(archive: Address) -> dict[str, str]:
    """What became of each broken answer, of a good page, and of what leads on."""
    pages: dict[str, bytes | Answer | Raw] = {f"/{name}/": answer for name, answer in BROKEN.items()}
    pages["/good/"] = WHOLE
    onward: dict[str, Answer] = {
        f"/hop/{n}/": (302, {"Location": f"/hop/{n + 1}/"}, b"") for n in range(10_000)
    }
    encrypted = ECHO.replace("http:", "https:")
    circles: dict[str, Answer] = {
        "/self/": (301, {"Location": "/self/"}, b""),
        "/ping/": (302, {"Location": "/pong/"}, b""),
        "/pong/": (307, {"Location": "/ping/"}, b""),
        "/plain/": (302, {"Location": f"{encrypted}/secure/"}, b""),
        "/secure/": (302, {"Location": f"{ECHO}/plain/"}, b""),
    }
    away = {
        "file": "file:///etc/passwd",
        "ftp": "ftp://www.fenlandecho.example/1",
        "data": "data:text/html,x",
    }
    leading = {f"/to/{name}/": (301, {"Location": to}, b"") for name, to in away.items()}
    starts = [*pages, *CIRCLES, *leading]
    links = "".join(f"<item><title>x</title><link>{ECHO}{path}</link></item>" for path in starts)
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{links}</channel></rss>'
    with serving(Site({**pages, **onward, **circles, **leading, "/feed/": feed.encode()})) as site:
        run(archive, site)
        for start, parts in CIRCLES.items():
            asked = {path: count for path, count in site.asked.items() if path.startswith(parts)}
            assert 10 <= sum(asked.values()) <= 11, (start, asked)
        once = {path: count for path, count in site.asked.items() if path not in circles}
        assert max(once.values()) <= 5, once
    with Store.at(archive) as store, store.reading() as connection:
        found = connection.execute(sa.select(frontier.c.url, frontier.c.outcome))
        return {url.removeprefix(ECHO).strip("/"): outcome for url, outcome in found}


def test_what_is_not_whole_is_never_kept_as_an_article(archive: Address, outcomes: dict[str, str]) -> None:
    assert outcomes.pop("good") == "done"
    assert outcomes.pop("feed") == "done"
    assert [url for url, _, _ in versions(archive)] == [f"{ECHO}/good/"]
    assert set(outcomes) == {*BROKEN, *(one.strip("/") for one in CIRCLES), "to/file", "to/ftp", "to/data"}
    assert set(outcomes.values()) <= {"unreachable", "server_error", "unreadable", "elsewhere"}
