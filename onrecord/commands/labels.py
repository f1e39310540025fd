"""``onrecord import labels``: a newsroom's own past links, for `onrecord train` to learn from."""

from pathlib import Path
from typing import Annotated

import typer

from onrecord.importing import content_of, import_app
from onrecord.options import Archive, Json, open_store, print_json, say
from storage.dates import utc_now

_MOST = 100 * 2**20  # bytes of a file

File = Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines: id, level, links, provider …")]


def import_labels(file: File, *, archive: Archive = None, as_json: Json = False) -> None:
    """Keep labels of articles: which inspection, setting or provider each was found to be about.

    Example: onrecord import labels our-links.jsonl
    """
    from storage import labels

    content = content_of(file, most=_MOST, what="file of labels")
    with open_store(archive, write=True) as store, store.writing() as connection:
        count, new = labels.take(connection, file.name, content, at=utc_now())
    if as_json:
        print_json({"name": file.name, "labels": count, "new": new})
    else:
        say(f"{file.name}: {count:,} labels" if new else f"{file.name}: already imported")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    import_app.command("labels")(import_labels)
