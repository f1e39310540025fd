"""The group ``onrecord import``; each kind of file adds its command from its own module."""

from pathlib import Path

import typer

from storage.errors import OnRecordError

import_app = typer.Typer(
    name="import",
    help="Bring in registers, inspections, reports, articles; all of a file or nothing.",
    no_args_is_help=True,
)


def content_of(path: Path, *, most: int, what: str) -> bytes:
    """The file's bytes; OnRecordError for one out of reach, or so large that no ``what`` is."""
    try:
        if path.stat().st_size <= most:
            return path.read_bytes()
    except OSError as error:
        raise OnRecordError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    raise OnRecordError(f"{path.name}: is larger than {most >> 20} MB, which no {what} is")
