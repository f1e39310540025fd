"""``onrecord export``: the archive's tables as files for other people's datasets."""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from onrecord import config
from onrecord.options import Archive, Json, can_be_written, open_store, print_json, say, warn
from storage.errors import UsageMistake

if TYPE_CHECKING:
    from archive.export.exporting import Done

What = Annotated[
    Literal["links", "articles", "settings", "providers", "inspections", "judgements"],
    typer.Argument(metavar="WHAT", help="links, articles, settings, providers, inspections or judgements."),
]
Form = Annotated[
    Literal["csv", "jsonl", "parquet", "ftm", "sqlite", "datapackage"],
    typer.Option("--format", help="csv, jsonl, parquet, ftm, sqlite or datapackage."),
]
WithText = Annotated[bool, typer.Option("--with-text", help="Articles with their text, as imported.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="CURSOR", help="Only what changed since an export that told this cursor."
    ),
]
Public = Annotated[bool, typer.Option("--public", help="Only what the public view may show.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", callback=can_be_written, help="Where to [default: standard output]."
    ),
]


def export(
    what: What,
    *,
    form: Form = "jsonl",
    with_text: WithText = False,
    since: Since = None,
    public: Public = False,
    out: Out = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Write a table out, whole or what changed since a cursor; the new cursor is told on standard error.

    Example: onrecord export links --format parquet --out links.parquet
    """
    from archive.export import exporting
    from archive.public import Opening

    if as_json and out is None:
        raise UsageMistake("--json tells what was written to a file: name that with --out")
    gc.set_threshold(100_000)  # rows hold no cycles, and looking for some takes a fifth of the time
    opening = Opening(**config.load().public.model_dump()) if public else None
    asked = exporting.Asked(what=what, form=form, since=since, with_text=with_text, opening=opening)
    with open_store(archive) as store:
        if out is None:
            done = exporting.export(store, asked, sys.stdout.buffer)
            sys.stdout.flush()
        else:
            done = exporting.export_to(store, asked, out)
    _tell(done, out, as_json=as_json)


def _tell(done: "Done", out: Path | None, *, as_json: bool) -> None:
    """What was written, what was kept back, and the cursor to go on from."""
    if as_json:
        told = {"file": str(out), "rows": done.rows, "cursor": done.about.cursor}
        print_json(told | {"kept_back": dict(done.refused)})
        return
    for reason, count in done.refused.items():
        warn(f"{count:,} {reason}")
    if out is not None:
        say(f"{out}: {done.rows:,} {done.counted}")
    warn(f"cursor: {done.about.cursor}")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(export)
