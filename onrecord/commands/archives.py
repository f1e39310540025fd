"""``onrecord init``: make an archive with a newsroom's first settings, or bring an older one up to date."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord import config
from onrecord.options import Archive, Json, open_store, print_json, say, warn
from storage import people
from storage import sources as stored
from storage.dates import utc_now

if TYPE_CHECKING:
    from onrecord.founding import Founding
    from storage.store import Store

Patch = Annotated[
    list[str] | None, typer.Option("--patch", metavar="AUTHORITY", help="An authority covered; repeat it.")
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source", metavar="NAME", help="A source to crawl; repeat it [default: those of the patch]."
    ),
]
User = Annotated[str | None, typer.Option("--user", metavar="NAME", help="Who becomes operator.")]
Contact = Annotated[
    str | None, typer.Option("--contact", help="The web or e-mail address that the crawler names.")
]


def init(
    patch: Patch = None,
    sources: Sources = None,
    *,
    user: User = None,
    contact: Contact = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Make the archive, or upgrade an older one; set what the newsroom covers and who runs it.

    On a terminal it asks what no flag tells. The answers go into onrecord.toml, unless there is one. Of the
    sources those are crawled that cover the patch; the others are switched off, and can be switched on again.

    Example: onrecord init --patch Stockport --patch Tameside --user "Ada Moss"
    """
    from onrecord.founding import Founding, as_authorities, write

    given = Founding(patch=tuple(patch or ()), sources=tuple(sources or ()), user=user, contact=contact)
    file = Path(config.FILE_NAME)
    if given.is_empty and sys.stdin.isatty() and not (as_json or file.exists()):
        given = _asked()
    covered = as_authorities(given.patch)
    chosen = _chosen(given, covered)
    with open_store(archive, write=True) as store:
        place, link = str(store.place), _set_up(store, given, chosen)
    told = {"archive": archive, "patch": list(covered), "contact": given.contact}
    written = not given.is_empty and write(file, told)
    if as_json:
        print_json(
            {"archive": place, "settings": str(file) if written else None, "sources": chosen, "sign_in": link}
        )
        return
    say(f"The archive is ready: {place}")
    if written:
        say(f"The settings are in {file}.")
    elif covered or given.contact:
        warn(f"onrecord: {file} is there already and stays as it is; set patch and contact there")
    if chosen is not None:
        say(f"Crawled are {', '.join(chosen)}; all others are switched off.")
    if link:
        say(f"{given.user} can sign in, once, within a day, while `onrecord serve` runs:\n  {link}")


def _asked() -> "Founding":
    from onrecord.founding import Founding

    names = typer.prompt(
        "Which authorities do you cover? (names with commas; empty for all)", default="", show_default=False
    )
    contact = typer.prompt(
        "At which address can a site reach whoever crawls it?", default="", show_default=False
    )
    user = typer.prompt("Who will run the archive?", default="", show_default=False)
    return Founding(patch=tuple(names.split(",")), contact=contact or None, user=user or None)


def _chosen(given: "Founding", covered: tuple[str, ...]) -> list[str] | None:
    """The sources to crawl; None where nothing was said of it."""
    from crawler.sources import chosen
    from onrecord.commands.crawling import known
    from onrecord.founding import covering

    if given.sources:
        return list(chosen(known(), list(given.sources)))
    return list(covering(covered, (one.declared() for one in known().values()))) if covered else None


def _set_up(store: "Store", given: "Founding", chosen: list[str] | None) -> str | None:
    """Switch sources, and add the operator: the address by which they sign in."""
    from onrecord.commands.crawling import known

    base = (config.load().base_url or "http://127.0.0.1:8000").rstrip("/")
    with store.writing() as connection:
        for name, spider in known().items() if chosen is not None else ():
            stored.save(connection, spider.declared())
            stored.switch(connection, name, on=name in (chosen or ()))
        if given.user is None:
            return None
        user_id = people.add_user(connection, given.user, "operator", at=utc_now())
        return f"{base}/sign-in/{people.sign_in_link(connection, at=utc_now(), user_id=user_id)}"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
