"""An evidence store as a newsroom uses it: crawl, upload, read, back up, drill, take down; and with it away."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from onrecord.application import app
from onrecord.config import Config
from onrecord.scheduling.work import tasks
from storage import captures
from storage.evidence import EvidenceFolder
from storage.store import Store
from tests.crawler.small_web import Site, serving
from tests.crawler.test_crawl import ECHO, a_feed, a_story

PAPER = """
from crawler.platforms.wordpress import WordPress


class Echo(WordPress):
    name = "own_echo"
    title = "Echo"
    hosts = ("www.fenlandecho.example",)
    feeds = ("http://www.fenlandecho.example/feed/",)
"""


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evidence_store: str) -> Iterator[Path]:
    """A folder with settings, among them the store, and a paper of its own that was crawled; the archive."""
    folder = tmp_path / "newsroom"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "own_echo.py").write_text(PAPER)
    monkeypatch.chdir(folder)
    pages = {f"/{n}/?utm_source=rss": a_story(n) for n in range(1, 4)}
    with serving(Site({"/feed/": a_feed(1, 2, 3), **pages})) as site:
        Path("onrecord.toml").write_text(
            f'contact = "desk@paper.example"\nevidence_store = "{evidence_store}"\nevidence_local = "drop"\n'
            f'[hosts]\n"www.fenlandecho.example" = "{site.address}"\n'
        )
        assert onrecord("crawl", "own_echo").exit_code == 0
        yield folder / "onrecord.db"


def onrecord(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


def told_by_process(*words: str) -> tuple[int, str]:
    """The exit status, and what stood on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "onrecord", *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def test_what_was_crawled_lies_in_the_store_and_is_read_from_there(newsroom: Path) -> None:
    assert list(Path(f"{newsroom}.evidence").glob("*.warc.gz")) == []
    for number in (1, 2, 3):
        shown = onrecord("evidence", "show", f"{ECHO}/{number}/", "--as-sent")
        assert shown.stdout_bytes == a_story(number)
    assert onrecord("evidence", "verify").stdout == "4 records, 0 damaged\n"
    assert json.loads(onrecord("verify", "--json").stdout) == {"sound": True, "findings": []}
    assert onrecord("evidence", "push").stdout == "0 files put into the store, 0 dropped here\n"
    checks = {one["check"]: one["told"] for one in json.loads(onrecord("doctor", "--json").stdout)}
    assert checks["evidence"] == "1 files, all there"
    assert checks["evidence store"] == "1 files in it, 0 here wait for upload"


def test_a_backup_says_what_it_does_not_hold_and_the_drill_reads_it_from_the_store(newsroom: Path) -> None:
    made = json.loads(onrecord("backup", "kept", "--json").stdout)
    assert len(made["elsewhere"]) == 1
    assert made["damaged"] == []
    assert "1 WARC files are not in it" in onrecord("backup", "kept").stdout
    drilled = onrecord("restore", "kept", "--drill")
    assert drilled.exit_code == 0, drilled.output
    assert "would give the archive back" in drilled.stdout
    restored = onrecord("restore", "kept", "--into", "again.db")
    assert "1 WARC files were not in the backup: they lie in " in restored.stdout
    shown = onrecord("evidence", "show", f"{ECHO}/2/", "--as-sent", "--archive", "again.db")
    assert shown.stdout_bytes == a_story(2)


def test_a_takedown_by_command_erases_what_the_store_holds(newsroom: Path, evidence_store: str) -> None:
    assert onrecord("takedown", f"{ECHO}/2/", "--reason", "asked").exit_code == 0
    with Store.at(newsroom, objects=evidence_store) as store, store.reading() as connection:
        folder = EvidenceFolder.of(store.place)
        held = list(captures.each(connection))
        assert list(folder.verify(iter(held))) == []
        assert [one.is_sealed for one in held].count(True) == 1
        raw = b"".join(gzip.decompress(folder.record(one)) for one in held)
    assert b"Home 1 is run by" in raw
    assert b"Home 2 is run by" not in raw
    assert list(Path(f"{newsroom}.evidence").glob("*.warc.gz")) == [], "so it was read from the store"


def test_with_the_store_away_a_command_is_one_line_and_a_crawl_goes_on(
    newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "AWS_ENDPOINT_URL" in os.environ:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    else:
        monkeypatch.setenv("ONRECORD_EVIDENCE_STORE", f"file://{newsroom.parent}/not-mounted")
    for words in (("evidence", "push"), ("evidence", "verify"), ("evidence", "show", f"{ECHO}/2/")):
        status, said = told_by_process(*words)
        assert (status, said.count("\n")) == (os.EX_TEMPFAIL, 1), said
        assert "does not answer" in said
        assert "secret" not in said
    status, said = told_by_process("crawl", "own_echo", "--revisit")
    assert status == 0
    assert "does not answer" in said
    assert len(list(Path(f"{newsroom}.evidence").glob("*.warc.gz"))) == 1, "it waits here"


def test_the_schedule_uploads_where_there_is_a_store() -> None:
    commands = ["crawl", "evidence"]
    assert "push" not in tasks(Config(), [], commands)
    assert tasks(Config(evidence_store="s3://b/e"), [], commands)["push"].words == (
        "evidence",
        "push",
        "--json",
    )
