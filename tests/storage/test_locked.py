"""Another program holds the database: what is to be written waits for it, and readers go on."""

import contextlib
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from storage.schema.press import articles
from storage.store import Store
from tests.storage import judging as scene


def count(store: Store) -> int | None:
    with store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(articles)).scalar()


def test_a_writer_waits_for_whoever_holds_the_file_and_readers_do_not(store: Store) -> None:
    scene.an_article(store, "before")
    holder = sqlite3.connect(str(store.place.path), isolation_level=None)
    with contextlib.closing(holder), ThreadPoolExecutor(1) as pool:
        holder.execute("BEGIN EXCLUSIVE")
        waiting = pool.submit(scene.an_article, store, "after")
        time.sleep(0.5)
        assert count(store) == 1
        assert not waiting.done()
        holder.execute("ROLLBACK")
        waiting.result(30)
    assert count(store) == 2
