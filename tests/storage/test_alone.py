"""What one process does at a time, on either engine."""

import contextlib

import sqlalchemy as sa

from storage.store import Store
from tests.engines import ON_BOTH

pytestmark = ON_BOTH


def test_what_one_does_another_does_not_until_it_has_ended(store: Store) -> None:
    with Store(store.place) as another:
        with store.alone("crawl-echo", wait=0) as first, another.alone("crawl-echo", wait=0.3) as second:
            assert (first, second) == (True, False)
            with another.alone("crawl-post", wait=0) as elsewhere:
                assert elsewhere
        with another.alone("crawl-echo", wait=0) as second:
            assert second


def test_one_process_holds_as_much_as_it_likes_and_each_but_once(store: Store) -> None:
    names = [f"crawl-{number}" for number in range(40)]  # more than a server's pool has connections
    with contextlib.ExitStack() as stack, Store(store.place) as another:
        assert all(stack.enter_context(store.alone(name, wait=0)) for name in names)
        for name in names:
            with store.alone(name, wait=0) as again, another.alone(name, wait=0) as second:
                assert (again, second) == (False, False)
        with store.reading() as connection:
            assert connection.scalar(sa.select(1)) == 1


def test_the_lock_of_what_was_closed_is_free(store: Store) -> None:
    with store.alone("crawl-echo", wait=0) as first:
        assert first
        with Store(store.place) as another:
            pass
        with Store(store.place) as another, another.alone("crawl-echo", wait=0) as second:
            assert not second
