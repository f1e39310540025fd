"""Hosts are asked at their own pace, by all sources together, and left alone as long as they ask."""

import asyncio
import datetime as dt
import itertools
import time

import pytest

from crawler.courtesy import Courtesy, retry_after
from crawler.errors import HostWaits
from storage import hosts
from storage.hosts import LONGEST_WAIT
from storage.store import Store

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Wed, 06 Mar 2024 12:05:00 GMT", 300),
        ("Wed, 06 Mar 2024 11:00:00 GMT", 0),
        ("Wednesday, 06-Mar-24 12:01:00 GMT", 60),
        ("Thu, 01 Jan 2034 00:00:00 GMT", 86_400),
        ("315360000", 86_400),
        ("9" * 400, 86_400),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1e3", None),
        ("²", None),
        ("Wed, 99 Mar 2024", None),
    ],
)
def test_a_wait_is_read_and_capped(said: str, seconds: float | None) -> None:
    wait = retry_after(said, None, AT)
    assert (wait.total_seconds() if wait is not None else None) == seconds


def test_a_wait_is_counted_by_the_clock_of_the_host() -> None:
    wrong_by_a_year = "Mon, 06 Mar 2023 12:00:00 GMT"
    assert retry_after("Mon, 06 Mar 2023 12:10:00 GMT", wrong_by_a_year, AT) == dt.timedelta(minutes=10)


async def refused(courtesy: Courtesy, host: str) -> dt.datetime | None:
    try:
        async with courtesy.turn(host):
            return None
    except HostWaits as waits:
        return waits.until


def test_a_host_that_asks_is_left_alone_and_no_other() -> None:
    noted: dict[str, dt.datetime] = {}

    async def note(host: str, until: dt.datetime) -> None:
        noted[host] = until

    async def crawl() -> None:
        courtesy = Courtesy(at=AT, served={"a.example", "b.example"}, note=note)
        await courtesy.answered("a.example", 429, {"retry-after": "3600"}, 0.1)
        await courtesy.answered("b.example", 503, {}, 0.1)
        until = await refused(courtesy, "a.example")
        assert until is not None
        assert abs(until - AT - dt.timedelta(hours=1)) < dt.timedelta(seconds=5)
        assert await refused(courtesy, "b.example") is None
        assert noted == {"a.example": until}
        await courtesy.answered("b.example", 429, {"retry-after": "never"}, 0.1)
        assert await refused(courtesy, "b.example") is not None

    asyncio.run(crawl())


def test_what_was_asked_before_a_restart_still_holds() -> None:
    async def crawl(at: dt.datetime) -> dt.datetime | None:
        return await refused(
            Courtesy(at=at, served={"a.example"}, waits={"a.example": AT + DAY}), "a.example"
        )

    assert asyncio.run(crawl(AT)) == AT + DAY
    assert asyncio.run(crawl(AT + DAY)) is None
    assert LONGEST_WAIT == DAY


def test_two_sources_on_one_host_share_its_pace() -> None:
    async def crawl() -> list[float]:
        courtesy, begun = Courtesy(at=AT), time.monotonic()
        courtesy.obey("a.example", 0.2)
        for _ in range(6):  # a fast host, whose pace has settled at the least delay
            await courtesy.answered("a.example", 200, {}, 0.01)
        times: list[float] = []

        async def source() -> None:
            for _ in range(2):
                async with courtesy.turn("a.example"):
                    times.append(time.monotonic() - begun)

        await asyncio.gather(source(), source())
        return times

    times = asyncio.run(crawl())
    assert all(later - earlier > 0.35 for earlier, later in itertools.pairwise(times))


def test_crawl_delay_is_kept_even_with_what_we_serve_ourselves() -> None:
    async def crawl() -> float:
        courtesy, begun = Courtesy(at=AT, served={"a.example"}), time.monotonic()
        courtesy.obey("a.example", 0.15)
        for _ in range(3):
            async with courtesy.turn("a.example"):
                pass
        return time.monotonic() - begun

    assert asyncio.run(crawl()) >= 0.3


def test_whoever_stood_in_line_when_a_host_asked_to_be_left_alone_does_not_ask_either() -> None:
    async def crawl() -> list[object]:
        courtesy, asked = Courtesy(at=AT), []

        async def ask(number: int) -> None:
            async with courtesy.turn("a.example"):
                asked.append(number)
                await courtesy.answered("a.example", 429, {"retry-after": "3600"}, 0.01)

        ended = await asyncio.gather(*map(ask, range(8)), return_exceptions=True)
        return [asked, *map(type, ended)]

    assert asyncio.run(crawl()) == [[0], type(None), *[HostWaits] * 7]


def test_a_short_wait_is_sat_out_by_those_who_stood_in_line() -> None:
    async def crawl() -> list[float]:
        courtesy, times = Courtesy(at=AT), []

        async def ask(number: int) -> None:
            async with courtesy.turn("a.example"):
                times.append(time.monotonic())
                if number == 0:
                    await courtesy.answered("a.example", 429, {"retry-after": "2"}, 0.01)

        await asyncio.gather(ask(0), ask(1))
        return times

    first, second = asyncio.run(crawl())
    assert second - first >= 1.9


def test_no_host_is_left_alone_for_a_year_because_a_clock_was_wrong(store: Store) -> None:
    with store.writing() as connection:
        hosts.leave_alone(connection, "a.example", AT + DAY)
        hosts.leave_alone(connection, "b.example", AT + 365 * DAY)
    with store.reading() as connection:
        assert hosts.waits(connection, at=AT) == {"a.example": AT + DAY}
        assert hosts.waits(connection, at=AT + 2 * DAY) == {}
