"""Killed at any moment, the index is brought to what the store holds at the next start.

``ONRECORD_TEST_INDEX_KILLS`` says how often: 200 is full size;
``ONRECORD_TEST_ROUND`` chooses other moments.
"""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time

from storage import soundness
from storage.search.comparing import differing
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.engines import address_of

KILLS = int(os.environ.get("ONRECORD_TEST_INDEX_KILLS") or 3)
ROUND = int(os.environ.get("ONRECORD_TEST_ROUND") or 0)

WRITING = textwrap.dedent("""
    import datetime as dt, itertools, os, sys
    from storage import articles
    from storage.records import Article
    from storage.search.indexer import open_indexer
    from storage.store import Store
    at = dt.datetime(2024, 3, 5, tzinfo=dt.UTC)
    with Store.at(sys.argv[1], write=True) as store, open_indexer(store) as indexer:
        indexer.repair()
        print("mended", flush=True)
        for number in itertools.count():
            with store.writing() as connection:
                made = Article(url=f"https://p.example/{number % 40}", text=f"Story {os.getpid()} {number}. " * 30)
                articles.save(connection, made, at=at)
            indexer.catch_up()
            print(number, flush=True)
""")


def test_index_and_store_agree_after_each_kill(store: Store) -> None:
    chance = random.Random(1_000 * ROUND + 5)
    for _ in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITING, address_of(store)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        with child:
            assert child.stdout.readline() == "mended\n"
            for _ in range(chance.randrange(1, 6)):
                child.stdout.readline()
            time.sleep(chance.random() / 50)  # somewhere in a write, a commit of the index, or between
            os.kill(child.pid, signal.SIGKILL)
        with open_indexer(store) as indexer:
            indexer.repair()
            assert differing(store) == []
        assert list(soundness.index(store)) == []
        with store.reading() as connection:
            assert list(soundness.database(connection)) == []
            assert list(soundness.orphans(connection)) == []
