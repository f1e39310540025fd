"""``onrecord import reports``: official inspection reports from PDF, HTML and text files."""

from pathlib import Path
from typing import Annotated, Any

import typer

from onrecord.importing import import_app
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn
from storage.dates import utc_now

Paths = Annotated[list[Path], typer.Argument(metavar="PATH …", help="Files, or folders to walk.")]


def import_reports(
    paths: Paths, archive: Archive = None, evidence: EvidenceAt = None, as_json: Json = False
) -> None:
    """Import inspection reports (PDF, HTML or text); folders are walked.

    With --json: one object of facts for one file, a list of them for several; ``file`` names the file,
    ``disagreements`` tells where a register or table says otherwise, ``refused`` why nothing was taken.

    Example: onrecord import reports downloads/ report.pdf
    """
    from rich.console import Console
    from rich.progress import track

    from crawler.extract.pool import Pool
    from crawler.reports import importing

    files = importing.walk(paths)
    console = Console(stderr=True)
    with open_store(archive, evidence, write=True) as store, Pool() as pool:
        taken = []
        reading = importing.import_reports(store, files, at=utc_now(), pool=pool)
        for one in track(
            reading,
            "Reading reports",
            len(files),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        ):
            taken.append(one)
            if one.refused:
                warn(f"onrecord: {one.refused}")
    if as_json:
        objects = [_facts(one) for one in taken]
        print_json(objects[0] if len(files) == 1 else objects)
    else:
        _tell(taken)
    if any(one.refused for one in taken):
        raise typer.Exit(1)


def _facts(one: Any) -> dict[str, Any]:
    if one.refused:
        return {"file": one.file, "refused": one.refused}
    return {**one.facts, "file": one.file, "disagreements": list(one.disagreements)}


def _tell(taken: list[Any]) -> None:
    for one in taken:
        for told in one.disagreements:
            values = "; ".join(f"{origin} says {value}" for origin, value in told["values"].items())
            say(f"{Path(one.file).name}: {told['field']}: {values}")
    kept = [one for one in taken if not one.refused]
    new, refused = sum(one.new for one in kept), len(taken) - len(kept)
    apart = sum(bool(one.disagreements) for one in kept)
    say(
        f"{len(kept)} reports: {new} new, {len(kept) - new} known already"
        + (f"; {apart} disagree with a table" if apart else "")
        + (f"; {refused} files refused" if refused else "")
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    import_app.command("reports")(import_reports)
