"""``onrecord register``: a register as it stood on a day."""

import datetime as dt
from typing import Annotated, Literal

import typer

from onrecord.options import Archive, Json, open_store, print_json, say
from storage.errors import UsageMistake

What = Annotated[
    Literal["settings", "providers", "inspections"],
    typer.Argument(metavar="WHAT", help="settings, providers or inspections."),
]


def register_on(
    what: What,
    *,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day, ISO.")],
    regulator: Annotated[str, typer.Option("--regulator", metavar="NAME", help="Whose register.")],
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Show a register as it stood on a day: its settings, who had them, or each one's last inspection.

    Example: onrecord register settings --as-of 2024-03-31 --regulator ofsted
    """
    from storage import dated

    try:
        day = dt.date.fromisoformat(as_of)
    except ValueError:
        raise UsageMistake(f"--as-of {as_of}: give the day as 2025-03-31") from None
    with open_store(archive) as store, store.reading() as connection:
        rows = dated.state(connection, what, regulator, day)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        say("  ".join(str(value) for value in row.values() if value is not None))
    say(f"{len(rows):,} {what} of {regulator} on {day}")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("register")(register_on)
