"""The group ``onrecord import``; each kind of file adds its command from its own module."""

import typer

import_app = typer.Typer(
    name="import",
    help="Bring in registers, inspections, reports, articles; all of a file or nothing.",
    no_args_is_help=True,
)
