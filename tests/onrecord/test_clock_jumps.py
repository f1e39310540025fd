"""The system's own clock jumps under a scheduler that runs: it sleeps no year away, and does nothing twice.

With libfaketime, which tells a process the time that a file names, and leaves its steady clock alone.
``ONRECORD_TEST_CLOCK=1`` runs it, for a minute or two; another clock is given to the scheduler in ``test_schedule``.
"""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.store import Store
from tests.engines import address_of

LIBRARY = next(
    (
        one
        for folder in ("/usr/lib", "/usr/local/lib", "/opt")
        for one in Path(folder).glob("**/faketime/libfaketime.so.1")
    ),
    None,
)
DAY = 86_400
NOW = dt.datetime.now(dt.UTC)
JUMPS = {
    "a year ahead": 365 * DAY,
    "a day back": -DAY,
    "an hour ahead, as by summer time": 3600,
    "an hour back, as by winter time": -3600,
    "a leap second": -1,
    "to 2000": (dt.datetime(2000, 1, 1, tzinfo=dt.UTC) - NOW).total_seconds(),
    "to 2038": (dt.datetime(2038, 1, 19, 3, 14, tzinfo=dt.UTC) - NOW).total_seconds(),
    "three days back, and ahead again": -3 * DAY,
}  # fmt: skip
EVERY = 3  # seconds between two turns of the job

pytestmark = [
    pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed"),
    pytest.mark.skipif(not os.environ.get("ONRECORD_TEST_CLOCK"), reason="ONRECORD_TEST_CLOCK is not set"),
]


@contextmanager
def scheduling(store: Store, script: str, clock: Path) -> Iterator[None]:
    """A scheduler in a process that is told the time by a file."""
    environment = os.environ | {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_RESET": "1",
    }
    words = [sys.executable, "-m", "tests.onrecord.schedulers", address_of(store), script, str(EVERY)]
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as child:
        try:
            yield
        finally:
            child.kill()


def test_after_each_jump_the_job_is_done_within_its_interval_and_once(store: Store, tmp_path: Path) -> None:
    clock, lines = tmp_path / "clock", tmp_path / "lines"
    clock.write_text("+0")
    begun, longest = time.monotonic(), {}

    def runs() -> int:
        return len(lines.read_text().split()) if lines.exists() else 0

    def next_run() -> float:
        before, asked = runs(), time.monotonic()
        while runs() == before:
            waited = time.monotonic() - asked
            assert waited <= EVERY + 60
            time.sleep(0.05)
        return time.monotonic() - asked

    with scheduling(store, f"date >> {lines}.all; echo x >> {lines}", clock):
        next_run()
        for name, jump in JUMPS.items():
            clock.write_text(f"{jump:+.0f}")
            there = next_run()
            clock.write_text("+0")
            longest[name] = max(there, next_run())
    turns = (time.monotonic() - begun) / EVERY
    assert runs() <= turns + 2 * len(JUMPS) + 1, "what was missed is done once"
    print({name: round(seconds, 1) for name, seconds in longest.items()}, runs(), round(turns))  # noqa: T201
