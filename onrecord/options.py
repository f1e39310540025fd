"""Options that every command takes, how a command opens the archive, and how it prints."""

import json
import sys
from typing import Annotated, Any

import typer

from onrecord import config
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
    settings = config.load()
    return Store.at(archive or settings.archive, write=write, evidence=evidence or settings.evidence)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def say(line: str) -> None:
    """One line for a person on standard output."""
    sys.stdout.write(line + "\n")


def warn(line: str) -> None:
    """One line for a person on standard error."""
    sys.stderr.write(line + "\n")
