"""``onrecord link`` and ``onrecord explain``: which record each article is about, and why."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.options import Archive, Json, open_store, print_json, say
from storage.dates import utc_now
from storage.errors import UsageMistake

if TYPE_CHECKING:
    from linker.portions import Way

All = Annotated[bool, typer.Option("--all", help="Link every article again, not only what is new.")]
One = Annotated[
    str | None, typer.Option("--article", metavar="ARTICLE", help="Only this one: id, URL or external id.")
]

Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="URL", help="Spread the work over a Dask cluster.")
]
Processes = Annotated[
    int, typer.Option("--processes", min=1, max=256, help="Spread it over so many processes of this machine.")
]


def link(
    *,
    every: All = False,
    article: One = None,
    scheduler: Scheduler = None,
    processes: Processes = 1,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Link articles to the inspections, settings and providers they are about.

    Example: onrecord link --all
    """
    from rich.console import Console
    from rich.progress import track

    from linker import run

    with open_store(archive, write=True) as store, _way(scheduler, processes) as by:
        only = [run.article_id(store, article)] if article else None
        console = Console(stderr=True)
        linking = run.link_articles(store, at=utc_now(), everything=every, only=only, by=by)
        counted = Counter(
            answer
            for _, answers in track(
                linking, "Linking", console=console, disable=not console.is_terminal, transient=True
            )
            for answer in answers
        )
    if as_json:
        print_json({"mentions": sum(counted.values()), "answers": dict(counted)})
    else:
        told = ", ".join(f"{count:,} {answer.replace('_', ' ')}" for answer, count in counted.most_common())
        say(f"{sum(counted.values()):,} mentions: {told}" if counted else "Nothing new to link.")


@contextmanager
def _way(scheduler: str | None, processes: int) -> "Iterator[Way]":
    """Where the work is done; UsageMistake where what spreads it is not installed."""
    from linker.portions import here

    if scheduler is None and processes == 1:
        yield here
        return
    if find_spec("distributed") is None:
        raise UsageMistake('to spread the work needs Dask: pip install "onrecord[scale]"')
    from linker import spread

    with spread.on_scheduler(scheduler) if scheduler else spread.on_processes(processes) as by:
        yield by


def explain(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Id, URL or external id.")],
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Show the clues of an article and how each weighs for its likeliest records, as a waterfall.

    Example: onrecord explain https://paper.example/home-rated-inadequate
    """
    from linker import run
    from linker.explain import as_text

    with open_store(archive) as store:
        told = run.explain(store, run.article_id(store, article))
    if as_json:
        print_json(told)
    else:
        say(as_text(told))


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(link)
    app.command()(explain)
