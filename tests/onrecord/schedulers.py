"""Schedulers for tests: real ones on a real archive, whose jobs are lines that a shell writes."""

import datetime as dt
import json
import signal
import sys
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from onrecord.scheduling.bell import Bell
from onrecord.scheduling.doing import Means, Told
from onrecord.scheduling.loop import Scheduler
from onrecord.scheduling.work import Task
from storage.dates import utc_now
from storage.jobs import Planned
from storage.store import Store
from tests.engines import Address

AT = dt.datetime(2024, 3, 6, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


class Clock:
    """A clock that is set by hand, and a steady one beside it."""

    def __init__(self, at: dt.datetime = AT) -> None:
        self.at, self.tick = at, 0.0

    def now(self) -> dt.datetime:
        return self.at

    def ticks(self) -> float:
        return self.tick

    def pass_(self, span: dt.timedelta) -> None:
        """Time goes by."""
        self.at += span
        self.tick += span.total_seconds()


def a_task(kind: str, script: str, *, every: dt.timedelta = HOUR, hastens: tuple[str, ...] = ()) -> Task:
    return Task(planned=Planned(kind=kind, every=every), words=(script,), hastens=hastens)


def a_scheduler(
    store: Store, *tasks: Task, clock: Clock | None = None, told: list[Told] | None = None
) -> Scheduler:
    """One that calls its words as a shell's script."""
    known = {task.planned.id: task for task in tasks}
    heard = [] if told is None else told
    now, ticks = (clock.now, clock.ticks) if clock else (utc_now, time.monotonic)
    means = Means(
        tasks=lambda: known,
        called=lambda words: ["/bin/sh", "-c", *words],
        environment={},
        told=heard.append,
        failed=pytest.fail,
        now=now,
        ticks=ticks,
    )
    return Scheduler(store, means, Bell())


def do_rounds(archive: Address, line: Path, names: list[str], rounds: int, together: Barrier) -> None:
    """A process: an hour a round, all begin it at once."""
    tasks = [a_task(name, f"echo {name} >> {line}") for name in names]
    with Store.at(archive, write=True, wait=300) as store:
        for number in range(rounds):
            clock = Clock(AT + number * HOUR)
            scheduler = a_scheduler(store, *tasks, clock=clock)
            together.wait(timeout=300)
            assert scheduler.once()
            together.wait(timeout=300)


def tell(**said: object) -> None:
    """One JSON line on standard output."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def run_one(archive: str, script: str, seconds: str = "3600") -> None:
    """A process: one job every so often, as ``onrecord schedule`` runs it; tells what it wrote as JSON lines."""
    every = dt.timedelta(seconds=float(seconds))
    bell = Bell()
    bell.hang()
    means = Means(
        tasks=lambda: {"slow": a_task("slow", script, every=every)},
        called=lambda words: ["/bin/sh", "-c", *words],
        environment={},
        told=lambda one: tell(outcome=one.outcome, written=one.written),
        failed=lambda kind: tell(failed=kind),
    )
    with Store.at(archive, write=True) as store:
        Scheduler(store, means, bell).run()


if __name__ == "__main__":
    signal.alarm(300)  # whatever a test does, it does not stay
    run_one(*sys.argv[1:])
