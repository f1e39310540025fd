"""A source is looked at as often as it publishes."""

import datetime as dt

from storage import schedule, sources
from storage.records import Source
from storage.store import Store

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def interval_of(store: Store, every: dt.timedelta, *, days: int = 30) -> dt.timedelta:
    """The interval that a source which publishes so often ends up with."""
    with store.writing() as connection:
        sources.save(connection, Source(name=str(every), kind="news", title="Fenland Echo"))
        looked = now = AT
        while now < AT + dt.timedelta(days=days):
            found_new = (now - AT) // every > (looked - AT) // every
            looked, now = now, schedule.looked(connection, str(every), found_new=found_new, at=now)
    return now - looked


def test_the_interval_follows_the_source(store: Store) -> None:
    busy, slow, weekly = (interval_of(store, HOUR * hours) for hours in (0.25, 12, 168))
    assert busy < HOUR
    assert 2 * HOUR < slow < 24 * HOUR
    assert slow < weekly <= 24 * HOUR


def test_a_source_is_due_when_its_time_has_come(store: Store) -> None:
    with store.writing() as connection:
        for name in ("echo", "post", "unseen"):
            sources.save(connection, Source(name=name, kind="news", title=name))
        schedule.looked(connection, "echo", found_new=True, at=AT)
        schedule.looked(connection, "post", found_new=False, at=AT)
        assert schedule.due(connection, at=AT) == set()
        assert schedule.due(connection, at=AT + HOUR) == {"echo"}
        assert schedule.due(connection, at=AT + 2 * HOUR) == {"echo", "post"}
