"""A file far larger than any of its kind is refused in a line, before it fills the memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from onrecord.cli import main; sys.argv[0] = 'onrecord'; main()",
]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("import", "places"), "places.csv"),
        (("import", "labels"), "labels.jsonl"),
        (("provider", "alias", "--file"), "names.csv"),
        (("provider", "alias", "--file"), "names.toml"),
    ],
)
def test_a_file_that_would_fill_the_memory_is_refused(
    archive: Path, tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    path = tmp_path / name
    path.touch()
    os.truncate(path, 2**40)
    done = subprocess.run(
        [*PROGRAM, *command, str(path), "--archive", str(archive)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"onrecord: {name}: is larger than"), done.stderr
    assert done.stderr.count("\n") == 1
