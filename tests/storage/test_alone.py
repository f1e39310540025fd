"""What one process does at a time, on either engine."""

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


def test_the_lock_of_what_was_closed_is_free(store: Store) -> None:
    with store.alone("crawl-echo", wait=0) as first:
        assert first
        with Store(store.place) as another:
            pass
        with Store(store.place) as another, another.alone("crawl-echo", wait=0) as second:
            assert not second
