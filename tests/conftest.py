"""What every test may use: the store on a fresh archive, and the shared real data where it lies."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store

SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).parents[2] / "shared")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh archive, opened for writing."""
    with Store.at(tmp_path / "archive.db", write=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared real data; absent, the test is skipped, except in CI, where it must be there."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the shared data are required in CI and are not at {SHARED}")
        pytest.skip("the shared real data are not on this machine")
    return SHARED
