"""``onrecord alerts``: send what is to be told, and list whom it is told to."""

import dataclasses
from typing import Annotated

import typer

from onrecord import config
from onrecord.options import Archive, Json, open_store, print_json, say
from storage.dates import utc_now

alerts_app = typer.Typer(no_args_is_help=True, help="Alerts on what people follow.", rich_markup_mode=None)


def send(
    archive: Archive = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be sent; nothing is kept or sent.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Match every alert with what is new, and send what is due; may be repeated as often as one likes.

    Example: onrecord alerts send --dry-run
    """
    from archive.alerts import sending
    from onrecord.posting import post

    settings = config.load()
    with open_store(archive, write=not dry_run) as store:
        if settings.base_url is None and not sending.wanted(store):
            say("Nobody has an alert yet.")  # so nothing is wrong with settings that have no address
            return
        set_up = post(settings)
        if dry_run:
            would = sending.preview(store, at=utc_now())
            if as_json:
                print_json([dataclasses.asdict(one) for one in would])
                return
            for one in would:
                say(f"{one.alert}: {one.new} new, {one.due} due" + (f"; {one.fault}" if one.fault else ""))
            say(f"{len(would)} alerts have something to tell; nothing was sent.")
            return
        sent = sending.send(store, set_up, utc_now)
    if as_json:
        found = {"items": sent.matched.items, "faults": sent.matched.faults}
        print_json(found | dataclasses.asdict(sent.tally))
        return
    say(f"{sent.matched.items} new; {sent.tally.delivered} messages delivered, {sent.tally.failed} failed.")


def listed(archive: Archive = None, as_json: Json = False) -> None:
    """List every alert: what it follows, its channel, its rhythm, and how it does.

    Example: onrecord alerts list
    """
    from archive.alerts.listing import standings

    with open_store(archive) as store, store.reading() as connection:
        found = standings(connection)
    if as_json:
        print_json(
            [
                {
                    "id": one.alert.id,
                    "what": one.alert.what,
                    "title": one.alert.title,
                    "channel": one.alert.channel,
                    "rhythm": one.alert.rhythm,
                    "state": one.alert.state,
                    "waiting": one.waiting,
                    "dead": one.dead,
                    "fault": one.fault,
                }
                for one in found
            ]
        )
        return
    for one in found:
        alert = one.alert
        said = f"{alert.id}: {alert.title} ({alert.what}), {alert.channel}, {alert.rhythm}, {alert.state}"
        say(f"{said}; {one.waiting} waiting, {one.dead} dead" + (f"; {one.fault}" if one.fault else ""))
    say(f"{len(found)} alerts.")


alerts_app.command("send")(send)
alerts_app.command("list")(listed)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(alerts_app, name="alerts")
