"""``onrecord link`` and ``onrecord explain``: which record each article is about, and why."""

from collections import Counter
from typing import Annotated

import typer

from onrecord.options import Archive, Json, open_store, print_json, say
from onrecord.spread_options import Processes, Scheduler, crew_for
from storage.dates import utc_now

All = Annotated[bool, typer.Option("--all", help="Link every article again, not only what is new.")]
One = Annotated[
    str | None, typer.Option("--article", metavar="ARTICLE", help="Only this one: id, URL or external id.")
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
    from linker.portions import here

    with open_store(archive, write=True) as store, crew_for(scheduler, processes) as crew:
        only = [run.article_id(store, article)] if article else None
        console, by = Console(stderr=True), crew.link if crew else here
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
