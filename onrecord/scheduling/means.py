"""How the commands ``schedule`` and ``worker`` do jobs: which there are, and what is told of them."""

import dataclasses
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import typer

from onrecord import config
from onrecord.commands.crawling import known, lacking_key
from onrecord.options import say, warn
from onrecord.scheduling.children import of_ours
from onrecord.scheduling.doing import Means, Told
from onrecord.scheduling.work import Task, tasks
from storage import logs, metrics, sources
from storage.dates import utc_now
from storage.store import Store


def of_commands(
    context: typer.Context,
    store: Store,
    *,
    archive: str | None,
    evidence: str | None,
    told: Callable[[Told], None],
) -> Means:
    """Means of a service that runs our commands on this archive; ``told`` hears of each job that ended."""
    settings = config.load()
    logs.set_up()
    for folder in filter(None, (settings.schedule.exports, settings.schedule.backups)):
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Means(
        tasks=_tasks(context, store),
        called=of_ours,
        environment=_environment(settings, archive, evidence),
        told=told,
        failed=_failed,
        planned=_figures(store, settings.schedule.metrics),
        at_once=settings.schedule.at_once,
        hours=settings.schedule.hours,
        gone=settings.schedule.gone,
    )


def telling(*, as_json: bool, once: bool = False) -> Callable[[Told], None]:
    """A line a job: JSON where asked for, for a person on a terminal, and for cron only of what failed."""
    if as_json:
        return lambda one: say(json.dumps({"at": utc_now().isoformat(), **dataclasses.asdict(one)}))
    if sys.stdout.isatty():
        return lambda one: say(_line(one))
    if once:
        return lambda one: warn(f"onrecord: {_line(one)}") if one.outcome == "failed" else None
    return _logged


def _tasks(context: typer.Context, store: Store) -> Callable[[], Mapping[str, Task]]:
    """What is to be done, by the settings as they are then; sources are those there are at the start."""
    commands = getattr(context.find_root().command, "commands", {})
    every = known()

    def now() -> Mapping[str, Task]:
        with store.reading() as connection:
            off = sources.disabled(connection)
        wanted, embedded = every.keys() - off - lacking_key(every), store.place.path is not None
        return tasks(config.load(), wanted, commands, embedded=embedded)

    return now


def _figures(store: Store, file: str | None) -> Callable[[], None]:
    """Write the metrics, where a file for them was named."""

    def write() -> None:
        if file:
            metrics.write(store, Path(file))

    return write


def _environment(settings: config.Config, archive: str | None, evidence: str | None) -> dict[str, str]:
    """What the jobs are told by the environment: an address may hold a password, and `ps` shows words."""
    beside = evidence or settings.evidence
    told = {"ONRECORD_ARCHIVE": archive or settings.archive}
    return told | ({"ONRECORD_EVIDENCE": beside} if beside else {})


def _line(one: Told) -> str:
    why = f": {one.reason}" if one.reason else ""
    return f"{one.job}: {one.outcome} in {one.seconds:.0f} s{why}"


def _logged(one: Told) -> None:
    """What a log may hold: no reason, which may quote a page."""
    told = {name: value for name, value in dataclasses.asdict(one).items() if name in logs.FIELDS}
    log = logs.logger(__name__)
    write = log.warning if one.outcome == "failed" else log.info
    write("job ended", **told | dict(one.counts) | {"seconds": round(one.seconds, 1)})


def _failed(kind: str) -> None:
    logs.logger(__name__).warning("the archive could not be used; trying again", fault=kind)
