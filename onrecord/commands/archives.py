"""``onrecord init``: make an archive, or bring an older one up to date."""

import typer

from onrecord.options import Archive, Json, open_store, print_json, say


def init(archive: Archive = None, as_json: Json = False) -> None:
    """Make the archive, or upgrade an older one.

    Example: onrecord init --archive newsroom.db
    """
    with open_store(archive, write=True) as store:
        place = str(store.place)
    if as_json:
        print_json({"archive": place})
    else:
        say(f"The archive is ready: {place}")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
