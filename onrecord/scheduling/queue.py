"""Workers: the jobs of a schedule on any number of machines, through procrastinate in the same PostgreSQL.

When a job is due, and how it went, is written in our own table (``storage.jobs``); which machine does it is
the queue's to say. Several times a minute one worker ticks: it plans, hands over what is due, and ends the
leases of workers that are gone. The queue keeps nothing that was done: its tables can be made anew any time.
"""

import asyncio
import contextlib
import os
import socket
import time
from collections.abc import Collection, Mapping
from typing import Final

import procrastinate
import sqlalchemy as sa
from procrastinate.app import WorkerOptions
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.schema import SchemaManager

from onrecord.scheduling.doing import POLL, Doing, Means
from onrecord.scheduling.work import KINDS, Task
from storage import jobs
from storage.errors import OnRecordError
from storage.ids import digest_of
from storage.store import Store

_TICKS: Final = "tick"
_AGAIN: Final = 2.0  # seconds until a worker whose server went away looks for it again
_FAULTS = (OnRecordError, sa.exc.DBAPIError, ConnectorException, OSError)


class Workshop:
    """One worker of an archive's queue."""

    def __init__(self, store: Store, means: Means) -> None:
        self._store, self._means = store, means
        self._tasks: Mapping[str, Task] = {}
        self._app = _app(store, room=means.at_once)
        self._do = self._app.task(name="do", pass_context=True)(self._done)
        tick = self._app.task(name=_TICKS, queue=_TICKS, queueing_lock=_TICKS)(self._tick)
        self._app.periodic(cron=f"* * * * * */{int(min(means.gone, 60) / 2)}")(tick)

    async def run(self, queues: Collection[str] | None = None) -> None:
        """Work until cancelled; ``queues``: the kinds of jobs to do, all of them for None."""
        options: WorkerOptions = {
            "queues": [*(KINDS if queues is None else queues), _TICKS],
            "concurrency": self._means.at_once + 1,  # a tick never waits for a crawl
            "shutdown_graceful_timeout": 0.0,  # a job ends as we ask it to, in its own time
            "delete_jobs": "always",
            "install_signal_handlers": False,
            "update_heartbeat_interval": self._means.gone / 3,
            "stalled_worker_timeout": self._means.gone,
        }
        while True:
            try:
                async with self._app.open_async():
                    await self._hand_over()
                    await self._app.run_worker_async(**options)
            except _FAULTS as error:
                self._means.failed(type(error).__name__)
            await asyncio.sleep(_AGAIN)

    async def _tick(self, timestamp: int) -> None:
        """Plan, and hand over what is due."""
        for dead in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._means.gone):
            assert dead.id is not None
            await asyncio.to_thread(self._release, dead.id)
            await self._app.job_manager.finish_job_by_id_async(
                job_id=dead.id, status=procrastinate.jobs.Status.FAILED, delete_job=True
            )
        await self._hand_over()

    async def _hand_over(self) -> None:
        for one in await asyncio.to_thread(self._plan):
            with contextlib.suppress(AlreadyEnqueued):
                waiting = self._do.configure(queue=one.kind, lock=one.id, queueing_lock=one.id)
                await waiting.defer_async(job=one.id)

    async def _done(self, context: procrastinate.JobContext, job: str) -> None:
        """Do one job that is due, unless another scheduler has it by now."""
        doing = await asyncio.to_thread(self._begin, job, context.job.id)
        if doing is None:
            return
        try:
            while not await asyncio.to_thread(self._look, doing):
                await asyncio.sleep(POLL)
        except asyncio.CancelledError:
            doing.ask_to_stop()
            await asyncio.to_thread(self._stop, doing)
            raise
        await self._hand_over()  # what this one made necessary

    def _plan(self) -> list[jobs.Job]:
        self._tasks = self._means.tasks()
        at = self._means.now()
        with self._store.writing() as connection:
            jobs.plan(connection, [task.planned for task in self._tasks.values()], at=at)
            jobs.mend(connection, at=at)
            due = jobs.waiting(connection, at=at, among=self._tasks.keys())
        self._means.planned()
        return due

    def _release(self, queued: int) -> None:
        with self._store.writing() as connection:
            for one in jobs.listed(connection):
                if one.held_by and one.held_by.endswith(_mark(queued)):
                    jobs.release(connection, one.held_by, at=self._means.now())

    def _begin(self, job: str, queued: int | None) -> Doing | None:
        if job not in self._tasks:
            self._tasks = self._means.tasks()
        task = self._tasks.get(job)
        if task is None:
            return None
        holder = f"{socket.gethostname()}:{os.getpid()}{_mark(queued)}"
        with self._store.writing() as connection:
            taken = jobs.take(connection, holder, at=self._means.now(), limit=1, among=[job])
        return Doing.begin(self._store, self._means, taken[0], task) if taken else None

    def _look(self, doing: Doing) -> bool:
        """Whether it has ended, which is written and told then."""
        try:
            if (told := doing.ended()) is None:
                doing.renew()
                return False
        except _FAULTS as error:  # the server is away: the next look writes it
            self._means.failed(type(error).__name__)
            time.sleep(_AGAIN)
            return False
        self._means.told(told)
        return True

    def _stop(self, doing: Doing) -> None:
        try:
            doing.stop()
        except _FAULTS as error:  # its lease will end by itself
            self._means.failed(type(error).__name__)


def _mark(queued: int | None) -> str:
    return f":queued-{queued}"


def _app(store: Store, *, room: int) -> procrastinate.App:
    """The queue, in a schema that its tables name: another release of procrastinate has another."""
    assert store.place.url is not None
    tables = SchemaManager.get_schema()
    name = f"queue_{digest_of(tables.encode())[:8]}"
    with store.writing() as connection:
        if not sa.inspect(connection).has_schema(name):
            connection.execute(sa.schema.CreateSchema(name))
            connection.execute(sa.text(f"set local search_path to {name}"))
            connection.exec_driver_sql(tables.replace("%", "%%"))
            connection.execute(sa.text("set local search_path to default"))
    connector = procrastinate.PsycopgConnector(
        conninfo=store.place.url.replace("postgresql+psycopg://", "postgresql://"),
        kwargs={"options": f"-c search_path={name}"},
        min_size=1,
        max_size=room + 5,
    )
    return procrastinate.App(connector=connector)
