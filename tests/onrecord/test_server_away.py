"""The database's server is away: each command says so in a line, and a schedule goes on when it is back."""

import json
import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord import cli
from storage.store import Store
from tests.storage.a_cluster import Cluster, a_cluster

pytestmark = pytest.mark.postgres
BACK_WITHIN = 30
AWAY = "the database server is away"
COMMANDS = """
    init|crawl|export links|backup kept|restrict article-1 --reason why|takedown article-1 --reason why|lift order-1 --reason why
    orders|link|explain article-1|retention|schedule|schedule --once|schedule --list|index|search kites|train
    verify|user add Ada|user link Ada|user list|user disable Ada|token add|token list|token revoke abc|alerts send|alerts list
    audit verify|evidence show article-1|evidence verify|evidence reextract|evidence pack article-1 --out pack.zip|person find 'Rowan Ash'
    provider decisions|provider group Larkspur Larkspur|provider undo 1|story show article-1|story undo 1
    story decisions|sources list|import articles a.csv|import labels a.csv|import reports a.pdf
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with a_cluster() as made:
        yield made


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address at which no server listens."""
    with socket.socket() as nobodys:
        nobodys.bind(("127.0.0.1", 0))
        yield f"postgresql://postgres@127.0.0.1:{nobodys.getsockname()[1]}/away"


@pytest.mark.parametrize(
    "line", [one.strip() for one in COMMANDS.replace("\n", "|").split("|") if one.strip()]
)
def test_every_command_says_so_in_one_line(
    line: str,
    nowhere: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "a.pdf"):
        (tmp_path / name).write_text("id,url\n")
    monkeypatch.setenv("ONRECORD_ARCHIVE", nowhere)
    monkeypatch.setattr(sys, "argv", ["onrecord", *shlex.split(line)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capfd.readouterr().err.splitlines()
    assert ended.value.code == os.EX_TEMPFAIL, said
    assert [one for one in said if AWAY in one] == said[-1:]
    assert "refused" in said[-1]


def test_serve_says_so_too_and_the_doctor_what_to_do(nowhere: str, tmp_path: Path) -> None:
    environment = os.environ | {
        "ONRECORD_ARCHIVE": nowhere,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    for words, status in (["serve", "--port", "0"], os.EX_TEMPFAIL), (["doctor"], 1):
        ended = subprocess.run(
            [sys.executable, "-m", "onrecord", *words],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == status
        assert sum(AWAY in line for line in (ended.stdout + ended.stderr).splitlines()) == 1
        assert "Traceback" not in ended.stderr


def test_a_schedule_goes_on_after_a_crash_and_after_a_hang(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Store.at(cluster.address, write=True).close()
    lines = tmp_path / "lines"
    words = [sys.executable, "-m", "tests.onrecord.schedulers", cluster.address, f"echo done >> {lines}", "1"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as child:
        try:
            goes_on(lines, 60)
            cluster.stop()
            time.sleep(3)
            cluster.start()
            after_a_crash = goes_on(lines, BACK_WITHIN)
            with cluster.halted():
                time.sleep(12)
            after_a_hang = goes_on(lines, BACK_WITHIN)
        finally:
            child.terminate()
            told, complaints = child.communicate(timeout=60)
    print(f"back after {after_a_crash:.1f} s and {after_a_hang:.1f} s")  # noqa: T201
    assert complaints == ""
    assert {"failed": "ServerAway"} in [json.loads(line) for line in told.splitlines()]
    assert child.returncode == 0


def goes_on(lines: Path, seconds: float) -> float:
    """Wait until a job is done that was not before; after how many seconds."""

    def done() -> int:
        return len(lines.read_text().split()) if lines.exists() else 0

    begun, before = time.monotonic(), done()
    while done() <= before:
        assert time.monotonic() - begun < seconds, "it does not go on"
        time.sleep(0.05)
    return time.monotonic() - begun
