"""``onrecord doctor``: whether all is well, and what to do where it is not."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord import config
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say
from storage.dates import utc_now

if TYPE_CHECKING:
    from storage.health import Finding

_MARKS = {"good": "ok   ", "note": "note ", "wrong": "WRONG"}


def doctor(
    *,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what is to be done.")] = False,
    tell: Annotated[
        bool, typer.Option("--tell", help="Tell the operator, by alert, what is new of it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Look at versions, settings, disk, clock, evidence, index, sources and jobs; 1 where something is wrong.

    With --tell the operator that [alerts] names is told what is new of it, and the status is 0.

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
    if tell:
        _tell(found, archive, evidence)
    elif any(one.state == "wrong" for one in found):
        raise typer.Exit(1)


def _tell(found: "Sequence[Finding]", archive: str | None, evidence: str | None) -> None:
    """Leave it to the alerts, where an operator is named: then what is wrong is no failure of ours."""
    from archive.alerts import alarming

    if not config.load().alerts.operator:
        return
    with open_store(archive, evidence, write=True) as store:
        alarming.tell(store, found, at=utc_now())


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(doctor)
