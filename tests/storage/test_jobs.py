"""Each job is done by one scheduler at a time, when it is due, whatever the clock does."""

import datetime as dt

import pytest

from storage import jobs, schedule, sources
from storage.errors import NotFound
from storage.jobs import Held, Job, Planned
from storage.records import Source
from storage.store import Store
from tests.engines import ON_BOTH

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = HOUR * 24
LINK = Planned(kind="link", every=HOUR)
ECHO = Planned(kind="crawl", what="echo", every=DAY)
ALL = {LINK.id, ECHO.id}


pytestmark = ON_BOTH


@pytest.fixture
def planned(store: Store) -> Store:
    """An archive in which one job was planned at noon."""
    plan(store, LINK)
    return store


def plan(store: Store, *what: Planned, at: dt.datetime = AT) -> None:
    with store.writing() as connection:
        jobs.plan(connection, what, at=at)


def take(store: Store, at: dt.datetime, *, limit: int = 9, trusting: bool = True) -> list[Held]:
    with store.writing() as connection:
        return jobs.take(connection, "desk:1", at=at, limit=limit, among=ALL, trusting=trusting)


def finish(store: Store, held: Held, at: dt.datetime, outcome: jobs.Outcome = "done") -> bool:
    with store.writing() as connection:
        return jobs.finish(connection, held, outcome, at=at)


def the_job(store: Store) -> Job:
    with store.reading() as connection:
        (one,) = jobs.listed(connection)
    return one


def test_what_is_taken_is_nobody_elses_until_its_lease_ends(planned: Store) -> None:
    (first,) = take(planned, AT)
    assert take(planned, AT + jobs.LEASE) == []
    with planned.writing() as connection:
        assert jobs.renew(connection, first, at=AT + jobs.LEASE)
    assert take(planned, AT + 1.5 * jobs.LEASE) == []
    assert take(planned, AT + 3 * jobs.LEASE, trusting=False) == [], "by a clock that was just set"
    (second,) = take(planned, AT + 3 * jobs.LEASE)
    assert (first.fence, second.fence) == (1, 2)


def test_a_scheduler_that_wakes_too_late_writes_nothing(planned: Store) -> None:
    (first,) = take(planned, AT)
    (second,) = take(planned, AT + 2 * jobs.LEASE)
    before = the_job(planned)
    with planned.writing() as connection:
        assert not jobs.renew(connection, first, at=AT + DAY)
    assert not finish(planned, first, AT + DAY, "failed")
    assert the_job(planned) == before
    assert finish(planned, second, AT + HOUR)
    assert not finish(planned, first, AT + DAY, "failed")
    assert (the_job(planned).outcome, the_job(planned).runs) == ("done", 1)


def test_three_days_asleep_are_caught_up_once(planned: Store) -> None:
    late = AT + 3 * DAY
    (held,) = take(planned, late)
    assert finish(planned, held, late)
    assert take(planned, late) == []
    assert the_job(planned).due == late + HOUR


def test_what_fails_is_tried_again_sooner_and_then_less_often(planned: Store) -> None:
    at, waits = AT, []
    for _ in range(6):
        (held,) = take(planned, at)
        finish(planned, held, at, "failed")
        waits.append((the_job(planned).due - at).total_seconds() / 60)
        at = the_job(planned).due
    assert waits == [5, 10, 20, 40, 60, 60]
    (held,) = take(planned, at)
    finish(planned, held, at)
    assert the_job(planned).failures == 0


def test_what_was_stopped_is_due_at_once_and_counts_as_no_run(planned: Store) -> None:
    (held,) = take(planned, AT)
    finish(planned, held, AT, "stopped")
    assert (the_job(planned).due, the_job(planned).runs) == (AT, 0)


def test_asked_for_while_it_runs_it_is_done_again(planned: Store) -> None:
    (held,) = take(planned, AT)
    with planned.writing() as connection:
        jobs.hasten(connection, "link", at=AT + HOUR / 2)
        with pytest.raises(NotFound):
            jobs.hasten(connection, "unknown", at=AT)
    assert take(planned, AT + HOUR / 2, trusting=False) == []
    finish(planned, held, AT + HOUR / 2)
    assert len(take(planned, AT + HOUR / 2)) == 1


def test_what_a_wrong_clock_put_out_of_reach_is_due_now_and_once(planned: Store) -> None:
    year = 365 * DAY
    (held,) = take(planned, AT + year)
    finish(planned, held, AT + year)
    with planned.writing() as connection:
        jobs.mend(connection, at=AT)
    (held,) = take(planned, AT)
    finish(planned, held, AT)
    with planned.writing() as connection:
        jobs.mend(connection, at=AT)
    assert the_job(planned).due == AT + HOUR
    (held,) = take(planned, AT + year)
    with planned.writing() as connection:
        jobs.mend(connection, at=AT + HOUR)
    assert the_job(planned).held_until == AT + HOUR + jobs.LEASE, "whoever had it then may be gone"


@pytest.mark.parametrize("jump", [HOUR / 2, HOUR, DAY, 365 * DAY])
def test_a_clock_set_back_makes_nothing_late_and_nothing_twice(planned: Store, jump: dt.timedelta) -> None:
    (held,) = take(planned, AT)
    finish(planned, held, AT)
    now = AT + HOUR / 4 - jump
    with planned.writing() as connection:
        jobs.set_back(connection, jump, at=now)
        jobs.mend(connection, at=now)
    assert take(planned, now) == []
    assert the_job(planned).due == now + HOUR * 3 / 4


def test_a_job_that_is_no_more_planned_is_not_done_and_comes_back_with_its_past(planned: Store) -> None:
    (held,) = take(planned, AT)
    finish(planned, held, AT)
    plan(planned)
    assert take(planned, AT + DAY) == []
    plan(planned, LINK, at=AT + DAY)
    assert the_job(planned).runs == 1
    assert len(take(planned, AT + DAY)) == 1


def test_a_job_may_wait_before_its_first_time(store: Store) -> None:
    plan(store, Planned(kind="link", every=DAY, first=HOUR))
    assert take(store, AT) == []
    assert len(take(store, AT + HOUR)) == 1


def test_a_source_is_crawled_as_often_as_it_publishes_and_when_somebody_asks(store: Store) -> None:
    plan(store, ECHO)
    (held,) = take(store, AT)
    with store.writing() as connection:
        sources.save(connection, Source(name="echo", kind="news", title="Fenland Echo"))
        soon = schedule.looked(connection, "echo", found_new=True, at=AT)
    finish(store, held, AT + HOUR / 60)
    assert the_job(store).due == soon < AT + HOUR
    with store.writing() as connection:
        sources.make_due(connection, "echo", at=AT + HOUR / 6)
    plan(store, ECHO, at=AT + HOUR / 6)
    assert the_job(store).due == AT + HOUR / 6
    (held,) = take(store, AT + HOUR / 6)
    finish(store, held, AT + HOUR / 5, "failed")
    plan(store, ECHO, at=AT + HOUR / 5)
    assert the_job(store).due > AT + HOUR / 5, "one that fails waits, whatever its source says"
