"""Options that every command takes, how a command opens the archive, and how it prints."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from onrecord import config
from storage.errors import UsageMistake
from storage.fencing import Fence
from storage.place import Place
from storage.store import Store

Archive = Annotated[
    str | None, typer.Option("--archive", metavar="PATH|URL", help="The archive [default: ./onrecord.db].")
]
EvidenceAt = Annotated[
    str | None,
    typer.Option("--evidence", metavar="DIR", help="Where the WARC files lie [default: beside the archive]."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def open_store(archive: str | None, evidence: str | None = None, *, write: bool = False) -> Store:
    """The archive that the flag, the environment or the settings file names."""
    return Store(place_of(archive, evidence), write=write, fence=Fence.given())


def place_of(archive: str | None, evidence: str | None = None) -> Place:
    """Where that archive lies."""
    settings = config.load()
    return Place.of(
        archive or settings.archive,
        evidence=evidence or settings.evidence,
        objects=settings.evidence_store,
    )


def can_be_written(path: Path | None) -> Path | None:
    """A file that an option names, before the work begins: its folder must be there."""
    if path and path.is_dir():
        raise UsageMistake(f"{path}: it is a folder; name a file")
    if path and not path.parent.is_dir():
        raise UsageMistake(f"{path}: there is no folder {path.parent}; make it first")
    return path


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def say(line: str) -> None:
    """One line for a person on standard output."""
    sys.stdout.write(line + "\n")


def warn(line: str) -> None:
    """One line for a person on standard error."""
    sys.stderr.write(line + "\n")
