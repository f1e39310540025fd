"""``onrecord worker``: the jobs of a schedule, on one of several machines."""

import asyncio
import contextlib
import signal
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.options import Archive, EvidenceAt, Json, open_store
from onrecord.scheduling.work import KINDS
from storage.errors import UsageMistake

if TYPE_CHECKING:
    from onrecord.scheduling.queue import Workshop

Queues = Annotated[
    str | None, typer.Option("--queues", metavar="KINDS", help="Which kinds of jobs [default: all].")
]


def worker(
    context: typer.Context,
    *,
    queues: Queues = None,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Do what is due on an archive in PostgreSQL, beside any number of workers, until stopped.

    It stands in the place of `onrecord schedule`: on one machine that is enough.

    Example: onrecord worker --queues crawl,link
    """
    if find_spec("procrastinate") is None:
        raise UsageMistake('workers need a queue: pip install "onrecord[postgres,scale]"')
    from onrecord.scheduling import means

    with open_store(archive, evidence, write=True) as store:
        if store.place.url is None:
            raise UsageMistake("workers share an archive in PostgreSQL; for this one: `onrecord schedule`")
        from onrecord.scheduling.queue import Workshop

        told = means.telling(as_json=as_json)
        ours = means.of_commands(context, store, archive=archive, evidence=evidence, told=told)
        asyncio.run(_until_stopped(Workshop(store, ours), _kinds(queues)))


async def _until_stopped(workshop: "Workshop", kinds: list[str] | None) -> None:
    work = asyncio.create_task(workshop.run(kinds))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await work


def _kinds(said: str | None) -> list[str] | None:
    if said is None:
        return None
    kinds = [word.strip() for word in said.split(",") if word.strip()]
    if unknown := set(kinds) - KINDS:
        every = ", ".join(sorted(KINDS))
        raise UsageMistake(f"--queues: there are no jobs of the kind {min(unknown)!r:.40}; there are {every}")
    return kinds


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(worker)
