"""``onrecord``: the one command. Each group of subcommands stands in its own module of ``onrecord.commands``.

Exit status: 0 done, 1 the work failed or is incomplete, 2 wrong usage. A person's mistake is one line on
standard error; only a fault of ours is a traceback.
"""

import importlib
import pkgutil
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from onrecord import commands
from onrecord.importing import import_app
from onrecord.options import warn
from storage.errors import OnRecordError, UsageMistake

_STOPPED = "stopped; what was finished is kept, repeat the command to go on"


class _Commands(TyperGroup):
    """The commands, of which Ctrl-C ends each with a line; typer would leave without a word."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise OnRecordError(_STOPPED) from None


app = typer.Typer(
    name="onrecord",
    cls=_Commands,
    help="Watch local news and inspection reports; link anonymised coverage to the record.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _root() -> None:
    """Watch local news and inspection reports; link anonymised coverage to the record."""


for _module in pkgutil.iter_modules(commands.__path__):
    importlib.import_module(f"{commands.__name__}.{_module.name}").register(app)
app.add_typer(import_app)


def main() -> None:
    """Run the command line; every expected fault ends as one line and a status."""
    try:
        app(standalone_mode=True)
    except UsageMistake as error:
        warn(f"onrecord: {error}")
        sys.exit(2)
    except OnRecordError as error:
        warn(f"onrecord: {error}")
        sys.exit(1)
    except (KeyboardInterrupt, BrokenPipeError):
        warn(f"onrecord: {_STOPPED}")
        sys.exit(1)
