"""``onrecord import articles``: articles from JSON lines, saved pages, text files and WARCs."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from onrecord.commands import crawling
from onrecord.importing import import_app
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn
from storage.dates import utc_now

_TOLD = {"new": "new articles", "new_versions": "new versions", "unchanged": "unchanged"}
_COUNTED = _TOLD | {
    "left": "pages without an article",
    "elsewhere": "pages of other hosts",
    "others": "answers that are no pages",
}
Hosts = Annotated[
    list[str] | None,
    typer.Option("--host", metavar="HOST", help="Of WARCs take only that host's pages; may be repeated."),
]
Paths = Annotated[list[Path], typer.Argument(metavar="PATH …", help="Files, or folders to walk.")]


def import_articles(
    paths: Paths,
    hosts: Hosts = None,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Import articles: JSON lines (url, title, text or html …), saved HTML pages, text files, WARCs.

    Example: onrecord import articles cuttings.jsonl saved-pages/
    """
    from crawler.articles import importing
    from crawler.articles.outlets import Outlets
    from crawler.articles.warcs import Wanted
    from crawler.extract.pool import Pool

    wanted = Wanted(outlets=Outlets(crawling.papers), hosts=tuple(one.lower() for one in hosts or ()))
    with open_store(archive, evidence, write=True) as store, Pool() as pool:
        taken = []
        for one in importing.import_articles(store, paths, at=utc_now(), pool=pool, wanted=wanted):
            taken.append(one)
            if one.refused:
                warn(f"onrecord: {one.refused}")
    kept = [one for one in taken if not one.refused]
    totals = {name: sum(getattr(one, name) for one in kept) for name in _COUNTED}
    refused = len(taken) - len(kept)
    if as_json:
        shown = {name: totals[name] for name in ("new", "new_versions", "unchanged")}
        print_json({**shown, "refused": refused, "files": [dataclasses.asdict(one) for one in taken]})
    else:
        counts = [
            f"{totals[name]} {what}" for name, what in _COUNTED.items() if totals[name] or name in _TOLD
        ]
        say(f"{len(kept)} files: {', '.join(counts)}" + (f"; {refused} files refused" if refused else ""))
    if refused:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    import_app.command("articles")(import_articles)
