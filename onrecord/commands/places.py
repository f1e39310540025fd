"""``onrecord import places``: names of places and authorities, for the linker to find in the text."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.importing import content_of, import_app
from onrecord.options import Archive, Json, open_store, print_json, say, warn
from storage.dates import utc_now
from storage.errors import OnRecordError

if TYPE_CHECKING:
    from crawler.geography.taking import Taken

_MOST = 500 * 2**20  # bytes of a file

Files = Annotated[list[Path], typer.Argument(metavar="FILE …", help="CSV, XLSX or ODS.")]


def import_places(files: Files, archive: Archive = None, as_json: Json = False) -> None:
    """Add places to those the linker knows: the ONS's and OS's tables, or one of your own.

    The columns tell what a file is: place, kinds, upper_tier_la (places); LADCD, LADNM, UTLACD, UTLANM
    (authorities and their codes); with LIEUTENANCY_AREA_1997 (counties); la-name, local-authority-code.

    Example: onrecord import places places.csv
    """
    from crawler.geography import taking

    told: list[dict[str, object]] = []
    with open_store(archive, write=True) as store:
        for path in files:
            try:
                taken = taking.take(store, path.name, _content(path), utc_now())
            except OnRecordError as error:
                warn(f"onrecord: {error}")
                told.append({"name": path.name, "refused": str(error)})
                continue
            told.append(asdict(taken))
            if not as_json:
                say(_line(taken))
    if as_json:
        print_json(told)
    if any("refused" in one for one in told):
        raise typer.Exit(1)


def _line(taken: "Taken") -> str:
    if not taken.new:
        return f"{taken.name}: already imported"
    coded = f", {taken.authorities:,} authorities with codes" if taken.authorities else ""
    left = f"; {taken.left:,} of {taken.rows_read:,} rows name no place" if taken.left else ""
    return f"{taken.name}: {taken.places:,} places{coded}{left}"


def _content(path: Path) -> bytes:
    return content_of(path, most=_MOST, what="table of places")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    import_app.command("places")(import_places)
