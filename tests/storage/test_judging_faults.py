"""The log of judgements against tampering, and judging against kill -9: all of a decision or nothing of it.

``ONRECORD_DECISIONS`` and ``ONRECORD_KILLS`` set how many rows are harmed and how often it is killed;
``ONRECORD_TEST_ROUND`` chooses other moments.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from storage import audit, judged, judgements, soundness
from storage.schema import links as linking
from storage.store import Store
from tests.engines import address_of
from tests.storage import judging as scene

DECISIONS = int(os.environ.get("ONRECORD_DECISIONS", "40"))
KILLS = int(os.environ.get("ONRECORD_KILLS", "6"))
ROUND = int(os.environ.get("ONRECORD_TEST_ROUND") or 0)
LOG = linking.judgements
EDITED = {
    "decision": "none",
    "who": "Somebody Else",
    "reason": "another",
    "mention": 1,
    "inspection_id": "i-2",
    "at": scene.at(999),
    "shown": {},
    "version": 7,
    "reading": 2,
    "previous_hash": "0" * 63 + "1",
    "hash": "f" * 64,
}


@pytest.fixture
def logged(store: Store) -> Store:
    """An archive with so many decisions on one mention."""
    scene.a_register(store)
    article = scene.an_article(store)
    scene.link(store, article)
    for number in range(DECISIONS):
        which = number % 2 + 1
        scene.judge(store, article, "confirmed", number + 1, level="inspection", record=f"i-{which}")
    return store


def _edit(connection: sa.Connection, seq: int) -> int:
    column = list(EDITED)[seq % len(EDITED)]
    row = connection.execute(sa.select(LOG).where(LOG.c.seq == seq)).one()
    value = "i-1" if EDITED[column] == row._mapping[column] else EDITED[column]
    connection.execute(sa.update(LOG).where(LOG.c.seq == seq).values({column: value}))
    return seq


def _delete(connection: sa.Connection, seq: int) -> int | None:
    connection.execute(sa.delete(LOG).where(LOG.c.seq == seq))
    return seq + 1 if seq < DECISIONS else None  # without its end a log is sound, only shorter


def _swap(connection: sa.Connection, seq: int) -> int:
    other = seq + 1 if seq < DECISIONS else seq - 1
    for old, new in ((seq, 10**6), (other, seq), (10**6, other)):
        connection.execute(sa.update(LOG).where(LOG.c.seq == old).values(seq=new))
    return min(seq, other)


@pytest.mark.parametrize("harm", [_edit, _delete, _swap])
def test_the_first_bad_row_is_named_whichever_it_is(
    logged: Store, harm: Callable[[sa.Connection, int], int | None]
) -> None:
    with logged.reading() as connection:
        whole = audit.verify(connection)["judgements"]
    assert (whole.sound, whole.rows) == (True, DECISIONS)
    missed = []
    for seq in range(1, DECISIONS + 1):
        with logged.writing() as connection:
            harmed = connection.begin_nested()
            bad = harm(connection, seq)
            found = audit.verify(connection)["judgements"]
            if bad is None:
                named = found.newest != whole.newest and found.rows == DECISIONS - 1
            else:
                named = found.bad_seq == bad
            if not named:
                missed.append((seq, found))
            harmed.rollback()
    assert missed == []


_JUDGES = """
import datetime as dt, sys
from storage.store import Store
from tests.storage import judging as scene
with Store.at(sys.argv[1], write=True) as store:
    hours = int(sys.argv[3])
    while True:
        hours += 1
        number = scene.judge(store, sys.argv[2], "confirmed", hours, level="inspection", record=f"i-{hours % 2 + 1}")
        print(number, hours, flush=True)
"""


def test_kill_9_leaves_all_of_a_decision_or_nothing(store: Store) -> None:
    scene.a_register(store)
    first, other = (scene.an_article(store, name, story="story-1") for name in ("a", "b"))
    scene.link(store, first)
    scene.link(store, other, origin=first)
    chance, told = random.Random(1_000 * ROUND + 7), 0
    for _ in range(KILLS):
        told = _judge_and_be_killed(store, first, told, after=chance.uniform(0.0, 0.05))
        with store.reading() as connection:
            verdict = audit.verify(connection)["judgements"]
            last = judgements.history(connection, first, 0)[-1]
            rows = judged.decisions(connection, [first, other])
            unsound = [*soundness.database(connection), *soundness.orphans(connection)]
        assert unsound == []
        assert verdict.sound
        assert verdict.rows >= told, "a decision that was acknowledged is gone"
        assert len(rows) == 2, "each copy has one decision that stands"
        for row in rows:
            assert (row["inspection_id"], row["decided_at"]) == (last.inspection_id, last.at)
        told = verdict.rows


def _judge_and_be_killed(store: Store, article: str, done: int, *, after: float) -> int:
    """Judge in another process until it is killed; the number of the last judgement it was told of."""
    command = [sys.executable, "-c", _JUDGES, address_of(store), article, str(done)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    first = child.stdout.readline()
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    rest = child.stdout.read().splitlines()
    child.wait()
    child.stdout.close()
    whole = [line for line in [first, *rest] if len(line.split()) == 2]
    return int(whole[-1].split()[0])
