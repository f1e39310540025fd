"""``onrecord evidence``: the bytes that an article was read from, and whether all of them are still there."""

import dataclasses
import sys
from pathlib import Path
from typing import Annotated

import typer

from onrecord import config
from onrecord.commands import crawling
from onrecord.options import Archive, EvidenceAt, Json, can_be_written, open_store, print_json, say, warn
from onrecord.spread_options import Processes, Scheduler, crew_for
from storage import adopting, articles, captures
from storage.dates import utc_now
from storage.evidence import EvidenceFolder

evidence_app = typer.Typer(
    name="evidence", help="The bytes as they were fetched, and their soundness.", no_args_is_help=True
)

Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", callback=can_be_written, help="Write there, not to the terminal."),
]
Version = Annotated[int | None, typer.Option("--version", metavar="N", help="Of that version of the text.")]
AsSent = Annotated[
    bool,
    typer.Option("--as-sent", help="As they came over the wire, perhaps compressed, and before scripts ran."),
]


@evidence_app.command("show")
def show(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Its id, address or external id.")],
    *,
    version: Version = None,
    as_sent: AsSent = False,
    out: Out = None,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Give back the exact bytes that an article was read from, verified.

    Example: onrecord evidence show https://www.example.org/news/story --out story.html
    """
    with open_store(archive, evidence) as store, store.reading() as connection:
        capture = captures.of_article(connection, articles.find(connection, article), version)
        sent = captures.made_of(connection, capture) if as_sent else capture
        held = captures.with_body(connection, sent)
        folder = EvidenceFolder.of(store.place)
        content = folder.read(held) if as_sent else folder.content(held)
    if out is not None:
        out.write_bytes(content)
    if as_json:
        print_json({field: getattr(capture, field) for field in capture.__dataclass_fields__})
    elif out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


@evidence_app.command("verify")
def verify(archive: Archive = None, evidence: EvidenceAt = None, as_json: Json = False) -> None:
    """Read every record and compare it with the index: truncations, flipped bits, missing files.

    Example: onrecord evidence verify
    """
    with open_store(archive, evidence) as store, store.reading() as connection:
        indexed = list(captures.each(connection))
        damages = list(EvidenceFolder.of(store.place).verify(iter(indexed)))
    if as_json:
        found = [{"capture": one.capture.id, "url": one.capture.url, "reason": one.reason} for one in damages]
        print_json({"records": len(indexed), "damaged": found})
    else:
        for one in damages:
            warn(f"onrecord: {one.reason}")
        say(f"{len(indexed)} records, {len(damages)} damaged")
    if damages:
        raise typer.Exit(1)


@evidence_app.command("push")
def push(
    *,
    drop: Annotated[
        bool, typer.Option("--drop", help="Remove each file here that the store gives back to the bit.")
    ] = False,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Put every finished WARC file into the evidence store, and seal there what was erased since.

    Example: onrecord evidence push --drop
    """
    from storage import pushing

    drop = drop or config.load().evidence_local == "drop"
    with open_store(archive, evidence, write=True) as store:
        done = pushing.push(store, drop=drop)
    if as_json:
        print_json(dataclasses.asdict(done))
    else:
        say(f"{len(done.put)} files put into the store, {len(done.dropped)} dropped here")
        for name, fault in done.left.items():
            warn(f"onrecord: {name} is left here: {fault}")
    if done.left:
        raise typer.Exit(1)


@evidence_app.command("import")
def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE …", help="WARC or ARC files.")],
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Take the captures of WARC files into the evidence; `import articles` reads their articles, too.

    Example: onrecord evidence import older-crawl.warc.gz
    """
    taken: dict[str, int] = {}
    with open_store(archive, evidence, write=True) as store:
        for path in paths:
            taken[str(path)] = adopting.adopt(store, path, at=utc_now())
    if as_json:
        print_json({"files": taken})
    else:
        say(f"{sum(taken.values())} captures from {len(taken)} files")


@evidence_app.command("reextract")
def reextract(
    article: Annotated[str | None, typer.Argument(metavar="ARTICLE", help="Only that one.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also what this extractor read.")] = False,
    scheduler: Scheduler = None,
    processes: Processes = 1,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Read articles again from the kept bytes, without the network; other words become a new version.

    Example: onrecord evidence reextract --all
    """
    from crawler.articles import rereading
    from crawler.extract.pool import Pool

    templates = {paper.name: paper.template for paper in crawling.papers()}
    with (
        open_store(archive, evidence, write=True) as store,
        crew_for(scheduler, processes) as crew,
        Pool() as pool,
    ):
        with store.reading() as connection:
            only = articles.find(connection, article) if article else None
        held = rereading.to_reread(store, everything=everything, article_id=only)
        count = rereading.reread(store, held, readers=crew or pool, templates=templates, at=utc_now())
    if as_json:
        print_json({"articles": len(held), **count})
    else:
        said = ", ".join(f"{number} {outcome}" for outcome, number in count.items())
        say(f"{len(held)} articles read again" + (f": {said}" if said else ""))
    if count["damaged"]:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(evidence_app)
