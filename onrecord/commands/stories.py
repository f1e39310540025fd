"""``onrecord story``: which articles are copies of one story, decided by hand where the program errs."""

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.options import Archive, Json, open_store, print_json, say
from storage.dates import utc_now

if TYPE_CHECKING:
    from sqlalchemy import Connection

story_app = typer.Typer(
    name="story", help="Copies of one story: show, merge, split, undo.", no_args_is_help=True
)

Articles = Annotated[list[str], typer.Argument(metavar="ARTICLE …", help="Ids, URLs or external ids.")]
One = Annotated[str, typer.Argument(metavar="ARTICLE", help="Id, URL or external id.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, for whoever reads it later.")]
Number = Annotated[int, typer.Argument(metavar="DECISION", help="Its number, as `story decisions` shows it.")]


@story_app.command()
def show(article: One, *, archive: Archive = None, as_json: Json = False) -> None:
    """Show the copies of an article's story, and where they differ.

    Example: onrecord story show https://paper.example/home-rated-inadequate
    """
    from storage import articles, stories

    with open_store(archive) as store, store.reading() as connection:
        id_ = articles.find(connection, article)
        copies = articles.addresses(connection, stories.copies(connection, [id_])[id_])
        differ = stories.differences(connection, id_)
    if as_json:
        print_json({"copies": copies, "differ": differ})
        return
    for copy, url in copies.items():
        say(f"{copy}  {url}")
    for fact, values in differ.items():
        say(f"differ in {fact.replace('_', ' ')}:")
        for value, speakers in values.items():
            say(f"  {value}: {', '.join(copies[one['article_id']] for one in speakers)}")


@story_app.command()
def merge(articles: Articles, *, reason: Reason = None, archive: Archive = None) -> None:
    """Make articles copies of one story; `onrecord link` then links them as one.

    Example: onrecord story merge https://one.example/story https://other.example/story
    """
    from storage import stories

    with open_store(archive, write=True) as store, store.writing() as connection:
        ids = _found(connection, articles)
        seq = stories.merge(connection, ids, who=getpass.getuser(), at=utc_now(), reason=reason)
    say(f"decision {seq}: one story; `onrecord story undo {seq}` takes it back")


@story_app.command()
def split(articles: Articles, *, reason: Reason = None, archive: Archive = None) -> None:
    """Part articles from the rest of their story, whatever likeness is found later.

    Example: onrecord story split https://paper.example/follow-up
    """
    from storage import stories

    with open_store(archive, write=True) as store, store.writing() as connection:
        ids = _found(connection, articles)
        seq = stories.split(connection, ids, who=getpass.getuser(), at=utc_now(), reason=reason)
    say(f"decision {seq}: parted; `onrecord story undo {seq}` takes it back")


@story_app.command()
def undo(decision: Number, *, archive: Archive = None) -> None:
    """Take a decision back.

    Example: onrecord story undo 3
    """
    from storage import stories

    with open_store(archive, write=True) as store, store.writing() as connection:
        stories.undo(connection, decision, who=getpass.getuser(), at=utc_now())
    say(f"decision {decision} undone")


@story_app.command()
def decisions(*, archive: Archive = None, as_json: Json = False) -> None:
    """List what people decided on stories.

    Example: onrecord story decisions
    """
    from storage import stories

    with open_store(archive) as store, store.reading() as connection:
        kept = stories.decisions(connection)
    if as_json:
        print_json(kept)
        return
    for one in kept:
        told = f"undo {one['undoes']}" if one["undoes"] else f"{one['decision']} {', '.join(one['articles'])}"
        say(
            f"{one['seq']}  {one['at']:%Y-%m-%d}  {one['who']}  {told}"
            + ("  (undone)" if one["undone"] else "")
        )


def _found(connection: "Connection", references: Sequence[str]) -> list[str]:
    from storage import articles

    return [articles.find(connection, one) for one in references]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(story_app)
