"""``onrecord review`` in a real terminal, and ``onrecord audit verify`` over what was decided there."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.schema.links import judgements, links
from storage.store import Store
from tests.archive.reviewing import Scene, a_queue
from tests.archive.world import World

COMMAND = (sys.executable, "-c", "from onrecord.cli import main; main()")
ROOT = Path(__file__).parents[2]


class Terminal:
    """The command in a pseudo-terminal of its own."""

    def __init__(self, *words: str) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, *words], stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, start_new_session=True
        )
        os.close(slave)
        self.shown = ""

    def until(self, words: str, seconds: float = 60) -> str:
        """Read until it shows the words; what it showed since the last time."""
        ends, since = time.monotonic() + seconds, len(self.shown)
        while words not in self.shown[since:]:
            ready, _, _ = select.select([self.master], [], [], max(ends - time.monotonic(), 0))
            assert ready, f"no {words!r} in: {self.shown}"
            try:
                self.shown += os.read(self.master, 65_536).decode("utf-8", "replace")
            except OSError:  # it has ended
                break
        assert words in self.shown[since:], self.shown
        return self.shown[since:]

    def press(self, keys: str, words: str) -> str:
        """Press keys, and read until it shows the words."""
        os.write(self.master, keys.encode())
        return self.until(words)

    def ended(self) -> int:
        """Wait for its end; the exit status."""
        return self.process.wait(60)


@pytest.fixture
def queued(archive: Path) -> tuple[str, Scene]:
    """The place of an archive with four stories to review."""
    with Store.at(archive, write=True) as store:
        scene = a_queue(World(store), 4)
    return str(archive), scene


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, cwd=ROOT, check=False)


def decisions(place: str) -> list[tuple[str, str, str]]:
    """(article, decision, who) of each row of the log."""
    query = sa.select(judgements).order_by(judgements.c.seq)
    with Store.at(place) as store, store.reading() as connection:
        return [(row.article_id, row.decision, row.who) for row in connection.execute(query)]


def test_review_by_keys_in_a_terminal(queued: tuple[str, Scene]) -> None:
    place, scene = queued
    terminal = Terminal("review", "--archive", place, "--as", "Ada Moss")
    first = terminal.until("? all keys")
    assert "4 waiting" in first
    assert "Home number 1 told to improve" in first
    assert "The software says" not in first
    assert "55 %" not in first
    assert "i, s or p" in terminal.press("?", "q stop")
    assert "A number now chooses the setting" in terminal.press("s", "chooses the setting")
    after = terminal.press("1", "? all keys")
    assert re.search(r"Kept: Children's home in (Bolton|Bury) \(SC9900\d\d\), inspection not sure", after)
    assert "The software said: Children's home in Bolton (SC990011), full inspection" in after
    assert "Taken back" in terminal.press("u", "? all keys")
    assert "Home number 2" in terminal.press("j", "? all keys")
    assert "Home number 1" in terminal.press("k", "? all keys")
    terminal.press("n", "? all keys")
    terminal.press("m", "? all keys")
    terminal.press("q", "2 decided.")
    assert terminal.ended() == 0
    made = [(decision, who) for _, decision, who in decisions(place)]
    said = ["confirmed", "undone", "none", "several_fit"]
    assert made == [(one, "Ada Moss") for one in said]
    table = links
    with Store.at(place) as store, store.reading() as connection:
        where = (table.c.article_id == scene.articles[0]) & (table.c.decided_by == "Ada Moss")
        assert (
            connection.execute(
                sa.select(table.c.status).where(where, table.c.withdrawn_at.is_(None))
            ).scalar()
            == "none"
        )


def test_a_limit_ends_the_session(queued: tuple[str, Scene]) -> None:
    place, _ = queued
    terminal = Terminal("review", "--archive", place, "--limit", "1")
    terminal.until("? all keys")
    terminal.press("r", "1 decided.")
    assert terminal.ended() == 0
    assert [decision for _, decision, _ in decisions(place)] == ["not_in_register"]


def test_without_a_terminal_it_says_so_and_json_counts(queued: tuple[str, Scene]) -> None:
    place, _ = queued
    refused = run("review", "--archive", place)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "needs a terminal" in refused.stderr
    counted = json.loads(run("review", "--archive", place, "--json", "--outlet", "Bolton Beacon").stdout)
    assert counted == {
        "waiting": 2,
        "judged": 0,
        "judged_by_you": 0,
        "judged_today": 0,
        "read_twice": 0,
        "decided_alike": 0,
        "kappa": None,
        "disagreements": 0,
    }


def test_the_log_is_verified_and_its_first_bad_row_named(queued: tuple[str, Scene]) -> None:
    place, _ = queued
    terminal = Terminal("review", "--archive", place, "--limit", "3")
    terminal.until("? all keys")
    for keys, words in (("n", "? all keys"), ("r", "? all keys"), ("x", "3 decided.")):
        terminal.press(keys, words)
    assert terminal.ended() == 0
    sound = run("audit", "verify", "--archive", place, "--json")
    told = json.loads(sound.stdout)
    assert (sound.returncode, told["sound"], told["logs"]["judgements"]["rows"]) == (0, True, 3)
    newest = told["logs"]["judgements"]["newest"]
    assert run("audit", "verify", "--archive", place, "--expect", newest).returncode == 0
    unknown = run("audit", "verify", "--archive", place, "--expect", "ab" * 32)
    assert unknown.returncode == 1
    assert f"no log holds {'ab' * 32}" in unknown.stderr
    assert run("audit", "verify", "--archive", place, "--expect", "xyz").returncode == 2
    with Store.at(place, write=True) as store, store.writing() as connection:
        connection.execute(sa.update(judgements).where(judgements.c.seq == 2).values(who="Somebody Else"))
    harmed = run("audit", "verify", "--archive", place)
    assert harmed.returncode == 1
    assert "judgements: row 2 is bad: it was changed after it was written" in harmed.stderr
    with Store.at(place, write=True) as store, store.writing() as connection:
        connection.execute(sa.delete(judgements).where(judgements.c.seq >= 2))
    shortened = run("audit", "verify", "--archive", place, "--expect", newest)
    assert shortened.returncode == 1
    assert f"no log holds {newest}" in shortened.stderr
