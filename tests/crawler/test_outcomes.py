"""Outcomes: every way a fetch can end has one name, a reason, and a place in the counts."""

import datetime as dt
import typing

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from crawler import outcomes
from crawler.errors import (
    HostWaits,
    PrivateAddress,
    RefusedByRobots,
    Reserved,
    RobotsOutOfReach,
    Unreadable,
    Walled,
)
from crawler.outcomes import COUNTED_AS, Outcome

STORY = b"<html><title>Home must improve</title><body><p>It said: just a moment, please.</p></body></html>"


def test_every_outcome_is_counted() -> None:
    assert set(COUNTED_AS) == set(typing.get_args(Outcome))


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, STORY, None),
        (304, b"", "unchanged"),
        (404, STORY, "gone"),
        (410, b"", "gone"),
        (403, STORY, "blocked"),
        (429, b"", "blocked"),
        (503, b"", "server_error"),
        (301, b"", "server_error"),
        (200, b" \n", "empty"),
        (200, b"<html><title>Just a moment...</title>", "blocked"),
        (200, b"<html><script src='/cdn-cgi/challenge-platform/x.js'>", "blocked"),
        (200, b"<html><title>Before you continue to the site</title>", "blocked"),
        (200, STORY + b"<title>Access denied</title>" + b" " * 60_000, None),
        (200, b"<title>Page not found - Fenland Echo</title>" + STORY, "gone"),
        (200, b"<title>Fenland Echo | 404</title>" + STORY, "gone"),
        (200, b"<title>Sorry, the page you asked for cannot be found</title>", "gone"),
        (200, b"<title>Not found: Fenland Echo</title>", "gone"),
        (200, b"<title>Home not found to be safe</title>", None),
        (200, b"<title>Article 404 of the code: what it means</title>", None),
        (200, b"<title>Not found guilty, he walks free</title>", None),
    ],
)
def test_an_answer_is_judged_by_its_status_and_its_first_bytes(
    status: int, body: bytes, outcome: Outcome | None
) -> None:
    verdict = outcomes.of_response(status, body)
    assert (verdict.outcome if verdict else None) == outcome
    assert verdict is None or verdict.reason


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (RefusedByRobots("robots.txt disallows it"), "refused_by_robots"),
        (RobotsOutOfReach("status 503"), "unreachable"),
        (Reserved("noai"), "reserved"),
        (HostWaits("paper.example", dt.datetime(2024, 3, 6, tzinfo=dt.UTC)), "postponed"),
        (IgnoreRequest("max redirections reached"), "unreachable"),
        (IgnoreRequest("exceeded DOWNLOAD_MAXSIZE (1 B) during decompression"), "too_large"),
        (DownloadCancelledError("too big"), "too_large"),
        (DownloadTimeoutError("slow"), "unreachable"),
        (CannotResolveHostError("no such name"), "unreachable"),
        (PrivateAddress("10.0.0.1"), "private_address"),
        (ZeroDivisionError("oops"), "our_fault"),
    ],
)
def test_a_fault_is_named(fault: Exception, outcome: Outcome) -> None:
    verdict = outcomes.of_fault(fault)
    assert verdict.outcome == outcome
    assert verdict.reason


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body><div id='root'></div><script src='/x.js'></script></body></html>",
        b'<body><div id="__next" class="x"></div></body>',
        b"<body><noscript>You need to enable JavaScript to run this app.</noscript></body>",
    ],
)
def test_a_page_made_by_scripts_is_told(body: bytes) -> None:
    assert outcomes.of_unreadable(body, Unreadable("no text")).outcome == "needs_javascript"
    assert outcomes.of_unreadable(STORY, Unreadable("no text")) == outcomes.Verdict(
        outcome="unreadable", reason="no text"
    )


def test_a_page_that_stands_before_another_is_a_block() -> None:
    assert outcomes.of_unreadable(STORY, Walled("a consent wall stands before it")).outcome == "blocked"
