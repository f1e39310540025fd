"""A command that was started for a job writes only for as long as the job is its scheduler's."""

import datetime as dt
import os
import subprocess
import sys

import pytest

from storage import fencing, jobs
from storage.fencing import Fence, TakenOver
from storage.jobs import Planned
from storage.store import Store
from tests.engines import ON_BOTH

pytestmark = ON_BOTH
AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
LINK = Planned(kind="link", every=dt.timedelta(hours=1))


def taken(store: Store, at: dt.datetime) -> Fence:
    with store.writing() as connection:
        jobs.plan(connection, [LINK], at=AT)
        (held,) = jobs.take(connection, f"desk at {at}", at=at, limit=1, among=[LINK.id])
    return Fence(job=held.id, number=held.fence)


def test_a_halted_command_writes_nothing_once_its_job_is_anothers(store: Store) -> None:
    first = taken(store, AT)
    with Store(store.place, write=True, fence=first) as halted:
        with halted.writing():
            pass
        second = taken(store, AT + 2 * jobs.LEASE)
        with pytest.raises(TakenOver, match="another scheduler does 'link' by now"), halted.writing():
            pytest.fail("it was let in")
    with Store(store.place, write=True, fence=second) as other, other.writing():
        pass


def test_a_command_is_told_its_job_by_the_environment_and_ends_with_a_line(store: Store) -> None:
    first = taken(store, AT)
    taken(store, AT + 2 * jobs.LEASE)
    address = str(store.place.path or store.place.url)
    words = [sys.executable, "-m", "onrecord", "token", "add", "--role", "reader", "--archive", address]
    environment = os.environ | {fencing.VARIABLE: str(first)}
    ended = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == ("onrecord: another scheduler does 'link' by now; this one writes nothing more\n")


@pytest.mark.parametrize("said", ["", "link", "link#", "#3", "link#x"])
def test_what_names_no_taking_is_no_fence(said: str, engine: str) -> None:
    assert Fence.given({fencing.VARIABLE: said} if said else {}) is None
    assert Fence.given({fencing.VARIABLE: "crawl echo#12"}) == Fence(job="crawl echo", number=12)
