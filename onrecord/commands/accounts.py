"""``onrecord user …`` and ``onrecord token …``: who may enter, and which programs."""

from typing import Annotated

import typer

from onrecord import config
from onrecord.options import Archive, Json, open_store, print_json, say
from storage import people
from storage.dates import utc_now

users = typer.Typer(name="user", help="People who may sign in.", no_args_is_help=True)
tokens = typer.Typer(name="token", help="Tokens for programs that read the API.", no_args_is_help=True)

Role = Annotated[str, typer.Option(help="reader, reviewer or operator.")]
Name = Annotated[str, typer.Argument(help="The person's name, as they sign in.")]


@users.command("add")
def add(
    name: Name,
    role: Role = "reader",
    archive: Archive = None,
    password: Annotated[bool, typer.Option("--password", help="Ask for a password now.")] = False,
    as_json: Json = False,
) -> None:
    """Add a person and print a one-time sign-in link.

    Example: onrecord user add "Ada Moss" --role reviewer
    """
    secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if password else None
    with open_store(archive, write=True) as store, store.writing() as connection:
        user_id = people.add_user(connection, name, people.as_role(role), at=utc_now(), password=secret)
        link = _address(people.sign_in_link(connection, at=utc_now(), user_id=user_id))
    _print_link(name, link, as_json=as_json)


@users.command("link")
def link(name: Name, archive: Archive = None, as_json: Json = False) -> None:
    """Print another one-time sign-in link for a person.

    Example: onrecord user link "Ada Moss"
    """
    with open_store(archive, write=True) as store, store.writing() as connection:
        user_id = people.find_user(connection, name)
        made = _address(people.sign_in_link(connection, at=utc_now(), user_id=user_id))
    _print_link(name, made, as_json=as_json)


@users.command("list")
def listed(archive: Archive = None, as_json: Json = False) -> None:
    """List the people who may sign in.

    Example: onrecord user list
    """
    with open_store(archive) as store, store.reading() as connection:
        found = people.list_users(connection)
    if as_json:
        print_json([dict(row._mapping) for row in found])
        return
    for row in found:
        say(f"{row.name}  {row.role}{'  (disabled)' if row.disabled else ''}")
    if not found:
        say("Nobody yet; `onrecord serve` prints a link for the first.")


@users.command("disable")
def disable(name: Name, archive: Archive = None, as_json: Json = False) -> None:
    """Close a person's account, sessions and tokens.

    Example: onrecord user disable "Ada Moss"
    """
    with open_store(archive, write=True) as store, store.writing() as connection:
        people.disable(connection, name, at=utc_now())
    if as_json:
        print_json({"disabled": name})
    else:
        say(f"{name} can no longer sign in.")


@tokens.command("add")
def add_token(
    role: Role = "reader",
    label: Annotated[str | None, typer.Option(help="What it is for, to know it again.")] = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Make a token for the API; it is shown once.

    Example: onrecord token add --role reader --label notebook --json
    """
    with open_store(archive, write=True) as store, store.writing() as connection:
        token = people.issue(connection, "token", people.as_role(role), at=utc_now(), label=label)
    if as_json:
        print_json({"token": token})
    else:
        say(f"{token}\nIt is shown this once. Send it as `Authorization: Bearer TOKEN`.")


@tokens.command("list")
def listed_tokens(archive: Archive = None, as_json: Json = False) -> None:
    """List the tokens and private addresses of feeds in force, by the id under which each can be revoked.

    Example: onrecord token list
    """
    with open_store(archive) as store, store.reading() as connection:
        found = people.list_tokens(connection)
    if as_json:
        print_json([dict(row._mapping) for row in found])
        return
    for row in found:
        whose = f"feed of {row.user}: {row.label}" if row.purpose == "feed" else row.label or "(no label)"
        say(f"{row.id}  {row.role}  {whose}  made {row.made_at:%Y-%m-%d}")
    if not found:
        say("No token is in force.")


@tokens.command("revoke")
def revoke(
    token: Annotated[str, typer.Argument(help="The token itself, or its id from `onrecord token list`.")],
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """End a token, or the private address of a feed, at once.

    Example: onrecord token revoke key-6t2m4n
    """
    with open_store(archive, write=True) as store, store.writing() as connection:
        now = utc_now()
        held = people.bearer(connection, "token", token, at=now) or people.bearer(
            connection, "feed", token, at=now
        )
        key_id = held.key_id if held else token
        people.end(connection, key_id, at=utc_now())
    if as_json:
        print_json({"revoked": key_id})
    else:
        say(f"{key_id} is revoked.")


def _address(secret: str) -> str:
    base = config.load().base_url or "http://127.0.0.1:8000"
    return f"{base.rstrip('/')}/sign-in/{secret}"


def _print_link(name: str, link: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"user": name, "sign_in": link})
    else:
        say(f"{name} can sign in, once, within a day:\n  {link}")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(users)
    app.add_typer(tokens)
