"""robots.txt as the large search engines read it, and as nobody should have written it."""

import datetime as dt
import gzip
import json
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from crawler.orders import Order
from crawler.robots import Robots
from crawler.run import crawl
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import a_feed, a_story
from tests.engines import ON_SQLITE, Address

SITE = "https://paper.example"


def allows(rules: str | bytes, path: str = "/news/1", agent: str = "OnRecord") -> bool:
    content = rules if isinstance(rules, bytes) else rules.encode()
    return Robots.parse(content).allows(SITE + path, agent)


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: OnRecord\nDisallow: /private", True),
        ("user-agent: onrecord/2\ndisallow: /news", False),
        ("User-agent: OnRecord\nNo-such-line: 1\nUser-agent: Other\nDisallow: /", False),
        ("User-agent: OnRecord\nDisallow: /a\n\nUser-agent: x\nDisallow:\n\nUser-agent: OnRecord\nDisallow: /news", False),
        ("User-agent: OnRecord reader\nDisallow: /", False),
        ("User-agent *\nDisallow /news", False),
        ("User-agent: *\nDissallow: /news", False),
        ("User-agent: *\nDisallow: /news\nAllow: /news/1", True),
        ("User-agent: *\nDisallow: /news\nAllow: /news", True),
        ("User-agent: *\nDisallow: /*/1$", False),
        ("User-agent: *\nDisallow: /*/$", True),
        ("\ufeffUser-agent: *\r\rDisallow: /", False),
        ("<html>User-agent: *<br>Disallow: /</html>", True),
        ("Disallow: /", True),
    ],
)  # fmt: skip
def test_rules_are_read_as_they_are_meant(rules: str, allowed: bool) -> None:
    assert allows(rules) == allowed


def test_other_charsets_are_read() -> None:
    rules = "User-agent: *\nDisallow: /caf\xe9"
    assert not allows(rules.encode("utf-16"), "/caf%C3%A9")
    assert not allows(rules.encode(), "/caf%c3%a9")
    assert not allows(rules.encode("latin-1"), "/caf%E9")


def test_an_index_page_that_is_allowed_allows_its_folder() -> None:
    rules = "User-agent: *\nDisallow: /\nAllow: /news/index.html"
    assert allows(rules, "/news/")
    assert not allows(rules, "/news/1")


@pytest.mark.parametrize(("said", "seconds"), [("5", 5), ("2.5", 2.5), ("600", 60), ("-1", 0), ("x", 0)])
def test_a_delay_is_taken_within_reason(said: str, seconds: float) -> None:
    robots = Robots.parse(f"User-agent: *\nCrawl-delay: {said}\nDisallow: /a".encode())
    assert robots.delay("OnRecord") == seconds


def test_neither_size_nor_wildcards_stop_the_crawl() -> None:
    begin = time.process_time()
    assert allows(b"User-agent: *\n" + b"Disallow: /x\n" * 4_000_000)
    assert allows("User-agent: *\nDisallow: /" + "*a" * 5000 + "*b$", "/" + "a" * 10_000)
    assert time.process_time() - begin < 2


def test_of_a_long_file_the_beginning_is_read_in_whole_lines() -> None:
    rules, last = b"User-agent: *\nDisallow: /2/\n", b"Disallow: /"
    rules = rules.ljust(500 * 1024 - len(last) - 1, b"#") + b"\n"
    cut = Robots.parse(rules + last + b"private\nDisallow: /1/\n")
    assert cut.allows(f"{SITE}/1/", "OnRecord")
    assert not cut.allows(f"{SITE}/2/", "OnRecord")


@ON_SQLITE  # the network is what it tries, and crawling it takes long
def test_a_robots_txt_beyond_every_limit_is_obeyed_by_its_beginning(archive: Address) -> None:
    rules = b"User-agent: *\nDisallow: /2/\n" + b"# what follows is for others\n" * 700_000
    assert len(rules) > 16 * 2**20
    text = {"Content-Type": "text/plain"}
    served: dict[str, Site] = {}
    sources = {"fenland_echo": "www.fenlandecho.example", "marsh_herald": "www.marshherald.example"}
    answers = {
        "fenland_echo": (200, text, rules),
        "marsh_herald": (200, text | {"Content-Encoding": "gzip"}, gzip.compress(rules + bytes(2**26), 1)),
    }
    with ExitStack() as stack:
        for name, host in sources.items():
            feed = a_feed(1, 2).replace(b"www.fenlandecho.example", host.encode())
            pages = {f"/{n}/?utm_source=rss": a_story(n) for n in (1, 2)}
            served[name] = stack.enter_context(
                serving(Site({"/feed/": feed, "/robots.txt": answers[name], **pages}))
            )
        order = Order(
            archive=str(archive),
            sources=tuple(sources),
            at=dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC),
            hosts={host: served[name].address for name, host in sources.items()},
            modules=("tests.crawler.small_press",),
        )
        summaries = crawl(order)
        assert [site.asked["/2/?utm_source=rss"] for site in served.values()] == [0, 0]
    assert [summary.outcomes for summary in summaries] == [{"done": 2, "refused_by_robots": 1}] * 2


@pytest.mark.real
@pytest.mark.parametrize(
    ("suite", "least"), [("google_robots_test", 130), ("google_spec", 390), ("protego", 275)]
)
def test_the_suites_of_others_agree(shared: Path, suite: str, least: int) -> None:
    lines = (shared / f"suites/robots/cases_{suite}.jsonl").read_text().splitlines()
    cases = [case for case in map(json.loads, lines) if "allowed" in case]
    wrong = [
        case
        for case in cases
        if Robots.parse(case["robotstxt"].encode("utf-8", "surrogatepass")).allows(
            case["url"], case["user_agent"]
        )
        != case["allowed"]
    ]
    assert len(cases) - len(wrong) >= least, wrong
