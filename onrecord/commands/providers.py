"""``onrecord provider``: what a provider is also called, its group, and which providers are one."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from onrecord.importing import content_of
from onrecord.options import Archive, Json, open_store, print_json, say, warn
from storage.dates import utc_now
from storage.errors import UsageMistake

_MOST = 20 * 2**20  # bytes of a file

provider_app = typer.Typer(
    name="provider", help="Names, groups, merges and splits of providers, by hand.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A registered name, or the provider's id.")]
OptionalName = Annotated[str | None, typer.Argument(metavar="[NAME", help="A registered name or id.")]
OptionalAlias = Annotated[str | None, typer.Argument(metavar="ALIAS]", help="What it is also called.")]
Group = Annotated[str, typer.Argument(metavar="GROUP", help="The group it belongs to.")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="The provider that is the same one.")]
Spellings = Annotated[list[str], typer.Argument(metavar="SPELLING …", help="Names that are another's.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, for whoever reads it later.")]
Number = Annotated[int, typer.Argument(metavar="DECISION", help="Its number, as `decisions` shows it.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take the name away again.")]
File = Annotated[
    Path | None,
    typer.Option("--file", metavar="FILE", help="Many at once: CSV with provider, name, kind; or TOML."),
]


@provider_app.command()
def alias(
    name: OptionalName = None,
    alias: OptionalAlias = None,
    *,
    file: File = None,
    remove: Remove = False,
    archive: Archive = None,
) -> None:
    """Tell what else a provider is called; a file replaces what it said before.

    Example: onrecord provider alias "Larkspur Homes Limited" "Larkspur Young Futures"
    """
    if file is not None and name is None:
        _take_file(file, archive)
    elif name and alias and file is None:
        _set(name, alias, "alias", remove=remove, archive=archive)
    else:
        raise UsageMistake("give a provider's name and its alias, or --file FILE")


@provider_app.command()
def group(name: Name, group: Group, *, remove: Remove = False, archive: Archive = None) -> None:
    """Tell which group a provider belongs to; the press often names only the group.

    Example: onrecord provider group "Larkspur Homes Limited" "The Meadow Group"
    """
    _set(name, group, "group", remove=remove, archive=archive)


@provider_app.command()
def merge(name: Name, other: Other, *, reason: Reason = None, archive: Archive = None) -> None:
    """Make two providers one, under the first; registers imported later keep to it.

    Example: onrecord provider merge "Larkspur Homes Limited" "Larkspur Homes (North) Ltd"
    """
    from storage import aliases, regrouping

    with open_store(archive, write=True) as store, store.writing() as connection:
        ids = aliases.find(connection, name), aliases.find(connection, other)
        seq = regrouping.merge(connection, *ids, (getpass.getuser(), utc_now(), reason))
    say(f"decision {seq}: one provider; `onrecord provider undo {seq}` takes it back")


@provider_app.command()
def split(name: Name, spellings: Spellings, *, reason: Reason = None, archive: Archive = None) -> None:
    """Make a provider of its own of some spellings of another.

    Example: onrecord provider split "Larkspur Homes Limited" "Larkspur Home Ltd"
    """
    from storage import aliases, regrouping

    with open_store(archive, write=True) as store, store.writing() as connection:
        id_ = aliases.find(connection, name)
        seq = regrouping.split(connection, id_, spellings, (getpass.getuser(), utc_now(), reason))
    say(f"decision {seq}: two providers; `onrecord provider undo {seq}` takes it back")


@provider_app.command()
def undo(decision: Number, *, archive: Archive = None) -> None:
    """Take a merge or split back.

    Example: onrecord provider undo 2
    """
    from storage import regrouping

    with open_store(archive, write=True) as store, store.writing() as connection:
        regrouping.undo(connection, decision, (getpass.getuser(), utc_now(), None))
    say(f"decision {decision} undone")


@provider_app.command()
def decisions(*, archive: Archive = None, as_json: Json = False) -> None:
    """List what people decided on providers.

    Example: onrecord provider decisions
    """
    from storage import regrouping

    with open_store(archive) as store, store.reading() as connection:
        kept = regrouping.decisions(connection)
    if as_json:
        print_json(kept)
        return
    for one in kept:
        told = f"undo {one['undoes']}" if one["undoes"] else f"{one['decision']}: {'; '.join(one['names'])}"
        undone = "  (undone)" if one["undone"] else ""
        say(f"{one['seq']}  {one['at']:%Y-%m-%d}  {one['who']}  {told}{undone}")


def _set(name: str, other: str, kind: str, *, remove: bool, archive: str | None) -> None:
    from storage import aliases

    told = aliases.Alias(provider=name, name=other, kind="group" if kind == "group" else "alias")
    with open_store(archive, write=True) as store, store.writing() as connection:
        if remove:
            aliases.remove(connection, told, at=utc_now())
            new = True
        else:
            new = aliases.add(connection, told, origin=getpass.getuser(), at=utc_now())
    say(f"{other}: {'taken away' if remove else 'kept' if new else 'known already'}")


def _take_file(path: Path, archive: str | None) -> None:
    from onrecord import aliasfile
    from storage import aliases

    content = content_of(path, most=_MOST, what="file of names")
    told = aliasfile.read(path.name, content)
    with open_store(archive, write=True) as store, store.writing() as connection:
        taken = aliases.replace_file(connection, told, origin=f"file {path.name}", at=utc_now())
    say(f"{path.name}: {taken.added:,} names added, {taken.removed:,} taken away, {len(told):,} in all")
    for name in taken.unknown:
        warn(f"  no provider is registered as {name!r}; its names wait for the next `provider alias --file`")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(provider_app)
