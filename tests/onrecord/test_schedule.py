"""``onrecord schedule``: many of them do each job once, and what breaks in a job ends nothing else.

``ONRECORD_TEST_SCHEDULES=10x100x20`` is the full size: schedulers, jobs, rounds.
"""

import dataclasses
import datetime as dt
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from onrecord.application import app
from onrecord.config import Config
from onrecord.scheduling.doing import Told
from onrecord.scheduling.work import KINDS, tasks
from storage import jobs
from storage.jobs import Job, Planned
from storage.store import Store
from tests.engines import Address, address_of
from tests.onrecord.schedulers import AT, HOUR, Clock, a_scheduler, a_task, do_rounds

SIZE = os.environ.get("ONRECORD_TEST_SCHEDULES") or "3x6x3"


def the_jobs(store: Store) -> dict[str, Job]:
    with store.reading() as connection:
        return {one.id: one for one in jobs.listed(connection)}


def until(holds: Callable[[], object]) -> None:
    for _ in range(1200):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it never came to be")


@contextmanager
def another(store: Store, script: str) -> Iterator[subprocess.Popen[str]]:
    """A scheduler in a process of its own, with one job."""
    words = [sys.executable, "-m", "tests.onrecord.schedulers", address_of(store), script]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def test_however_many_schedulers_each_job_is_done_once_a_round(archive: Address, tmp_path: Path) -> None:
    schedulers, count, rounds = map(int, SIZE.split("x"))
    names, lines = [f"job{number}" for number in range(count)], tmp_path / "lines"
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(schedulers)
    work = (archive, lines, names, rounds, together)
    children = [context.Process(target=do_rounds, args=work) for _ in range(schedulers)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * schedulers
    assert Counter(lines.read_text().split()) == dict.fromkeys(names, rounds)
    with Store.at(archive) as store:
        assert {(one.runs, one.outcome) for one in the_jobs(store).values()} == {(rounds, "done")}


def test_a_halted_scheduler_that_wakes_writes_nothing(store: Store, tmp_path: Path) -> None:
    begun, go = tmp_path / "begun", tmp_path / "go"
    script = f"echo once >> {begun}; while [ ! -e {go} ]; do sleep 0.05; done"
    with another(store, script) as leader:
        until(begun.exists)
        leader.send_signal(signal.SIGSTOP)
        go.touch()
        clock = Clock(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5))
        assert a_scheduler(store, a_task("slow", script), clock=clock).once()
        before = the_jobs(store)
        assert begun.read_text().split() == ["once", "once"]
        leader.send_signal(signal.SIGCONT)
        assert leader.stdout is not None
        assert json.loads(leader.stdout.readline()) == {"outcome": "done", "written": False}
        leader.terminate()
        assert leader.wait(timeout=60) == 0
    assert the_jobs(store) == before
    assert (before["slow"].runs, before["slow"].outcome) == (1, "done")


