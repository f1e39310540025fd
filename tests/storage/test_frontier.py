"""The frontier: every address is fetched once, and a killed run loses and doubles nothing."""

import datetime as dt

import pytest
import sqlalchemy as sa

from storage import frontier, runs, sources
from storage.frontier import Answer, Found
from storage.records import Source
from storage.schema.crawl import failures
from storage.schema.crawl import runs as table
from storage.store import Store

AT = dt.datetime(2024, 3, 5, 9, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PAPER = "fenland_echo"
FEED = Found(url="https://www.fenlandecho.example/feed/", kind="feed")


def pages(*numbers: int, depth: int = 1, **hints: str) -> list[Found]:
    return [
        Found(url=f"https://www.fenlandecho.example/{n}", kind="article", depth=depth, hints=hints)
        for n in numbers
    ]


@pytest.fixture
def run_id(store: Store) -> str:
    with store.writing() as connection:
        sources.save(connection, Source(name=PAPER, kind="news", title="Fenland Echo"))
        return runs.begin(connection, "crawl", PAPER, at=AT)


def add(store: Store, found: list[Found], at: dt.datetime = AT) -> int:
    with store.writing() as connection:
        return frontier.add(connection, PAPER, found, at=at)


def claim(store: Store, run_id: str, limit: int = 10, at: dt.datetime = AT) -> list[frontier.Entry]:
    with store.writing() as connection:
        return frontier.claim(connection, PAPER, run_id, limit=limit, at=at)


def finish(store: Store, entry: frontier.Entry, **given: object) -> None:
    with store.writing() as connection:
        frontier.finish(connection, entry.id, Answer(outcome="done", at=AT, **given))  # type: ignore[arg-type]


def test_an_address_is_taken_in_once_however_it_is_spelled(store: Store, run_id: str) -> None:
    spelled = [
        Found(url=f"https://www.fenlandecho.example/1{end}", kind="article") for end in ("", "/", "#top")
    ]
    assert add(store, spelled[:1]) == 1
    assert add(store, spelled) == 0
    assert len(claim(store, run_id)) == 1


def test_ten_spellings_of_two_hundred_addresses_are_two_hundred(store: Store, run_id: str) -> None:
    spellings = [
        "https://www.fenlandecho.example/news/{n}?id={n}",
        "http://www.fenlandecho.example/news/{n}?id={n}",
        "https://WWW.FenlandEcho.example/news/{n}?id={n}",
        "https://www.fenlandecho.example:443/news/{n}?id={n}",
        "https://www.fenlandecho.example/news/{n}/?id={n}",
        "https://www.fenlandecho.example/news/{n}?id={n}#comments",
        "https://www.fenlandecho.example/news/{n}?utm_source=rss&id={n}",
        "https://www.fenlandecho.example/news/{n}?id={n}&fbclid=abc{n}",
        "https://www.fenlandecho.example/./news/{n}?id={n}",
        "https://www.fenlandecho.example/news/{n}?id={n}&utm_medium=social&utm_campaign=x",
    ]
    variants = [Found(url=spelled.format(n=n), kind="article") for spelled in spellings for n in range(200)]
    assert len({one.url for one in variants}) == 2000
    assert add(store, variants) == 200
    others = [Found(url=f"https://www.fenlandecho.example/news/1?id={n}", kind="article") for n in range(200)]
    assert add(store, others) == 199, "another id is another document, and one of them was known"


def test_starts_are_claimed_first_and_each_address_once(store: Store, run_id: str) -> None:
    add(store, [*pages(1, 2, 3), FEED])
    first = claim(store, run_id, limit=2)
    rest = claim(store, run_id)
    assert first[0].url == FEED.url
    assert sorted(entry.url for entry in first + rest) == sorted(one.url for one in [*pages(1, 2, 3), FEED])
    assert claim(store, run_id) == []


def test_what_a_killed_run_had_claimed_waits_again(store: Store, run_id: str) -> None:
    add(store, pages(1, 2, 3))
    done, *_ = claim(store, run_id)
    finish(store, done)
    with store.writing() as connection:
        assert frontier.give_back(connection, PAPER) == 2
    again = claim(store, run_id)
    assert done.id not in {entry.id for entry in again}
    assert [entry.attempts for entry in again] == [0, 0]


def test_no_number_of_kills_gives_an_address_up(store: Store, run_id: str) -> None:
    add(store, pages(1))
    for _ in range(20):
        (entry,) = claim(store, run_id)
        assert entry.attempts == 0
        with store.writing() as connection:
            frontier.give_back(connection, PAPER)
    assert len(claim(store, run_id)) == 1


def test_tries_that_settle_nothing_are_counted(store: Store, run_id: str) -> None:
    add(store, pages(1))
    for tries in range(3):
        (entry,) = claim(store, run_id)
        assert entry.attempts == tries
        finish(store, entry, again=AT, settled=False)


def tries_in_vain(store: Store, run_id: str, days: int) -> int:
    """How often pages are tried by a run every hour, while their site is out of reach for so many days."""
    tries = 0
    for hours in range(24 * days):
        at = AT + dt.timedelta(hours=hours)
        for entry in claim(store, run_id, at=at):
            tries += 1
            again = frontier.next_try(entry.attempts, at)
            with store.writing() as connection:
                answer = Answer(outcome="unreachable", at=at, again=again, settled=False)
                frontier.finish(connection, entry.id, answer)
    return tries


@pytest.mark.parametrize("days", [1, 3, 8])
def test_after_an_outage_of_days_everything_is_asked_for_within_a_day(
    store: Store, run_id: str, days: int
) -> None:
    add(store, pages(1, 2, 3))
    tries_in_vain(store, run_id, days)
    assert len(claim(store, run_id, at=AT + (days + 1) * DAY)) == 3


def test_what_is_never_there_is_left(store: Store, run_id: str) -> None:
    add(store, pages(1))
    assert tries_in_vain(store, run_id, 20) == 13
    assert claim(store, run_id, at=AT + 400 * DAY) == []


def test_a_finished_address_is_due_again_when_it_says_so(store: Store, run_id: str) -> None:
    add(store, pages(1))
    (entry,) = claim(store, run_id)
    finish(store, entry, again=AT + DAY, etag='"a"')
    assert claim(store, run_id) == []
    (again,) = claim(store, run_id, at=AT + DAY)
    assert (again.etag, again.fetched_at) == ('"a"', AT)


def test_a_page_that_is_said_to_have_changed_is_due_at_once(store: Store, run_id: str) -> None:
    add(store, pages(1, published="2024-03-01"))
    (entry,) = claim(store, run_id)
    finish(store, entry)
    assert add(store, pages(1, published="2024-03-01")) == 0
    assert add(store, pages(1, published="2024-03-01", modified="2024-02-29")) == 0
    assert add(store, pages(1, modified=f"{AT + DAY:%Y-%m-%d}"), at=AT + DAY) == 1
    assert [one.hints for one in claim(store, run_id, at=AT + DAY)] == [
        {"published": "2024-03-01", "modified": f"{AT + DAY:%Y-%m-%d}"}
    ]


def test_what_a_sitemap_dates_otherwise_than_the_feed_is_not_fetched_twice(store: Store, run_id: str) -> None:
    add(store, pages(1, published=f"{AT - DAY:%Y-%m-%d}"))
    (entry,) = claim(store, run_id)
    minute = dt.timedelta(minutes=1)
    add(store, pages(1, modified=(AT - minute).isoformat()))  # the sitemap is read while the page is fetched
    finish(store, entry)
    for lastmod in (
        (AT - minute).isoformat(),
        f"{AT:%Y-%m-%d}",
        "the 5th of March",
        f"{AT:%Y-%m-%dT%H:%M:%S}",
    ):
        assert add(store, pages(1, modified=lastmod)) == 0
    assert add(store, pages(1, modified=(AT - minute).isoformat()), at=AT + DAY) == 0
    assert add(store, pages(1, modified=(AT + minute).isoformat()), at=AT + DAY) == 1


def test_a_later_change_is_fetched_though_the_papers_clock_is_behind(store: Store, run_id: str) -> None:
    add(store, pages(1, modified="2024-01-01T08:00:00+00:00"))
    (entry,) = claim(store, run_id)
    finish(store, entry)
    assert add(store, pages(1, modified="2024-01-03T08:00:00+00:00"), at=AT + DAY) == 1


def test_what_a_clock_that_was_wrong_put_out_of_reach_is_due(store: Store, run_id: str) -> None:
    ahead = AT + 365 * DAY
    add(store, pages(1, 2), at=ahead)
    add(store, pages(3))
    tried = claim(store, run_id, limit=1, at=ahead)
    with store.writing() as connection:
        answer = Answer(outcome="unreachable", at=ahead, again=ahead + DAY, settled=False)
        frontier.finish(connection, tried[0].id, answer)
        frontier.mend(connection, PAPER, at=AT)
    assert {one.url[-1] for one in claim(store, run_id)} == {"1", "2", "3"}


def test_what_a_right_clock_postponed_stays_so(store: Store, run_id: str) -> None:
    add(store, pages(1))
    (entry,) = claim(store, run_id)
    finish(store, entry, again=AT + DAY, settled=False)
    with store.writing() as connection:
        frontier.mend(connection, PAPER, at=AT + DAY / 2)
    assert claim(store, run_id, at=AT + DAY / 2) == []
    assert len(claim(store, run_id, at=AT + DAY)) == 1


def test_only_the_starts_of_a_source_are_made_due(store: Store, run_id: str) -> None:
    add(store, [FEED, Found(url="https://www.fenlandecho.example/older.xml", kind="feed", depth=1)])
    for entry in claim(store, run_id):
        finish(store, entry)
    with store.writing() as connection:
        frontier.begin_at(connection, PAPER, [FEED], at=AT)
        assert frontier.waiting(connection, PAPER, at=AT) == 1
    assert [entry.url for entry in claim(store, run_id)] == [FEED.url]


def test_what_is_of_no_interest_waits_again_only_by_another_rule(store: Store, run_id: str) -> None:
    add(store, pages(1, 2))
    for entry in claim(store, run_id):
        with store.writing() as connection:
            answer = Answer(outcome="off_profile", at=AT, reason="none of the words (a1)", left=True)
            frontier.finish(connection, entry.id, answer)
    add(store, pages(1, 2, modified="2030-01-01"))
    with store.writing() as connection:
        frontier.make_due(connection, PAPER, ["article"], at=AT)
        frontier.reconsider(connection, PAPER, except_for="a1", at=AT)
        assert frontier.waiting(connection, PAPER, at=AT) == 0
        frontier.reconsider(connection, PAPER, except_for="b2", at=AT)
        assert frontier.waiting(connection, PAPER, at=AT) == 2


def test_many_addresses_come_in_at_once(store: Store, run_id: str) -> None:
    assert add(store, pages(*range(40_000))) == 40_000
    assert add(store, pages(*range(40_000))) == 0


def test_the_counts_of_a_run_add_up(store: Store, run_id: str) -> None:
    with store.writing() as connection:
        runs.count(connection, run_id, {"stored": 3, "duplicate": 1})
        runs.count(connection, run_id, {"refused": 2, "failed": 1})
        counted = runs.end(connection, run_id, "done", at=AT, detail={})
    assert counted == runs.Counts(fetched=7, stored=3, duplicate=1, refused=2, failed=1)


def test_a_run_that_never_ended_was_stopped(store: Store, run_id: str) -> None:
    with store.writing() as connection:
        second = runs.begin(connection, "crawl", PAPER, at=AT + DAY)
        runs.end(connection, second, "done", at=AT + DAY, detail={})
        third = runs.begin(connection, "link", None, at=AT)
        runs.begin(connection, "link", None, at=AT)
        rows = connection.execute(sa.select(table.c.id, table.c.outcome)).all()
    outcomes = {row.id: row.outcome for row in rows}
    assert (outcomes[run_id], outcomes[second], outcomes[third]) == ("stopped", "done", None)


def test_a_failure_is_kept_with_its_reason(store: Store, run_id: str) -> None:
    failure = runs.Failure(what="https://www.fenlandecho.example/1", outcome="blocked", reason="403")
    with store.writing() as connection:
        runs.fail(connection, run_id, failure, at=AT)
        (row,) = connection.execute(sa.select(failures)).all()
    assert (row.run_id, row.what, row.outcome, row.reason) == (run_id, failure.what, "blocked", "403")


def test_a_source_keeps_what_the_newsroom_set(store: Store, run_id: str) -> None:
    with store.writing() as connection:
        connection.execute(sa.text("update sources set enabled = false"))
        sources.save(connection, Source(name=PAPER, kind="news", title="Fenland Echo and Post"))
        assert sources.disabled(connection) == {PAPER}
