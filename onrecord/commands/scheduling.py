"""``onrecord schedule``: what is to be done every day, done."""

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say
from storage.dates import utc_now

if TYPE_CHECKING:
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
    from onrecord.scheduling import means
    from onrecord.scheduling.bell import Bell
    from onrecord.scheduling.loop import Scheduler

    with open_store(archive, evidence, write=True) as store:
        if listed:
            _list(store, as_json=as_json)
            return
        bell = Bell()
        bell.hang()
        told = means.telling(as_json=as_json, once=once)
        ours = means.of_commands(context, store, archive=archive, evidence=evidence, told=told)
        scheduler = Scheduler(store, ours, bell)
        if not once:
            scheduler.run()
        elif not scheduler.once():
            raise typer.Exit(1)


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
