"""The commands ``onrecord import register|inspections|changes``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.schema.registers import imports as imported
from storage.store import Store
from tests.engines import Address
from tests.register_files import a_csv, a_home, a_leaver, a_register, homes, visits

PROGRAM = [
    sys.executable,
    "-c",
    "import sys; from onrecord.cli import main; sys.argv[0] = 'onrecord'; main()",
]


def run(archive: Address, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, "import", *map(str, arguments), "--archive", str(archive)],
        capture_output=True,
        text=True,
        check=False,
    )


def a_file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def imports(archive: Address) -> int:
    with Store.at(archive) as store, store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(imported)).scalar_one()


def test_a_line_a_file_and_again_is_said(archive: Address, tmp_path: Path) -> None:
    path = a_file(tmp_path, "register.csv", a_register(30))
    arguments = ("register", path, "--regulator", "ofsted", "--as-of", "2023-03-31")
    first, again = run(archive, *arguments), run(archive, *arguments)
    assert (first.returncode, first.stdout) == (0, "register.csv: 30 settings, 30 inspections\n")
    assert (again.returncode, again.stdout) == (0, "register.csv: already imported\n")
    assert imports(archive) == 1


def test_json_tells_what_was_set_aside(archive: Address, tmp_path: Path) -> None:
    rows = [*homes(30), a_home(31, URN="unknown", Heat_pump="Y")]
    path = a_file(tmp_path, "register.csv", a_csv([row | {"Heat pump": ""} for row in rows]))
    done = run(archive, "register", path, "--regulator", "ofsted", "--as-of", "2023-03-31", "--json")
    (told,) = json.loads(done.stdout)
    assert told["rejected"] == [{"line": 32, "urn": None, "reason": "the URN is not one of a setting"}]
    assert (told["rows_read"], told["rows_kept"], told["as_of"]) == (31, 30, "2023-03-31")
    assert told["findings"]["unplaced"] == ["Heat pump"]


def test_one_refused_file_keeps_no_other_out(archive: Address, tmp_path: Path) -> None:
    bad = a_file(tmp_path, "bad.csv", b"<html>")
    good = a_file(tmp_path, "good.csv", a_csv(visits(9)))
    done = run(archive, "inspections", bad, good, "--regulator", "ofsted")
    assert done.returncode == 1
    assert done.stderr == "onrecord: bad.csv: is a web page, not a table; download the file itself\n"
    assert done.stdout == "good.csv: 9 settings, 12 inspections\n"


def test_changes_are_counted(archive: Address, tmp_path: Path) -> None:
    path = a_file(tmp_path, "changes.csv", a_csv([a_leaver(number) for number in range(1, 5)]))
    done = run(archive, "changes", path, "--regulator", "ofsted")
    assert done.stdout == "changes.csv: 4 settings, 8 openings and closings\n"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--regulator", "ofsted", "--as-of", "31/03/2023"), 2, "give the day as 2025-03-31"),
        (("--regulator", "ofstead", "--as-of", "2023-03-31"), 2, "known are "),
        (("--regulator", "ofsted"), 2, "--as-of"),
    ],
)
def test_wrong_usage_is_one_line(
    archive: Address, tmp_path: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    path = a_file(tmp_path, "register.csv", a_register(3))
    done = run(archive, "register", path, *arguments)
    assert (done.returncode, said in done.stderr) == (status, True)
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_one_line(archive: Address, tmp_path: Path) -> None:
    done = run(archive, "inspections", tmp_path / "none.csv", "--regulator", "ofsted")
    assert done.returncode == 1
    assert done.stderr.endswith("none.csv: no such file or directory\n")
    assert done.stderr.count("\n") == 1


def test_a_title_of_another_day_is_pointed_out(archive: Address, tmp_path: Path) -> None:
    content = a_csv(homes(9), titles=[["Settings as at 31 March 2022"]])
    path = a_file(tmp_path, "register.csv", content)
    done = run(archive, "register", path, "--regulator", "ofsted", "--as-of", "2023-03-31")
    assert done.stderr == "  its title says as at 2022-03-31, it was taken as at 2023-03-31\n"
