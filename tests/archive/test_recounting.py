"""What all pages share is counted beside the visitors: what may be of a moment ago, and what never is."""

import time
from itertools import count

import pytest
import sqlalchemy as sa

from archive.reading import queue
from archive.reading.kept import Kept
from archive.reading.queue import Queue, Queues
from archive.recounting import recounting
from archive.site import Site
from storage import changes, judgements, orders
from storage.judgements import Judgement
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.reviewing import a_queue
from tests.archive.world import NOW, World


class Counting:
    """Counts how often it counted; each time takes so many seconds of its own clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.now, self.times = seconds, 0.0, count(1)

    def clock(self) -> float:
        return self.now

    def __call__(self, connection: sa.Connection) -> int:
        self.now += self.seconds
        return next(self.times)


def changed(store: Store) -> None:
    with store.writing() as connection:
        changes.note(connection, "article", ["article-1"], NOW)


def asked(store: Store, kept: Kept, counting: Counting) -> int:
    with store.reading() as connection:
        return kept.of(connection, "count", counting)


def recount(store: Store, kept: Kept) -> None:
    with store.reading() as connection:
        kept.recount(connection)


def test_what_takes_long_stands_until_the_recounter_has_counted_again(store: Store) -> None:
    counting = Counting(1.0)
    kept = Kept(clock=counting.clock)
    kept.recounted = True
    told = [asked(store, kept, counting)]
    changed(store)
    told.append(asked(store, kept, counting))
    recount(store, kept)
    told.append(asked(store, kept, counting))
    assert told == [1, 1, 2]


@pytest.mark.parametrize(("seconds", "recounted"), [(0.01, True), (1.0, False)])
def test_what_is_quick_or_nobody_recounts_is_of_the_moment(
    store: Store, seconds: float, recounted: bool
) -> None:
    counting = Counting(seconds)
    kept = Kept(clock=counting.clock)
    kept.recounted = recounted
    assert asked(store, kept, counting) == 1
    assert asked(store, kept, counting) == 1
    changed(store)
    assert asked(store, kept, counting) == 2


def test_no_count_outlives_an_order_or_an_erasure(store: Store) -> None:
    article, counting = World(store).article(), Counting(1.0)
    kept = Kept(clock=counting.clock)
    kept.recounted = True
    assert asked(store, kept, counting) == 1
    with store.writing() as connection:
        order = orders.restrict(connection, "article", article, reason="a judge", who="Ada", at=NOW)
    assert asked(store, kept, counting) == 2
    with store.writing() as connection:
        orders.lift(connection, order, reason="ended", who="Ada", at=NOW)
    assert asked(store, kept, counting) == 3
    with store.writing() as connection:
        changes.note(connection, "article", [article], NOW, "erased")
    assert asked(store, kept, counting) == 4


def test_what_nobody_asks_for_is_not_counted_again(store: Store) -> None:
    counting = Counting(1.0)
    kept = Kept(clock=counting.clock)
    kept.recounted = True
    asked(store, kept, counting)
    changed(store)
    counting.now += 4_000
    recount(store, kept)
    assert next(counting.times) == 2


def items(queue_: Queue) -> list[str]:
    return [due.article_id for due in queue_.items]


def test_the_queue_shows_decisions_and_orders_while_it_is_read_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, queues = a_queue(World(store), 4), Queues(0.0)
    queues.followed = True

    def of(person: str) -> Queue:
        with store.reading() as connection:
            return queues.of(connection, person)

    assert set(items(of("Ada"))) == set(scene.articles)
    monkeypatch.setattr(queue, "_MANY", 3)
    fresh = World(store).article("A fifth story.", url="https://www.bolton-beacon.example/fifth")
    judged, sealed, *left = scene.articles
    with store.writing() as connection:
        changes.note(connection, "article", scene.articles, NOW)
        said = {"decision": "none", "who": "Ada", "at": NOW, "version": 1, "shown": {}}
        judgements.judge(connection, Judgement(article_id=judged, mention=0, **said))  # type: ignore[arg-type]
        orders.restrict(connection, "article", sealed, reason="a judge", who="Ada", at=NOW)
    World(store).link(fresh, status="linked", probability=0.5, level="setting", setting_id=scene.settings[0])
    assert set(items(of("Ada"))) == set(left)
    with store.reading() as connection:
        queues.follow(connection)
    assert set(items(of("Ada"))) == {*left, fresh}
    assert sum(n for _, n in of("Ada").choices["outlet"]) == 3


def test_the_recounter_counts_what_the_first_visitors_will_ask_for(store: Store) -> None:
    site = Site(store=store, index=SearchIndex(store.place.index))
    with recounting(site):
        for _ in range(1_000):  # ten seconds at the most
            if "pairs" in site.kept:  # the last of them
                break
            time.sleep(0.01)
        with store.reading() as connection:
            counted = site.kept.of(connection, "overview", lambda _: None)
    assert counted is not None
    assert not site.kept.recounted
