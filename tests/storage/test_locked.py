"""Another program holds what is to be written: a writer waits for it, and readers go on.

``ONRECORD_TEST_HELD=60`` is the full size: for how many seconds a crawl is held up.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from storage.errors import ArchiveBusy
from storage.held import TOO_LONG, Held
from storage.schema.press import articles
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import a_feed, a_story, run, versions
from tests.engines import ON_SQLITE, address_of
from tests.storage import judging as scene

SECONDS = float(os.environ.get("ONRECORD_TEST_HELD") or 2)


def count(store: Store) -> int | None:
    with store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(articles)).scalar()


@contextlib.contextmanager
def held(store: Store) -> Iterator[None]:
    """Held by a program that knows nothing of our own lock: the file, or the table."""
    file = store.place.path is not None
    url = f"sqlite:///{store.place.path}" if file else address_of(store)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE" if file else "BEGIN")
        if not file:
            connection.exec_driver_sql("LOCK TABLE articles IN EXCLUSIVE MODE")
        yield
        connection.exec_driver_sql("ROLLBACK")
    engine.dispose()


def test_a_writer_waits_for_whoever_holds_it_and_readers_do_not(store: Store) -> None:
    scene.an_article(store, "before")
    with ThreadPoolExecutor(1) as pool:
        with held(store):
            waiting = pool.submit(scene.an_article, store, "after")
            time.sleep(0.5)
            assert count(store) == 1
            assert not waiting.done()
        waiting.result(30)
    assert count(store) == 2


@ON_SQLITE
def test_who_waits_too_long_is_told_and_nothing_is_kept(store: Store) -> None:
    with Store(store.place, write=True, wait=0.2) as hasty:
        with (
            held(store),
            pytest.raises(ArchiveBusy, match="another process is writing to it"),
            hasty.writing(),
        ):
            pytest.fail("it was let in")
        scene.an_article(hasty, "after")
    assert count(store) == 1


@ON_SQLITE
def test_a_crawl_waits_and_loses_no_page(store: Store) -> None:
    numbers = range(1, 41)
    pages = {f"/{n}/?utm_source=rss": a_story(n) for n in numbers}
    assert store.place.path is not None
    with (
        serving(Site({"/feed/": a_feed(*numbers), **pages}, delay=0.05)) as site,
        ThreadPoolExecutor(1) as pool,
    ):
        crawling = pool.submit(run, store.place.path, site)
        while site.asked.total() < 10:
            time.sleep(0.01)
        with held(store):
            time.sleep(SECONDS)
            assert not crawling.done()
            count(store)
        summary = crawling.result(120)
    assert (summary.ending, summary.waiting) == ("done", 0)
    assert summary.counts.failed == 0
    stored = versions(store.place.path)
    assert sorted((int(url.split("/")[3]), number) for url, number, _ in stored) == [(n, 1) for n in numbers]


@ON_SQLITE
def test_how_long_nobody_could_write_is_seen_by_looking(store: Store) -> None:
    tick = [0.0]
    seen = Held(lambda: tick[0])
    assert seen.seconds(store) == 0
    with held(store):
        assert seen.seconds(store) == 0
        tick[0] = TOO_LONG + 1
        assert seen.seconds(store) > TOO_LONG
    assert seen.seconds(store) == 0
    with held(store):
        assert seen.seconds(store) == 0, "it counts anew"


def test_our_own_writer_holds_it_too(store: Store) -> None:
    assert store.is_free()
    with Store(store.place, write=True) as other, other.writing():
        assert not store.is_free()
    assert store.is_free()
