"""``onrecord doctor``: whether all is well, and what to do where it is not."""

import dataclasses
from typing import Annotated

import typer

from onrecord.options import Archive, EvidenceAt, Json, print_json, say
from storage.dates import utc_now

_MARKS = {"good": "ok   ", "note": "note ", "wrong": "WRONG"}


def doctor(
    *,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what is to be done.")] = False,
    as_json: Json = False,
) -> None:
    """Look at versions, settings, disk, clock, evidence, index, sources and jobs; 1 where something is wrong.

    Example: onrecord doctor
    """
    from onrecord.doctor import examine

    found = list(examine(archive, evidence, at=utc_now()))
    if as_json:
        print_json([dataclasses.asdict(one) for one in found])
    else:
        for one in found:
            if not quiet or one.state != "good":
                todo = f"; {one.todo}" if one.todo else ""
                say(f"{_MARKS[one.state]}  {one.check}: {one.told}{todo}")
    if any(one.state == "wrong" for one in found):
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(doctor)
