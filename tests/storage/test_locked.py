"""Another program holds what is to be written: a writer waits for it, and readers go on."""

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from storage.schema.press import articles
from storage.store import Store
from tests.engines import address_of
from tests.storage import judging as scene


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
