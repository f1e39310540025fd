"""The chained logs: every row that was changed, taken out or moved is found and named."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from storage import audit
from storage.schema.work import audit as log
from storage.store import Store

AT = dt.datetime(2024, 6, 3, 9, 30, 15, 120, tzinfo=dt.UTC)


@pytest.fixture
def logged(store: Store) -> Store:
    with store.writing() as connection:
        for number in range(5):
            audit.note(
                connection,
                "restricted",
                "article",
                f"article-{number}",
                who="Ada Moss",
                at=AT + dt.timedelta(minutes=number),
                reason="an order of the family court – “until further notice”",
                details={"until": "2025-01-01", "number": number},
            )
    return store


def test_a_log_that_nobody_touched_is_sound(logged: Store) -> None:
    with logged.reading() as connection:
        verdict = audit.verify(connection)["audit"]
        newest = audit.entries(connection, limit=1)[0]
    assert (verdict.sound, verdict.rows, verdict.newest) == (True, 5, newest.hash)


def test_entries_come_newest_first_page_by_page(logged: Store) -> None:
    with logged.reading() as connection:
        first = audit.entries(connection, limit=2)
        then = audit.entries(connection, before=first[-1].seq, limit=2)
        about = audit.entries(connection, about="article-3")
    assert [row.about for row in (*first, *then)] == ["article-4", "article-3", "article-2", "article-1"]
    assert [row.seq for row in about] == [4]


def _edit(connection: sa.Connection, column: str, value: object) -> None:
    connection.execute(sa.update(log).where(log.c.seq == 3).values({column: value}))


def _swap(connection: sa.Connection) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        connection.execute(sa.update(log).where(log.c.seq == old).values(seq=new))


@pytest.mark.parametrize(
    "harm",
    [
        lambda connection: _edit(connection, "who", "Somebody Else"),
        lambda connection: _edit(connection, "reason", None),
        lambda connection: _edit(connection, "at", AT),
        lambda connection: _edit(connection, "details", {"number": 2}),
        lambda connection: _edit(connection, "previous_hash", "0" * 64),
        lambda connection: _edit(connection, "hash", "f" * 64),
        lambda connection: connection.execute(sa.delete(log).where(log.c.seq == 3)),
        _swap,
    ],
)
def test_the_first_bad_row_is_named(logged: Store, harm: Callable[[sa.Connection], object]) -> None:
    with logged.writing() as connection:
        harm(connection)
    with logged.reading() as connection:
        verdict = audit.verify(connection)["audit"]
    assert not verdict.sound
    assert verdict.rows == 2
    assert verdict.bad_seq in (3, 4)


def test_a_log_without_its_first_row_is_not_sound(logged: Store) -> None:
    with logged.writing() as connection:
        connection.execute(sa.delete(log).where(log.c.seq == 1))
    with logged.reading() as connection:
        assert audit.verify(connection)["audit"].fault == "row 1 is missing"
