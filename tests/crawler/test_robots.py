"""robots.txt as the large search engines read it, and as nobody should have written it."""

import json
import time
from pathlib import Path

import pytest

from crawler.robots import Robots

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
