"""Runs are watched: twenty kinds of breakage raise an alarm within two runs, a hundred quiet runs none."""

import copy
import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import watching
from storage import alarms, runs, sources
from storage.records import Source
from storage.schema.crawl import alarms as table
from storage.store import Store

AT = dt.datetime(2024, 3, 1, 6, tzinfo=dt.UTC)
PAPER = "fenland_echo"
FEED = "https://www.fenlandecho.example/feed/"
LISTING = "https://www.fenlandecho.example/news/"
Seen = dict[str, Any]


def a_run(rng: random.Random, at: dt.datetime, *, most: int = 9) -> Seen:
    """What a healthy paper gives: sometimes nothing, sometimes a dead link, a byline on nine in ten pages."""
    new, known = rng.randint(0, most), rng.randint(0, 3)
    bad = sum(rng.random() < 0.03 for _ in range(new))
    read = new - bad
    pages = {"done": read, "unchanged": known, "gone": bad}
    return {
        "at": at.isoformat(),
        "starts": {FEED: "done" if new else "unchanged", LISTING: "done"},
        "pages": {name: number for name, number in pages.items() if number},
        "fields": {
            "title": read,
            "published": read,
            "byline": sum(rng.random() < 0.9 for _ in range(read)),
            "section": sum(rng.random() < 0.5 for _ in range(read)),
        },
        "read": read,
        "texts": read,
        "letters": rng.randint(1500, 4000) if read else 0,
    }


def keep(store: Store, seen: Seen, at: dt.datetime, fault: str | None = None) -> list[alarms.Concern]:
    with store.writing() as connection:
        return keep_in(connection, seen, at, fault)


def keep_in(
    connection: sa.Connection, seen: Seen, at: dt.datetime, fault: str | None = None
) -> list[alarms.Concern]:
    run_id = runs.begin(connection, "crawl", PAPER, at=at)
    concerns, raised = watching.after_run(connection, PAPER, seen, fault=fault, at=at)
    told = {"seen": seen, "concerns": [one.reason for one in concerns]}
    runs.end(connection, run_id, "done", at=at, detail=told)
    return raised


@pytest.fixture
def watched(store: Store) -> Store:
    with store.writing() as connection:
        sources.save(connection, Source(name=PAPER, kind="news", title="Fenland Echo"))
    return store


def sound_runs(store: Store, rng: random.Random, number: int = 30, *, most: int = 9) -> dt.datetime:
    at = AT
    with store.writing() as connection:
        for _ in range(number):
            keep_in(connection, a_run(rng, at, most=most), at)
            at += dt.timedelta(hours=rng.randint(4, 12))
    return at


def all_pages(outcome: str) -> Callable[[Seen], None]:
    def broken(seen: Seen) -> None:
        seen |= {"pages": {outcome: 5}, "read": 0, "texts": 0, "letters": 0, "fields": {}}

    return broken


def start(outcome: str) -> Callable[[Seen], None]:
    def broken(seen: Seen) -> None:
        seen["starts"] = {FEED: outcome, LISTING: "done"}

    return broken


def without(field: str) -> Callable[[Seen], None]:
    def broken(seen: Seen) -> None:
        seen["fields"].pop(field, None)

    return broken


def said(**told: Any) -> Callable[[Seen], None]:
    return lambda seen: seen.update(told)


BREAKAGES: dict[str, Callable[[Seen], None]] = {
    "feed moved": start("gone"),
    "feed empty": start("empty"),
    "feed is a page now": start("unreadable"),
    "feed is forbidden": start("blocked"),
    "feed leads elsewhere": start("elsewhere"),
    "host is gone": start("unreachable"),
    "server fails": start("server_error"),
    "robots.txt shuts the feed": start("refused_by_robots"),
    "mining is reserved": start("reserved"),
    "pages are forbidden": all_pages("blocked"),
    "pages are empty": all_pages("empty"),
    "pages need scripts": all_pages("needs_javascript"),
    "pages cannot be read": all_pages("unreadable"),
    "pages have a new layout": all_pages("layout_changed"),
    "pages are gone": all_pages("gone"),
    "titles are missing": without("title"),
    "dates are missing": without("published"),
    "bylines are missing": without("byline"),
    "only teasers are left": said(letters=300),
    "one text for all": said(texts=1),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_breakage_is_told_within_two_runs_and_over_when_it_is(watched: Store, breakage: str) -> None:
    rng = random.Random(breakage)
    at = sound_runs(watched, rng)
    broken = a_run(rng, at)
    broken |= {"pages": {"done": 6}, "read": 6, "texts": 6, "letters": 2000}
    broken["fields"] = {"title": 6, "published": 6, "byline": 6, "section": 3}
    BREAKAGES[breakage](broken)
    first = keep(watched, copy.deepcopy(broken), at)
    second = keep(watched, copy.deepcopy(broken), at + dt.timedelta(hours=6))
    assert (len(first), len(second)) == (0, 1)
    with watched.reading() as connection:
        (alarm,) = alarms.raised(connection)
    assert (alarm.source_id, alarm.times, alarm.reason) == (PAPER, 2, second[0].reason)
    healthy = a_run(rng, at) | {"pages": {"done": 6}, "read": 6, "texts": 6, "letters": 2000}
    healthy |= {
        "fields": {"title": 6, "published": 6, "byline": 6},
        "starts": {FEED: "done", LISTING: "done"},
    }
    keep(watched, healthy, at + dt.timedelta(hours=12))
    with watched.reading() as connection:
        assert alarms.raised(connection) == []
        assert connection.execute(sa.select(table.c.settled_at)).scalars().all() != [None]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("most", [2, 9, 40, 5000])
def test_a_hundred_quiet_runs_raise_none(watched: Store, seed: int, most: int) -> None:
    rng = random.Random(f"{seed} {most}")
    sound_runs(watched, rng, 100, most=most)
    with watched.reading() as connection:
        assert connection.execute(sa.select(table.c.reason).where(table.c.raised_at.is_not(None))).all() == []


def test_a_paper_that_falls_silent_is_told(watched: Store) -> None:
    at = sound_runs(watched, random.Random(5))
    told = []
    for day in range(1, 6):
        quiet = a_run(random.Random(1), at) | {"pages": {"unchanged": 2}, "read": 0, "fields": {}, "texts": 0}
        told += [(day, one.kind) for one in keep(watched, quiet, at + dt.timedelta(days=day))]
    assert told == [(4, "silent")]


def test_a_crawl_that_fails_twice_is_told(watched: Store) -> None:
    at = sound_runs(watched, random.Random(5), 3)
    nothing = a_run(random.Random(1), at, most=0)
    assert keep(watched, nothing, at, fault="the disk is full") == []
    (alarm,) = keep(watched, nothing, at, fault="the disk is full")
    assert alarm.reason == "the crawl could not be done: the disk is full"


def test_a_paper_of_one_story_a_run_is_judged_over_several(watched: Store) -> None:
    at = sound_runs(watched, random.Random(7), 40, most=2)
    raised: list[alarms.Concern] = []
    for run in range(5):
        one = a_run(random.Random(1), at) | {"pages": {"done": 1}, "read": 1, "texts": 1, "letters": 2000}
        one["fields"] = {"published": 1, "byline": 1}
        raised += keep(watched, one, at + dt.timedelta(hours=6 * run))
    assert [(one.kind, one.what) for one in raised] == [("field", "title")]
