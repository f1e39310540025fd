"""``onrecord import articles``: articles from JSON lines, saved pages, text files and WARCs."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from onrecord.importing import import_app
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn
from storage.dates import utc_now

Paths = Annotated[list[Path], typer.Argument(metavar="PATH …", help="Files, or folders to walk.")]


def import_articles(
    paths: Paths, archive: Archive = None, evidence: EvidenceAt = None, as_json: Json = False
) -> None:
    """Import articles: JSON lines (url, title, text or html …), saved HTML pages, text files, WARCs.

    Example: onrecord import articles cuttings.jsonl saved-pages/
    """
    from crawler.articles import importing
    from crawler.extract.pool import Pool

    with open_store(archive, evidence, write=True) as store, Pool() as pool:
        taken = []
        for one in importing.import_articles(store, paths, at=utc_now(), pool=pool):
            taken.append(one)
            if one.refused:
                warn(f"onrecord: {one.refused}")
    kept = [one for one in taken if not one.refused]
    totals = {name: sum(getattr(one, name) for one in kept) for name in ("new", "new_versions", "unchanged")}
    refused = len(taken) - len(kept)
    if as_json:
        print_json({**totals, "refused": refused, "files": [dataclasses.asdict(one) for one in taken]})
    else:
        say(
            f"{len(kept)} files: {totals['new']} new articles, {totals['new_versions']} new versions,"
            f" {totals['unchanged']} unchanged"
            + (f", {left} pages without an article" if (left := sum(one.left for one in kept)) else "")
            + (f"; {refused} files refused" if refused else "")
        )
    if refused:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    import_app.command("articles")(import_articles)
