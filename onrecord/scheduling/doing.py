"""One job being done: its process, its lease, and what is written of it when it ends."""

import contextlib
import datetime as dt
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from onrecord.scheduling.children import Child, Ended
from onrecord.scheduling.work import Task
from storage import fencing, jobs
from storage.dates import utc_now
from storage.errors import NotFound
from storage.fencing import Fence
from storage.jobs import LEASE, Held, Outcome
from storage.store import Store

POLL: Final = 0.25
"""Seconds between two looks at what runs."""
GRACE: Final = 20.0
"""Seconds that a job has to end when it is asked to."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A job that ended, for the log: ``written`` is False where another scheduler had taken it over."""

    job: str
    kind: str
    outcome: Outcome
    seconds: float
    status: int | None
    reason: str | None
    counts: Mapping[str, int]
    written: bool


@dataclass(frozen=True, kw_only=True)
class Means:
    """How a scheduler does its work; a test gives another clock, and commands of its own."""

    tasks: Callable[[], Mapping[str, Task]]
    called: Callable[[tuple[str, ...]], list[str]]
    environment: Mapping[str, str]
    told: Callable[[Told], None]
    failed: Callable[[str], None]
    planned: Callable[[], None] = lambda: None
    """Called after each plan, about once a minute."""
    at_once: int = 4
    hours: float = 6.0
    gone: float = 30.0
    """Seconds without a sign of life until another worker's jobs are handed over again."""
    now: Callable[[], dt.datetime] = utc_now
    ticks: Callable[[], float] = time.monotonic


class Doing:
    """A job that was taken, as the process that does it."""

    def __init__(self, store: Store, means: Means, held: Held, task: Task, child: Child) -> None:
        self.held = held
        self._store, self._means, self._task, self._child = store, means, task, child
        self._renewed = means.ticks()
        self._over: str | None = None  # why it was ended by us; the job counts as failed then

    @classmethod
    def begin(cls, store: Store, means: Means, held: Held, task: Task) -> Self | None:
        """Start it; where that cannot be, it failed, and that is written."""
        fence = {fencing.VARIABLE: str(Fence(job=held.id, number=held.fence))}
        try:
            child = Child(means.called(task.words), {**means.environment, **fence})
        except OSError as error:  # no descriptor, no memory, no disk: later there may be
            _write(store, means, held, "failed", error.strerror)
            return None
        return cls(store, means, held, task, child)

    def renew(self) -> None:
        """Keep its lease, end it where it takes too long, kill it where it is another scheduler's by now."""
        tick = self._means.ticks()
        if self._over is None and self._child.seconds > self._means.hours * 3600:
            self._over = f"ended after {self._means.hours:g} hours"
            self._child.ask_to_stop()
        if tick - self._renewed < LEASE.total_seconds() / 4:
            return
        with self._store.writing() as connection:
            kept = jobs.renew(connection, self.held, at=self._means.now())
        self._renewed = tick
        if not kept:
            self._over = "taken over"
            self._child.kill()

    def ended(self) -> Told | None:
        """How it ended, which is written first; None while it runs."""
        ended = self._child.ended()
        return None if ended is None else self._end(ended)

    def ask_to_stop(self) -> None:
        """Press Ctrl-C on it."""
        self._child.ask_to_stop()

    def stop(self, *, within: float = GRACE) -> None:
        """Give it back once it has ended, at the latest after so many seconds.

        What did not end by itself, or not well, is to be done again.
        """
        deadline = time.monotonic() + within
        while (ended := self._child.ended()) is None and time.monotonic() < deadline:
            time.sleep(0.05)
        if ended is None:
            self._child.kill()
        done = ended is not None and ended.status == 0
        _write(self._store, self._means, self.held, "done" if done else "stopped")

    def _end(self, ended: Ended) -> Told:
        outcome: Outcome = "failed" if ended.status or self._over else "done"
        said = self._task.told(ended.answer) or (ended.complaint if ended.status else None)
        reason = self._over or said
        hastens = self._task.hastens if outcome == "done" else ()
        soon = ended.status == os.EX_TEMPFAIL and not self._over  # the server went away, and will be back
        written = _write(self._store, self._means, self.held, outcome, reason, hastens=hastens, soon=soon)
        return Told(
            job=self.held.id,
            kind=self.held.kind,
            outcome=outcome,
            seconds=self._child.seconds,
            status=ended.status,
            reason=reason,
            counts=self._task.counted(ended.answer),
            written=written,
        )


def _write(
    store: Store,
    means: Means,
    held: Held,
    outcome: Outcome,
    reason: str | None = None,
    *,
    hastens: tuple[str, ...] = (),
    soon: bool = False,
) -> bool:
    with store.writing() as connection:
        at = means.now()
        written = jobs.finish(connection, held, outcome, at=at, reason=reason, soon=soon)
        if written:
            for id_ in hastens:
                with contextlib.suppress(NotFound):  # not every archive exports, or sends alerts
                    jobs.hasten(connection, id_, at=at)
    return written
