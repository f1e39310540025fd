"""Hosts that ask to be left alone, in every spelling: not one request before the time, and no other host waits.

Each crawl is given its moment, so days pass at once.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.utils import format_datetime

import pytest

from crawler.orders import Order, Summary
from crawler.run import crawl
from tests.crawler.small_web import Site, serving
from tests.crawler.test_breakages import SOURCE, a_feed, a_story
from tests.engines import Address, folder_of

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
STORIES = range(1, 7)
REFUSED = 5  # the story that is answered so


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a host says with its refusal, and for how long it is to be left alone."""

    said: str
    wait: dt.timedelta
    status: int = 429


ASKING = {
    "in_seconds": Asking(said="3600", wait=60 * MINUTE),
    "in_seconds_busy": Asking(said="3600", wait=60 * MINUTE, status=503),
    "by_date": Asking(said=format_datetime(AT + 60 * MINUTE, usegmt=True), wait=60 * MINUTE),
    "by_date_busy": Asking(said=format_datetime(AT + 60 * MINUTE, usegmt=True), wait=60 * MINUTE, status=503),
    "in_garbage": Asking(said="soon; maybe", wait=10 * MINUTE),
    "below_nothing": Asking(said="-3600", wait=10 * MINUTE),
    "in_ten_years": Asking(said="315360000", wait=DAY),
    "by_date_in_ten_years": Asking(said="Sun, 06 Mar 2034 12:00:00 GMT", wait=DAY, status=503),
    "for_ever": Asking(said="9" * 400, wait=DAY),
}  # fmt: skip
GOOD = [f"patient_{number}" for number in range(3)]


@pytest.fixture
def web() -> Iterator[dict[str, Site]]:
    sites = {name: a_paper(name) for name in [*ASKING, *GOOD]}
    for name, asking in ASKING.items():
        headers = {"Retry-After": asking.said, "Date": format_datetime(AT, usegmt=True)}
        sites[name].pages[f"/{REFUSED}/"] = (asking.status, headers, b"")
    with ExitStack() as stack:
        yield {name: stack.enter_context(serving(site)) for name, site in sites.items()}


def a_paper(name: str) -> Site:
    return Site({"/feed/": a_feed(name, STORIES), **{f"/{n}/": a_story(n) for n in STORIES}})


def run(archive: Address, web: dict[str, Site], at: dt.datetime) -> dict[str, Summary]:
    order = Order(
        archive=str(archive),
        sources=tuple(web),
        at=at,
        hosts={f"www.{name}.example": site.address for name, site in web.items()},
        folders=(str(folder_of(archive) / "sources"),),
    )
    return {one.source: one for one in crawl(order)}


def test_nobody_is_asked_before_the_time_and_nobody_else_waits(
    archive: Address, web: dict[str, Site]
) -> None:
    (folder_of(archive) / "sources").mkdir()
    for name in web:
        (folder_of(archive) / "sources" / f"{name}.py").write_text(SOURCE.format(name=name))
    first = run(archive, web, AT)
    for name in GOOD:
        assert first[name].outcomes == {"done": 1 + len(STORIES)}
    assert all(web[name].asked[f"/{REFUSED}/"] == 1 for name in ASKING), "a refusal is no reason to ask again"
    for name in ASKING:
        web[name].pages[f"/{REFUSED}/"] = a_story(REFUSED)
    moments = sorted({AT + asking.wait for asking in ASKING.values()})
    for moment in moments:
        assert_left_alone(archive, web, moment - MINUTE)
    run(archive, web, moments[-1] + MINUTE)
    assert all(site.asked[f"/{n}/"] >= 1 for site in web.values() for n in STORIES), "each came in the end"


def assert_left_alone(archive: Address, web: dict[str, Site], at: dt.datetime) -> None:
    before = {name: web[name].asked.total() for name in web}
    run(archive, web, at)
    asked = {name for name in web if web[name].asked.total() > before[name]}
    assert asked == {*GOOD, *(name for name, asking in ASKING.items() if AT + asking.wait <= at)}
