"""The loop: plan, take what is due, start it, hear how it ended. One thread, waiting by a monotonic clock."""

import datetime as dt
import os
import socket
import time
from collections.abc import Collection, Mapping
from typing import Final

import sqlalchemy as sa

from onrecord.scheduling.bell import Bell
from onrecord.scheduling.doing import GRACE, POLL, Doing, Means, Told
from onrecord.scheduling.work import Task
from storage import jobs
from storage.errors import OnRecordError
from storage.ids import random_id
from storage.jobs import LEASE, Held
from storage.store import Store

_LOOK: Final = 15.0  # seconds at most between two looks at what is due, however far away that is
_PLAN: Final = 60.0  # seconds between two plans
_JUMP: Final = 30.0  # seconds by which a clock that is set right differs at most


class Scheduler:
    """One scheduler of an archive; any number of them do each job once."""

    def __init__(self, store: Store, means: Means, bell: Bell) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{random_id('s')[-6:]}"
        self._store, self._means, self._bell = store, means, bell
        self._tasks: Mapping[str, Task] = {}
        self._running: dict[str, Doing] = {}
        self._planned_at: float | None = None
        self._wall, self._tick = means.now(), means.ticks()
        self._trusts_from = self._tick

    def run(self) -> None:
        """Until the bell rings; then what runs is asked to end, and is given back."""
        try:
            while not self._bell.rung:
                self._bell.wait(self.step())
        finally:
            self._stop()

    @property
    def is_busy(self) -> bool:
        """Whether a job of its runs."""
        return bool(self._running)

    def once(self) -> bool:
        """Do all that is due now, each job once; whether all of it was done."""
        done: set[str] = set()
        self._prepare()
        good = True
        try:
            while not self._bell.rung:
                done |= self._take(except_for=done)
                if not self._running:
                    return good
                self._bell.wait(POLL)
                self._renew()
                good &= all(one.outcome == "done" for one in self._reap())
        finally:
            self._stop()
        return False

    def step(self) -> float:
        """Do what there is to do now; for how many seconds to wait then."""
        try:
            self._reap()
            self._watch_the_clock()
            self._prepare()
            self._renew()
            self._take()
            return POLL if self._running else self._pause()
        except (OnRecordError, sa.exc.DBAPIError, OSError) as error:
            # Locked, full, gone for a moment: the next look tries again.
            self._means.failed(type(error).__name__)
            return _LOOK

    def _pause(self) -> float:
        with self._store.reading() as connection:
            due = jobs.next_due(connection)
        if due is None:
            return _LOOK
        return min(max((due - self._means.now()).total_seconds(), POLL), _LOOK)

    def _watch_the_clock(self) -> None:
        """See that the clock was set: a hand that the monotonic one does not know."""
        wall, tick = self._means.now(), self._means.ticks()
        jump = (wall - self._wall).total_seconds() - (tick - self._tick)
        self._wall, self._tick = wall, tick
        if abs(jump) <= _JUMP:
            return
        # A lease that seems over may be its holder's, who will renew it by the new clock.
        self._trusts_from = tick + LEASE.total_seconds()
        if jump < 0:
            with self._store.writing() as connection:
                jobs.set_back(connection, dt.timedelta(seconds=-jump), at=wall)

    def _prepare(self) -> None:
        if self._planned_at is not None and self._means.ticks() - self._planned_at < _PLAN:
            return
        self._tasks = self._means.tasks()
        with self._store.writing() as connection:
            at = self._means.now()
            jobs.plan(connection, [task.planned for task in self._tasks.values()], at=at)
            jobs.mend(connection, at=at)
        self._planned_at = self._means.ticks()
        self._means.planned()

    def _take(self, except_for: Collection[str] = ()) -> set[str]:
        """Start what is due, as far as there is room; the ids of what was started."""
        room = self._means.at_once - len(self._running)
        if room <= 0 or not self._anything_due():
            return set()
        with self._store.writing() as connection:
            taken = jobs.take(
                connection,
                self.name,
                at=self._means.now(),
                limit=room,
                among=self._tasks.keys() - self._running.keys() - set(except_for),
                trusting=self._means.ticks() >= self._trusts_from,
            )
        for held in taken:
            self._start(held)
        return {held.id for held in taken}

    def _anything_due(self) -> bool:
        with self._store.reading() as connection:
            due = jobs.next_due(connection)
        return due is not None and due <= self._means.now()

    def _start(self, held: Held) -> None:
        doing = Doing.begin(self._store, self._means, held, self._tasks[held.id])
        if doing is not None:
            self._running[held.id] = doing

    def _renew(self) -> None:
        for one in self._running.values():
            one.renew()

    def _reap(self) -> list[Told]:
        """Write down what ended."""
        found = []
        for one in list(self._running.values()):
            told = one.ended()
            if told is not None:
                del self._running[one.held.id]
                self._means.told(told)
                found.append(told)
        return found

    def _stop(self) -> None:
        """Ask what runs to end, wait for it a little, and give back what did not."""
        for one in self._running.values():
            one.ask_to_stop()  # first of all, so that nothing is left behind whatever happens next
        deadline = time.monotonic() + GRACE
        for id_ in list(self._running):
            self._running.pop(id_).stop(within=deadline - time.monotonic())
