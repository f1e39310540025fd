"""Following: once, of what is there, one's own; ended follows stay as rows."""

import datetime as dt

import pytest
import sqlalchemy as sa

from storage import follows, people
from storage.errors import NotFound, UsageMistake
from storage.schema.work import follows as rows
from storage.store import Store
from tests.archive.world import World

NOW = dt.datetime(2024, 6, 3, 9, 30, tzinfo=dt.UTC)


def user(store: Store, name: str = "Ada Moss") -> str:
    with store.writing() as connection:
        return people.add_user(connection, name, "reader", at=NOW)


def test_what_is_followed_twice_is_followed_once_and_ends(store: Store) -> None:
    ada, provider = user(store), World(store).provider()
    with store.writing() as connection:
        first = follows.follow(connection, ada, "provider", provider, "Larkspur  Care", at=NOW)
        again = follows.follow(connection, ada, "provider", provider, "other", at=NOW)
        assert first == again
        (held,) = follows.of(connection, ada)
        assert (held.what, held.target, held.title) == ("provider", provider, "Larkspur Care")
        follows.unfollow(connection, ada, first, at=NOW)
        assert follows.of(connection, ada) == []
        assert follows.lasting(connection) == []
        assert connection.execute(sa.select(rows.c.ended_at)).scalar_one() == NOW
        assert follows.follow(connection, ada, "provider", provider, "once more", at=NOW) != first


def test_nobody_ends_what_another_follows(store: Store) -> None:
    ada, ben, urn = user(store), user(store, "Ben Ash"), World(store).setting()
    with store.writing() as connection:
        held = follows.follow(connection, ada, "setting", urn, "a home", at=NOW)
        with pytest.raises(NotFound):
            follows.unfollow(connection, ben, held, at=NOW)
        assert follows.find(connection, ada, "setting", urn) == held
        assert follows.find(connection, ben, "setting", urn) is None


@pytest.mark.parametrize("what", ["provider", "group", "setting", "authority", "outlet"])
def test_what_is_not_there_cannot_be_followed(store: Store, what: follows.Followed) -> None:
    ada = user(store)
    with store.writing() as connection, pytest.raises(NotFound):
        follows.follow(connection, ada, what, "nothing", "nothing", at=NOW)


@pytest.mark.parametrize("target", ["", "  ", "x" * 2_001, "q=a\nb"])
def test_a_target_that_is_none_is_refused(store: Store, target: str) -> None:
    ada = user(store)
    with store.writing() as connection, pytest.raises(UsageMistake):
        follows.follow(connection, ada, "search", target, "x", at=NOW)


def test_a_kind_that_is_none_is_named() -> None:
    with pytest.raises(UsageMistake, match="outlet"):
        follows.as_followed("child")


def test_follows_are_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follows, "MOST", 2)
    ada = user(store)
    with store.writing() as connection:
        for query in ("q=a", "q=b"):
            follows.follow(connection, ada, "search", query, query, at=NOW)
        with pytest.raises(UsageMistake, match="more than 2"):
            follows.follow(connection, ada, "search", "q=c", "c", at=NOW)
