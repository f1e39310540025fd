"""``onrecord retention``: what is past its days, by the newsroom's settings, and that it is erased."""

import dataclasses
import getpass
from typing import Annotated

import typer

from onrecord import config
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say
from storage import retention
from storage.dates import utc_now


def retain(
    *,
    really: Annotated[bool, typer.Option("--yes", help="Erase it; without, it is only told.")] = False,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Tell what is past the days that [retention] in onrecord.toml gives it; erased only with --yes.

    Example: onrecord retention --yes
    """
    days, at = config.load().retention.days, utc_now()
    with open_store(archive, evidence, write=really) as store:
        if really:
            found = retention.enforce(store, days, at=at, who=getpass.getuser())
        else:
            with store.reading() as connection:
                found = [one for one in retention.due(connection, days, at=at) if one.count]
    if as_json:
        print_json([dataclasses.asdict(one) for one in found])
        return
    for one in found:
        say(f"{one.kind}: {one.count:,} from before {one.before:%-d %B %Y}{' erased' if really else ''}")
    if not found:
        say("Nothing is past its days.")
    elif not really:
        say("Nothing was erased: say --yes to do it.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("retention")(retain)
