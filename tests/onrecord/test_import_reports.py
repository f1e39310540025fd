"""``onrecord import reports`` as a person meets it."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from onrecord.demo.report_pdf import report_pdf
from storage import captures
from storage.evidence import EvidenceFolder
from storage.schema.inspections import reports
from storage.schema.registers import imports
from storage.store import Store
from tests.crawler.reports.samples import FROM_2014, SCCIF
from tests.onrecord.demo.test_report_pdf import REPORT

Run = subprocess.CompletedProcess[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A PDF, a text and a page, and files that are no reports; a folder within."""
    (tmp_path / "in" / "older").mkdir(parents=True)
    (tmp_path / "in" / "a.pdf").write_bytes(report_pdf(REPORT))
    (tmp_path / "in" / "b.txt").write_text(SCCIF)
    parts = "".join(f"<p>{line}</p>" for line in FROM_2014.splitlines())
    (tmp_path / "in" / "older" / "c.html").write_text(f"<html><body>{parts}</body></html>")
    (tmp_path / "in" / "notes.docx").write_bytes(b"PK")
    return tmp_path / "in"


def run(folder: Path, *arguments: str | Path) -> Run:
    return subprocess.run(command(folder, *arguments), capture_output=True, text=True, check=False)


def command(folder: Path, *arguments: str | Path) -> list[str]:
    program = [sys.executable, "-c", "from onrecord.cli import main; main()", "import", "reports"]
    return [*program, *map(str, arguments), "--archive", str(folder.parent / "archive.db")]


def stored(folder: Path, table: sa.Table) -> list[dict[str, Any]]:
    with Store.at(folder.parent / "archive.db") as store, store.reading() as connection:
        return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def test_a_folder_is_walked_and_repeating_it_changes_nothing(folder: Path) -> None:
    first = run(folder, folder)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[-1] == "3 reports: 3 new, 0 known already"
    kept = stored(folder, reports)
    again = run(folder, folder)
    assert again.stdout.splitlines()[-1] == "3 reports: 0 new, 3 known already"
    assert stored(folder, reports) == kept
    assert len(stored(folder, imports)) == 3


def test_one_file_prints_its_facts_as_one_object_and_several_as_a_list(folder: Path) -> None:
    one = json.loads(run(folder, folder / "a.pdf", "--json").stdout)
    assert (one["urn"], one["overall"], one["requirements"], one["disagreements"]) == (
        "9900101", "Inadequate", [12, 40], [],
    )  # fmt: skip
    several = json.loads(run(folder, folder, "--json").stdout)
    assert [Path(entry["file"]).name for entry in several] == ["a.pdf", "b.txt", "c.html"]
    assert several[0] == one


def test_bad_files_are_named_in_one_line_each_and_the_others_go_on(folder: Path) -> None:
    (folder / "0-empty.pdf").write_bytes(b"")
    (folder / "0-cut.pdf").write_bytes(report_pdf(REPORT)[:900])
    (folder / "0-page.pdf").write_text("<html><body>404 not found</body></html>")
    (folder / "0-story.txt").write_text("A story about a home.")
    done = run(folder, folder)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == [
        "0-cut.pdf", "0-empty.pdf", "0-page.pdf", "0-story.txt",
    ]  # fmt: skip
    assert "damaged" in lines[0]
    assert "empty" in lines[1]
    assert "no inspection report" in lines[3]
    assert done.stdout.splitlines()[-1] == "3 reports: 3 new, 0 known already; 4 files refused"
    assert len(stored(folder, imports)) == 3


def test_a_refused_file_is_told_in_json_too(folder: Path) -> None:
    (folder / "empty.pdf").write_bytes(b"")
    done = run(folder, folder / "empty.pdf", "--json")
    assert done.returncode == 1
    assert "empty" in json.loads(done.stdout)["refused"]


def test_a_path_that_is_not_there_is_wrong_usage(folder: Path) -> None:
    done = run(folder, folder / "missing.pdf")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_the_bytes_are_kept_once_as_evidence(folder: Path) -> None:
    run(folder, folder / "a.pdf")
    run(folder, folder / "a.pdf")
    with Store.at(folder.parent / "archive.db") as store, store.reading() as connection:
        (capture,) = captures.each(connection)
        assert EvidenceFolder(store.place.evidence).read(capture) == (folder / "a.pdf").read_bytes()
        assert connection.execute(sa.select(reports.c.capture_id)).scalar_one() == capture.id
    assert capture.record_type == "resource"


def test_ctrl_c_is_one_line_and_the_next_run_goes_on(folder: Path) -> None:
    for number in range(150):
        (folder / f"more-{number:03}.txt").write_text(SCCIF.replace("9900101", f"98{number:05}"))
    process = subprocess.Popen(
        command(folder, folder), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    archive = folder.parent / "archive.db"
    while not archive.exists() or not stored(folder, reports):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1, (told, len(stored(folder, reports)))
    assert told == "onrecord: stopped; what was finished is kept, repeat the command to go on\n"
    kept = len(stored(folder, reports))
    assert 0 < kept < 153
    assert f"{153 - kept} new, {kept} known already" in run(folder, folder).stdout
