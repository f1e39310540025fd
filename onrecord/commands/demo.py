"""``onrecord demo``: a small fictional press and regulator, crawled, linked and served."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from onrecord.options import Archive, Json, print_json, say
from storage.errors import UsageMistake
from storage.place import Place
from storage.store import Store

if TYPE_CHECKING:
    from onrecord.demo.making import Watcher
    from onrecord.demo.server import Web

_ARCHIVE: Final = "onrecord-demo/archive.db"


def demo(
    *,
    port: Annotated[
        int, typer.Option(min=1, max=65_500, help="The archive's port; the demo's web takes the next five.")
    ] = 8000,
    once: Annotated[bool, typer.Option("--once", help="Stop after linking; serve nothing.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the demo's archive away first.")] = False,
    labelled: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Only write the demo's world there, for `onrecord evaluate DIR`."),
    ] = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Crawl a small fictional press and regulator, link, and serve the archive.

    The archive is ./onrecord-demo/archive.db unless --archive or ONRECORD_ARCHIVE says otherwise; it is
    never mixed with a newsroom's own. What onrecord.toml says of the public view, alerts, reviewing and
    searching holds for the demo too.

    Example: onrecord demo --port 8600
    """
    from archive import serving
    from onrecord import config
    from onrecord.demo.server import serving as serving_web
    from onrecord.demo.web import web as the_web
    from onrecord.settled import ways

    if labelled:
        _write_labelled(labelled, as_json=as_json)
        return
    place = Place.of(archive or os.environ.get("ONRECORD_ARCHIVE") or _ARCHIVE)
    address = serving.Address(port=port)
    # Its links lead to itself, whatever address a newsroom's own archive has.
    settled = ways(config.load().model_copy(update={"base_url": address.url}))
    if not once:
        with serving.listening(address):
            pass  # better told now than after the crawl
    with serving_web(the_web(), 0 if once else port + 1) as web, _opened(place, fresh=fresh) as store:
        _make(store, web, as_json=as_json)
        if once:
            return
        serving.serve(
            store,
            address,
            on_ready=lambda url: _welcome(store, web, url),
            served_at=web.addresses,
            ways=settled,
        )


def _write_labelled(folder: Path, *, as_json: bool) -> None:
    from onrecord.demo.labelled import write_labelled

    try:
        write_labelled(folder)
    except OSError as error:
        raise UsageMistake(f"{folder} cannot be written to ({error.strerror})") from None
    if as_json:
        print_json({"folder": str(folder)})
    else:
        say(f"Written. Score the linker on it: onrecord evaluate {folder}")


@contextlib.contextmanager
def _opened(place: Place, *, fresh: bool) -> Iterator[Store]:
    """The demo's archive, never a newsroom's; emptied first where that was asked for."""
    from onrecord.demo.making import refuse_a_newsrooms

    if fresh and place.path is None:
        raise UsageMistake("--fresh throws files away; empty the PostgreSQL database by hand")
    if fresh and place.path and place.path.exists():
        with Store(place) as store:
            refuse_a_newsrooms(store)
        _throw_away(place)
    with Store(place, write=True) as store:
        refuse_a_newsrooms(store)
        yield store


def _throw_away(place: Place) -> None:
    assert place.path is not None
    for folder in (place.index, place.evidence, place.quotations):
        shutil.rmtree(folder, ignore_errors=True)
    for ending in ("", "-wal", "-shm"):
        Path(f"{place.path}{ending}").unlink(missing_ok=True)


def _make(store: Store, web: "Web", *, as_json: bool) -> None:
    """Make the archive unless it is made, and print what it holds."""
    from onrecord.demo.making import is_made, make
    from onrecord.demo.summary import contents

    begun, made = time.monotonic(), is_made(store)
    if not made:
        with _watched() as watcher:
            make(store, web, watcher)
    seconds = round(time.monotonic() - begun, 1)
    held = contents(store)
    if as_json:
        print_json({"archive": str(store.place), "made_now": not made, "seconds": seconds, **held.as_json()})
        return
    say("The demo was made before; --fresh starts over." if made else f"Made in {seconds} s.")
    say(f"  Archive: {store.place}")
    for line in held.lines():
        say(f"  {line}")


@contextlib.contextmanager
def _watched() -> Iterator["Watcher"]:
    """A progress bar on a terminal; silence elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from onrecord.demo.making import PAGES, Watcher

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("pages"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("Starting", total=PAGES)
        yield Watcher(
            step=lambda what: progress.update(task, description=what),
            page=lambda: progress.advance(task),
        )


def _welcome(store: Store, web: "Web", url: str) -> None:
    from storage import people
    from storage.dates import utc_now

    with store.writing() as connection:
        users = people.list_users(connection)
        secret = people.sign_in_link(connection, at=utc_now(), user_id=users[0].id if users else None)
    say("\nThe papers and the regulator that were crawled:")
    for host, served_at in web.addresses.items():
        say(f"  http://{served_at}/  {host}")
    say(f"\nThe archive is at {url}  (Ctrl-C ends everything)")
    say(f"Sign in with this link, once, within a day:\n\n  {url}/sign-in/{secret}\n")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(demo)
