"""``onrecord review``: the queue of doubtful links in the terminal, with the keys of the web page."""

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.options import Archive, Json, open_store, print_json, say
from storage.dates import utc_now
from storage.errors import UsageMistake

if TYPE_CHECKING:
    from archive.reading.queue import Asked, Queues
    from storage.store import Store

Limit = Annotated[int | None, typer.Option(min=1, help="Stop after so many decisions.")]
Name = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who decides [default: your login].")]


def review(
    *,
    limit: Limit = None,
    name: Name = None,
    authority: Annotated[str | None, typer.Option(help="Only stories at stake there.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Only of that outlet.")] = None,
    provider: Annotated[str | None, typer.Option(help="Only where that provider is at stake.")] = None,
    answer: Annotated[str | None, typer.Option(help="Only where the linker said so: several_fit …")] = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Decide doubtful links one by one: 1-5 choose, n none of these, u undo, ? all keys; --json counts only.

    Example: onrecord review --limit 10 --authority Bolton
    """
    from archive.reading.queue import Asked, Queues
    from onrecord.config import load
    from onrecord.reviewing import Session, single_keys

    asked = Asked(authority=authority, outlet=outlet, provider=provider, answer=answer)
    who, queues = name or getpass.getuser(), Queues(load().review.second_readers)
    with open_store(archive, write=not as_json) as store:
        if as_json:
            print_json(_counts(store, queues, who, asked))
            return
        if not sys.stdin.isatty():
            raise UsageMistake("`onrecord review` asks for keys and needs a terminal; --json only counts")
        with single_keys() as key:
            done = Session(store=store, queues=queues, asked=asked, who=who, key=key).run(limit)
    say(f"{done} decided.")


def _counts(store: "Store", queues: "Queues", who: str, asked: "Asked") -> dict[str, Any]:
    from archive.reading import agreement

    with store.reading() as connection:
        waiting = queues.of(connection, who, asked).items
        figures = agreement.agreement(connection)
        progress = agreement.progress(
            connection, who, utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
        )
    return {
        "waiting": len(waiting),
        "judged": progress.judged,
        "judged_by_you": progress.own,
        "judged_today": progress.recent,
        "read_twice": len(figures.pairs),
        "decided_alike": figures.same,
        "kappa": figures.kappa,
        "disagreements": len(figures.open),
    }


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(review)
