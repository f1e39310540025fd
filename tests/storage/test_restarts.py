"""The server crashes under a writer: what was acknowledged is there once, what was refused is not.

``ONRECORD_TEST_RESTARTS`` says how often; 100 is the full size.
"""

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from storage import audit
from storage.dates import utc_now
from storage.errors import ServerAway
from storage.schema.work import audit as table
from storage.store import Store
from tests.storage.a_cluster import Cluster, a_cluster

pytestmark = pytest.mark.postgres
RESTARTS = int(os.environ.get("ONRECORD_TEST_RESTARTS") or 3)
BACK_WITHIN = 30  # seconds after the server is back


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with a_cluster() as made:
        yield made


class Writer:
    """A writing process, and what it told."""

    def __init__(self, address: str, first: int) -> None:
        words = [sys.executable, "-m", "tests.storage.a_writer", address, str(first)]
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (open until it has ended)
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints, text=True
        )
        self.became: dict[int, str] = {}
        self._ear = threading.Thread(target=self._listen)
        self._ear.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            self.became[said["entry"]] = said["became"]

    def kept(self) -> int:
        """How many entries it was told are kept."""
        return sum(one == "kept" for one in list(self.became.values()))

    def close(self) -> None:
        """Let it finish its entry."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._ear.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        status = self._process.wait()
        with self._complaints:
            self._complaints.seek(0)
            assert (status, self._complaints.read().decode()) == (0, "")


@contextlib.contextmanager
def writers(address: str, count: int) -> Iterator[list[Writer]]:
    """So many at once, whose entries have numbers of their own."""
    made = [Writer(address, 1 + 1_000_000 * number) for number in range(count)]
    try:
        yield made
    finally:
        for one in made:
            one.close()


def test_what_is_acknowledged_is_there_once_however_often_the_server_crashes(cluster: Cluster) -> None:
    rng, slowest = random.Random(RESTARTS), 0.0
    Store.at(cluster.address, write=True).close()
    with writers(cluster.address, 2) as two:
        until_they_go_on(two, 60)
        for _ in range(RESTARTS):
            time.sleep(rng.uniform(0, 0.2))
            cluster.restart()
            slowest = max(slowest, until_they_go_on(two, BACK_WITHIN))
    became = two[0].became | two[1].became
    told = Counter(became.values())
    with Store.at(cluster.address) as store, store.reading() as connection:
        found = Counter(int(about.split("-")[1]) for about in connection.scalars(sa.select(table.c.about)))
        verdicts = audit.verify(connection)
    print(f"{RESTARTS} restarts, {dict(told)}, back after {slowest:.1f} s at the most")  # noqa: T201
    assert told.keys() <= {"kept", "refused"}
    assert found == Counter(number for number, one in became.items() if one == "kept")
    assert verdicts["audit"].sound
    assert verdicts["audit"].rows == told["kept"]


def until_they_go_on(some: list[Writer], seconds: float) -> float:
    """Wait until each was told of another entry that is kept; after how many seconds."""
    begun, before = time.monotonic(), [one.kept() for one in some]
    while any(one.kept() <= kept for one, kept in zip(some, before, strict=True)):
        assert time.monotonic() - begun < seconds, "it does not go on"
        time.sleep(0.01)
    return time.monotonic() - begun


def test_a_server_that_hangs_is_told_of_and_is_used_again_when_it_goes_on(cluster: Cluster) -> None:
    with Store.at(cluster.address, write=True, patience=0) as store:
        before = entries(store)
        with pytest.raises(ServerAway, match="not answer"), store.reading() as held:
            held.execute(sa.select(1))
            with cluster.halted():
                began = time.monotonic()
                for work in (lambda: store.write(note), lambda: Store.at(cluster.address)):
                    with pytest.raises(ServerAway, match="timeout"):
                        work()
                    assert time.monotonic() - began < BACK_WITHIN
                    began = time.monotonic()
                held.execute(sa.select(1))
        assert entries(store) == before
        store.write(note)
        assert entries(store) == before + 1


def note(connection: sa.Connection) -> None:
    audit.note(connection, "noted", "archive", "hung", who="writer", at=utc_now())


def entries(store: Store) -> int:
    with store.reading() as connection:
        return len(audit.entries(connection, about="hung"))
