"""``onrecord export``: links and articles as files for other people's datasets."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from onrecord.options import Archive, open_store, say

What = Annotated[Literal["links", "articles"], typer.Argument(metavar="WHAT", help="links or articles.")]
Form = Annotated[Literal["jsonl", "csv"], typer.Option("--format", help="jsonl or csv.")]
WithText = Annotated[bool, typer.Option("--with-text", help="Articles with their text, as imported.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where to [default: standard output].")
]


def export(
    what: What, *, form: Form = "jsonl", with_text: WithText = False, out: Out = None, archive: Archive = None
) -> None:
    """Write links or articles out, one a line.

    Example: onrecord export links --format jsonl --out links.jsonl
    """
    from archive import export as exports

    with open_store(archive) as store, store.reading() as connection:
        if what == "links":
            rows, fields = exports.link_rows(connection), exports.LINK_FIELDS
        else:
            rows, fields = exports.article_rows(connection, with_text=with_text), exports.ARTICLE_FIELDS
        if out is None:
            exports.write(rows, sys.stdout, form=form, fields=fields)
            return
        part = out.with_name(out.name + ".part")
        with part.open("w", encoding="utf-8", newline="") as file:
            count = exports.write(rows, file, form=form, fields=fields)
        part.replace(out)
    say(f"{out}: {count:,} {what}")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(export)
