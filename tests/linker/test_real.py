"""The real tables and the labelled folders: what the linker must reach on them."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.real_record import make

pytestmark = pytest.mark.real
PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from onrecord.cli import main; sys.argv[0] = 'onrecord'; main()",
]


def run(*arguments: str | Path) -> str:
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def real_record(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with every real register and table of inspections."""
    return make(shared, tmp_path_factory)


def figures(folder: Path, *more: str | Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as out:  # else it lies beside the archive, which may be here
        told: dict[str, Any] = json.loads(run("evaluate", folder, "--json", "--out", out, *more))
    return told


def test_the_seeds_are_as_labelled(shared: Path, real_record: Path) -> None:
    told = figures(shared / "seeds", "--archive", real_record)
    assert told["errors"] == {}
    assert told["figures"]["recall"] == told["figures"]["answer"] == 1.0


def test_digests_of_real_stories(shared: Path, real_record: Path) -> None:
    told = figures(shared / "eval" / "real_dev", "--archive", real_record)["figures"]
    assert told["precision"] >= 0.95
    assert told["recall"] >= 0.70
    assert told["silence"] >= 0.98


def test_a_fictional_world(shared: Path) -> None:
    told = figures(shared / "eval" / "dev")["figures"]
    assert told["precision"] >= 0.98
    assert told["recall"] >= 0.90
    assert told["silence"] >= 0.99
    assert told["answer"] >= 0.85
