"""Where a command does what it does to a whole archive: here, on more processes, or on a cluster."""

import contextlib
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from storage.errors import UsageMistake

if TYPE_CHECKING:
    from onrecord.spreading import Crew

Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="URL", help="Spread the work over a Dask cluster.")
]
Processes = Annotated[
    int, typer.Option("--processes", min=1, max=256, help="Spread it over so many processes of this machine.")
]


@contextlib.contextmanager
def crew_for(scheduler: str | None, processes: int) -> "Iterator[Crew | None]":
    """Who does the work; None for this process alone. UsageMistake where Dask is not installed."""
    if scheduler is None and processes == 1:
        yield None
        return
    if find_spec("distributed") is None:
        raise UsageMistake('to spread the work needs Dask: pip install "onrecord[scale]"')
    from onrecord.spreading import crew  # noqa: PLC0415 (it is there only where it is wanted)

    with crew(scheduler, processes) as found:
        yield found
