"""``onrecord schedule``: what is to be done every day, done."""

import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord import config
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn
from storage import logs, sources
from storage.dates import utc_now

if TYPE_CHECKING:
    from onrecord.scheduling.loop import Told
    from onrecord.scheduling.work import Task
    from storage.store import Store

Once = Annotated[bool, typer.Option("--once", help="Do what is due now, then end: for cron.")]
Listed = Annotated[bool, typer.Option("--list", help="Tell what is due when, and how it went last.")]


def schedule(
    context: typer.Context,
    *,
    once: Once = False,
    listed: Listed = False,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Crawl, link, index, remind, export, erase and verify, each when it is due, until stopped.

    Any number of schedules may run on one archive: each job is done by one of them.

    Example: onrecord schedule --once
    """
    from onrecord.scheduling.bell import Bell
    from onrecord.scheduling.children import of_ours
    from onrecord.scheduling.loop import Means, Scheduler

    settings = config.load()
    with open_store(archive, evidence, write=True) as store:
        if listed:
            _list(store, as_json=as_json)
            return
        logs.set_up()
        for folder in filter(None, (settings.schedule.exports, settings.schedule.backups)):
            Path(folder).mkdir(parents=True, exist_ok=True)
        bell = Bell()
        bell.hang()
        means = Means(
            tasks=_tasks(context, store),
            called=of_ours,
            environment=_environment(settings, archive, evidence),
            told=_told(as_json=as_json, once=once),
            failed=_failed,
            planned=_figures(store, settings.schedule.metrics),
            at_once=settings.schedule.at_once,
            hours=settings.schedule.hours,
        )
        scheduler = Scheduler(store, means, bell)
        if not once:
            scheduler.run()
        elif not scheduler.once():
            raise typer.Exit(1)


def _tasks(context: typer.Context, store: "Store") -> "Callable[[], Mapping[str, Task]]":
    """What is to be done, by the settings as they are then; sources are those there are at the start."""
    from onrecord.commands.crawling import known, lacking_key
    from onrecord.scheduling.work import tasks

    commands = getattr(context.find_root().command, "commands", {})
    every = known()

    def now() -> "Mapping[str, Task]":
        with store.reading() as connection:
            off = sources.disabled(connection)
        wanted, embedded = every.keys() - off - lacking_key(every), store.place.path is not None
        return tasks(config.load(), wanted, commands, embedded=embedded)

    return now


def _figures(store: "Store", file: str | None) -> Callable[[], None]:
    """Write the metrics, where a file for them was named."""

    def write() -> None:
        from storage import metrics

        if file:
            metrics.write(store, Path(file))

    return write


def _environment(settings: config.Config, archive: str | None, evidence: str | None) -> dict[str, str]:
    """What the jobs are told by the environment: an address may hold a password, and `ps` shows words."""
    beside = evidence or settings.evidence
    told = {"ONRECORD_ARCHIVE": archive or settings.archive}
    return told | ({"ONRECORD_EVIDENCE": beside} if beside else {})


def _told(*, as_json: bool, once: bool) -> "Callable[[Told], None]":
    """A line a job: JSON where asked for, for a person on a terminal, and for cron only of what failed."""
    if as_json:
        return lambda one: say(json.dumps({"at": utc_now().isoformat(), **dataclasses.asdict(one)}))
    if sys.stdout.isatty():
        return lambda one: say(_line(one))
    if once:
        return lambda one: warn(f"onrecord: {_line(one)}") if one.outcome == "failed" else None
    return _logged


def _line(one: "Told") -> str:
    why = f": {one.reason}" if one.reason else ""
    return f"{one.job}: {one.outcome} in {one.seconds:.0f} s{why}"


def _logged(one: "Told") -> None:
    """What a log may hold: no reason, which may quote a page."""
    told = {name: value for name, value in dataclasses.asdict(one).items() if name in logs.FIELDS}
    log = logs.logger(__name__)
    write = log.warning if one.outcome == "failed" else log.info
    write("job ended", **told | dict(one.counts) | {"seconds": round(one.seconds, 1)})


def _failed(kind: str) -> None:
    logs.logger(__name__).warning("the archive could not be used; trying again", fault=kind)


def _list(store: "Store", *, as_json: bool) -> None:
    from storage import jobs

    at = utc_now()
    with store.reading() as connection:
        found = jobs.listed(connection)
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    for one in found:
        when = "running" if one.is_running(at) else "due now" if one.due <= at else f"due {_moment(one.due)}"
        last = f"{one.outcome} {_moment(one.ended)}" if one.ended else "not yet done"
        say(f"{one.id:28}  {when:22}  {last}{f': {one.reason}' if one.reason else ''}")
    if not found:
        say("Nothing is planned yet: `onrecord schedule` plans when it begins.")


def _as_json(one: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in dataclasses.asdict(one).items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _moment(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(schedule)
