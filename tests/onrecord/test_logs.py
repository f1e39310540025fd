"""Logs tell what happened and nothing that a page, a person or a setting said."""

import io
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import logs

CANARY = "canary-7f3a"


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What this process logs, from now on; the loggers are put back afterwards."""
    root, level = logging.getLogger(), logging.getLogger().level
    before, stream = list(root.handlers), io.StringIO()
    logs.set_up(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_has_the_fields_that_are_allowed_and_no_others(said: io.StringIO) -> None:
    logs.logger("onrecord.x").info(
        "job ended", job="crawl echo", stored=3, title=CANARY, fault=f"?q={CANARY}"
    )
    told = json.loads(said.getvalue())
    assert told.pop("at").endswith("Z")
    assert told == {
        "event": "job ended",
        "job": "crawl echo",
        "stored": 3,
        "level": "info",
        "logger": "onrecord.x",
    }


def test_a_fault_is_told_by_kind_and_place_and_not_by_what_it_says(said: io.StringIO) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("archive.serving").exception("the indexer stopped")
        logging.getLogger("archive.alerts").exception("message %s could not be sent", CANARY)
        logging.getLogger("twisted").exception(f"fault of {CANARY}")
    ours, _, theirs = map(json.loads, said.getvalue().splitlines())
    assert (ours["event"], ours["fault"]) == ("the indexer stopped", "ValueError")
    assert ours["where"].startswith("test_logs.py:")
    assert theirs["event"] == "a library says something"
    assert CANARY not in said.getvalue()


def test_at_its_most_talkative_nothing_slips_through(said: io.StringIO) -> None:
    logs.set_up(said, ours=logging.DEBUG, libraries=logging.DEBUG)
    for name in ("urllib3.pool", "scrapy.core.engine", "httpx"):
        logging.getLogger(name).debug(f"GET https://{CANARY}.example/", extra={"page": CANARY})
        logging.getLogger(name).warning({"body": CANARY})
    assert len(said.getvalue().splitlines()) == 6
    assert CANARY not in said.getvalue()


def test_a_schedule_logs_its_jobs_as_json_and_keeps_what_they_say_out(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    environment = {
        **os.environ,
        "ONRECORD_ARCHIVE": str(archive),
        "ONRECORD_EVIDENCE": f"{tmp_path}/{CANARY}",
    }
    script = (
        "from onrecord.commands import crawling; crawling.known = dict;"  # there is no web here to crawl
        "from onrecord.cli import main; main()"
    )
    words = [sys.executable, "-c", script, "schedule"]
    lines: list[str] = []
    with subprocess.Popen(words, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr
        deadline = time.monotonic() + 120
        while len(lines) < 4 and time.monotonic() < deadline:
            lines.append(child.stderr.readline())
        child.terminate()
        lines += child.stderr.readlines()
    assert child.returncode == 0
    told = [json.loads(line) for line in lines]
    assert all(one.keys() <= logs.FIELDS for one in told)
    failed = next(one for one in told if one["job"] == "link")
    assert (failed["outcome"], failed["level"], failed["status"]) == ("failed", "warning", 1)
    assert CANARY not in "".join(lines)