def test_told_to_stop_it_gives_its_job_back_and_the_job_ends_with_it(store: Store, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    with another(store, f"echo $$ > {begun}; exec sleep 600") as leader:
        until(lambda: begun.exists() and begun.read_text().strip())
        leader.terminate()
        assert leader.wait(timeout=60) == 0
    job = the_jobs(store)["slow"]
    assert (job.outcome, job.held_by, job.runs) == ("stopped", None, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)


def test_where_it_breaks_itself_it_leaves_no_job_running(store: Store, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    scheduler = a_scheduler(store, a_task("slow", f"echo $$ > {begun}; exec sleep 600"))

    class Broken(Exception):
        pass

    def wait(_: float) -> None:
        until(lambda: begun.exists() and begun.read_text().strip())
        raise Broken

    scheduler._bell.wait = wait  # type: ignore[method-assign]
    with pytest.raises(Broken):
        scheduler.once()
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)
    assert the_jobs(store)["slow"].outcome == "stopped"


def test_a_job_that_crashes_ends_nothing_else_and_says_why(store: Store, tmp_path: Path) -> None:
    told: list[Told] = []
    done = tmp_path / "done"
    broken = a_task("broken", "echo 'onrecord: the tea is cold' >&2; kill -SEGV $$")
    assert not a_scheduler(store, broken, a_task("sound", f"touch {done}"), told=told).once()
    assert done.exists()
    assert {one.kind: (one.outcome, one.status, one.reason) for one in told} == {
        "broken": ("failed", -signal.SIGSEGV, "the tea is cold"),
        "sound": ("done", 0, None),
    }


def test_a_job_that_the_server_stopped_is_tried_again_in_seconds(store: Store) -> None:
    clock = Clock()
    for script, later in ((f"exit {os.EX_TEMPFAIL}", 15), (f"exit {os.EX_TEMPFAIL}", 30), ("exit 1", 1200)):
        scheduler = a_scheduler(store, a_task("link", script), clock=clock)
        assert not scheduler.once()
        assert the_jobs(store)["link"].due == clock.at + dt.timedelta(seconds=later)
        clock.pass_(dt.timedelta(seconds=later))


def test_what_a_job_makes_necessary_is_done_at_once(store: Store, tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    first, then = (
        a_task("crawl", f"echo crawl >> {lines}", hastens=("link",)),
        a_task("link", f"echo link >> {lines}"),
    )
    clock = Clock()
    assert a_scheduler(store, then, clock=clock).once()
    clock.pass_(HOUR / 2)
    assert a_scheduler(store, first, then, clock=clock).once()
    assert lines.read_text().split() == ["link", "crawl", "link"]


YEAR, DAY = 365 * 24 * HOUR, 24 * HOUR
JUMPS = [
    YEAR,
    -DAY,
    HOUR,
    -HOUR,
    dt.timedelta(seconds=1),
    AT.replace(year=2000) - AT,
    AT.replace(year=2038) - AT,
]


@pytest.mark.parametrize("jump", JUMPS)
def test_whatever_the_clock_does_a_job_is_done_within_its_interval(
    store: Store, tmp_path: Path, jump: dt.timedelta
) -> None:
    lines, clock = tmp_path / "lines", Clock()
    scheduler = a_scheduler(store, a_task("link", f"echo x >> {lines}"), clock=clock)

    def runs() -> int:
        return len(lines.read_text().split()) if lines.exists() else 0

    def settle() -> None:
        for _ in range(600):
            wait = scheduler.step()
            assert wait <= 15, "never a sleep of a year"
            if not scheduler.is_busy:
                return
            time.sleep(0.02)

    settle()
    assert runs() == 1
    clock.pass_(HOUR / 4)
    clock.at += jump
    settle()
    assert runs() <= 2, "what was missed is done once"
    passed = dt.timedelta()
    before = runs()
    while runs() == before:
        clock.pass_(HOUR / 60)
        passed += HOUR / 60
        settle()
        assert passed <= HOUR + HOUR / 60


def test_jobs_are_those_whose_command_is_there_and_whose_folder_is_set(tmp_path: Path) -> None:
    commands = {"crawl", "link", "index", "orders", "retention", "verify", "export", "doctor"}
    plain = tasks(Config(), ["echo"], commands)
    assert {"crawl echo", "link", "retention", "doctor"} <= plain.keys()
    assert not {"alerts", "backup", "export links"} & plain.keys()
    with_all = Config(schedule={"exports": str(tmp_path), "backups": str(tmp_path)})  # type: ignore[arg-type]
    every = commands | {"alerts", "backup", "restore"}
    assert {"alerts", "backup", "drill", "export links"} <= tasks(with_all, [], every).keys()
    assert "drill" not in tasks(with_all, [], every, embedded=False)


def test_workers_of_all_kinds_leave_no_job_undone(tmp_path: Path) -> None:
    settings = Config(
        evidence_store=f"file://{tmp_path}",
        schedule={"exports": str(tmp_path), "backups": str(tmp_path)},  # type: ignore[arg-type]
    )
    commands = getattr(typer.main.get_command(app), "commands", {})
    assert {task.planned.kind for task in tasks(settings, ["echo"], commands).values()} == KINDS


def test_every_command_of_a_job_is_a_real_one_with_its_options(tmp_path: Path) -> None:
    command = typer.main.get_command(app)
    known = getattr(command, "commands", {})
    settings = Config(schedule={"exports": str(tmp_path), "backups": str(tmp_path)})  # type: ignore[arg-type]
    for task in tasks(settings, ["echo"], known).values():
        words, found = list(task.words), command
        while words and words[0] in getattr(found, "commands", {}):
            found = found.commands[words.pop(0)]  # type: ignore[attr-defined]
        options = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, task.words


def test_three_days_asleep_each_source_is_crawled_once(store: Store, tmp_path: Path) -> None:
    sources, clock, told = [f"paper{number}" for number in range(5)], Clock(), list[Told]()
    planned = [
        dataclasses.replace(a_task("crawl", "true"), planned=Planned(kind="crawl", what=name, every=HOUR))
        for name in sources
    ]
    assert a_scheduler(store, *planned, clock=clock).once()
    clock.pass_(3 * DAY)
    for _ in range(3):
        assert a_scheduler(store, *planned, clock=clock, told=told).once()
    assert Counter(one.job for one in told) == {f"crawl {name}": 1 for name in sources}
    assert {one.runs for one in the_jobs(store).values()} == {2}


def test_a_doctor_that_finds_something_has_done_its_work_and_names_the_checks() -> None:
    doctor = tasks(Config(), [], {"doctor"})["doctor"]
    found = [{"check": "disk", "state": "wrong"}, {"check": "register", "state": "note"}]
    assert doctor.told(json.dumps(found)) == "wrong: disk: see `onrecord doctor`"
    assert doctor.told(json.dumps(found[1:])) is None
    assert doctor.hastens == ("alerts",)


def test_the_command_lists_what_is_due(store: Store) -> None:
    a_scheduler(store, a_task("link", "true"), clock=Clock()).once()
    asked = ["schedule", "--list", "--archive", address_of(store)]
    result = CliRunner().invoke(app, asked, catch_exceptions=False)
    assert result.stdout.startswith("link ")
    (told,) = json.loads(CliRunner().invoke(app, [*asked, "--json"], catch_exceptions=False).stdout)
    assert (told["id"], told["outcome"], told["runs"]) == ("link", "done", 1)
