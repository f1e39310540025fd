"""The command line, put together from the modules of ``onrecord.commands``, one a group of subcommands."""

import importlib
import pkgutil
from importlib import metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from onrecord import commands
from onrecord.importing import import_app
from onrecord.options import say
from storage.errors import Stopped


class _Commands(TyperGroup):
    """The commands, of which Ctrl-C ends each with a line; typer would leave without a word."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Stopped from None


def _version(*, asked: bool) -> None:
    if asked:
        say(f"onrecord {metadata.version('onrecord')}")
        raise typer.Exit


app = typer.Typer(
    name="onrecord",
    cls=_Commands,
    help="Watch local news and inspection reports; link anonymised coverage to the record.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Tell the version, and end.")
    ] = False,
) -> None:
    """Watch local news and inspection reports; link anonymised coverage to the record."""


for _module in pkgutil.iter_modules(commands.__path__):
    importlib.import_module(f"{commands.__name__}.{_module.name}").register(app)
app.add_typer(import_app)
