"""The tests that kill, race and restore, at full size: each in rounds, so that what was done is kept when the run is stopped.

The tests themselves stand beside what they test, and run in a small form for every change.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.faults.kept import PACKAGES, Kept


@dataclass(frozen=True, kw_only=True)
class Rounds:
    """A test, so many rounds of it, and how hard each is."""

    name: str
    test: str
    settings: Mapping[str, str]
    rounds: int


AT_FULL_SIZE = (
    Rounds(
        name="50 SIGKILLs of a crawl of 2,041 pages",
        test="tests/crawler/test_killed.py",
        settings={"ONRECORD_TEST_KILLS": "50", "ONRECORD_TEST_PAGES": "2041"},
        rounds=1,
    ),
    Rounds(
        name="50 SIGKILLs of a crawl of 600 pages",
        test="tests/crawler/test_killed.py",
        settings={"ONRECORD_TEST_KILLS": "50", "ONRECORD_TEST_PAGES": "600"},
        rounds=19,
    ),
    Rounds(
        name="100 SIGKILLs of a commit",
        test="tests/storage/test_judging_faults.py::test_kill_9_leaves_all_of_a_decision_or_nothing",
        settings={"ONRECORD_KILLS": "100"},
        rounds=10,
    ),
    Rounds(
        name="3 harms to each of 1,000 decisions",
        test="tests/storage/test_judging_faults.py::test_the_first_bad_row_is_named_whichever_it_is",
        settings={"ONRECORD_DECISIONS": "1000"},
        rounds=1,
    ),
    Rounds(
        name="50 SIGKILLs between store and index",
        test="tests/storage/test_index_killed.py",
        settings={"ONRECORD_TEST_INDEX_KILLS": "50"},
        rounds=4,
    ),
    Rounds(
        name="100 SIGKILLs of an upgrade",
        test="tests/storage/test_upgrade_killed.py",
        settings={"ONRECORD_TEST_UPGRADES": "100"},
        rounds=1,
    ),
    Rounds(
        name="100 SIGKILLs of a copy, to each engine",
        test="tests/storage/test_copying.py::test_killed_at_any_instant_and_repeated_it_ends_as_the_same_archive",
        settings={"ONRECORD_TEST_COPIES": "100"},
        rounds=1,
    ),
    Rounds(
        name="100 SIGKILLs of the outbox",
        test="tests/archive/alerts/test_killed.py",
        settings={"ONRECORD_TEST_KILLS": "100"},
        rounds=2,
    ),
    Rounds(
        name="100 crashes of a PostgreSQL server under writers",
        test="tests/storage/test_restarts.py",
        settings={"ONRECORD_TEST_RESTARTS": "100"},
        rounds=1,
    ),
    Rounds(
        name="10 crashes of a PostgreSQL server under a crawl",
        test="tests/crawler/test_restarts.py",
        settings={"ONRECORD_TEST_CRAWL_RESTARTS": "10"},
        rounds=1,
    ),
    Rounds(
        name="10 schedulers, 100 jobs, 20 rounds; a leader that halts",
        test="tests/onrecord/test_schedule.py",
        settings={"ONRECORD_TEST_SCHEDULES": "10x100x20"},
        rounds=1,
    ),
    Rounds(
        name="100 backups while it is written",
        test="tests/storage/backups/test_backing_up.py",
        settings={"ONRECORD_TEST_BACKUPS": "100"},
        rounds=1,
    ),
    Rounds(
        name="100 restores",
        test="tests/onrecord/test_backup_commands.py",
        settings={"ONRECORD_TEST_RESTORES": "100"},
        rounds=1,
    ),
    Rounds(
        name="1,000 bytes that rot in the index",
        test="tests/storage/test_index_rot.py",
        settings={"ONRECORD_TEST_FLIPS": "1000"},
        rounds=1,
    ),
    Rounds(
        name="a restore over an archive, killed at every step",
        test="tests/storage/backups/test_restore_killed.py",
        settings={"ONRECORD_TEST_RESTORE_KILLS": "100"},
        rounds=1,
    ),
    Rounds(
        name="20 bad registers, and one good",
        test="tests/crawler/regulators/test_refreshing.py::test_no_bad_file_touches_a_table",
        settings={},
        rounds=1,
    ),
    Rounds(
        name="1,000 edits over 10 registers",
        test="tests/crawler/regulators/test_refreshing.py",
        settings={},
        rounds=1,
    ),
)


def main(kept: Path) -> list[Kept]:
    """Run the rounds that are left."""
    return [_rounds(one, Kept(kept, *PACKAGES, one.test.split("::")[0])) for one in AT_FULL_SIZE]


def _rounds(one: Rounds, counts: Kept) -> Kept:
    for number in range(1, one.rounds + 1):
        if (one.name, f"round {number}") in counts:
            continue
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", one.test],
            env=os.environ | one.settings | {"ONRECORD_TEST_ROUND": str(number)},
            capture_output=True,
            text=True,
            check=False,
        )
        found = [] if ended.returncode == 0 else [ended.stdout[-2_000:]]
        counts.add(one.name, f"round {number}", found)
    return counts
