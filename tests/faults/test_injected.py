"""Writes, syncs and openings that fail: nothing acknowledged is lost, and each failure is one line.

This is a part of it, for every change; ``make faults`` fails every operation with every error.
"""

from pathlib import Path

import pytest

from tests.faults import shim
from tests.faults.injecting import FEW, OURS, TEARING, TORN
from tests.faults.jobs import JOBS
from tests.faults.kept import Kept


@pytest.mark.skipif(shim.compiler() is None, reason="no C compiler to make the shim of failing calls with")
def test_whatever_operation_fails_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    ended = shim.injected(tmp_path, kept, 1)
    assert ended.returncode == 0, ended.stderr
    counts = Kept(kept, *OURS)
    assert counts.broken() == {}
    groups = {f"{job.name}: {fault}" for number, job in enumerate(JOBS) for fault in FEW[number % 2 :: 2]}
    assert {group for group, _ in counts.found} == groups | {f"{name}: {TEARING}" for name in TORN}
