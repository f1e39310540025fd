"""``onrecord audit``: whether the logs of decisions are as they were written."""

from typing import Annotated

import typer

from onrecord.options import Archive, Json, open_store, print_json, say, warn
from storage.errors import UsageMistake

audit_app = typer.Typer(name="audit", help="The logs of what people decided and did.", no_args_is_help=True)

Expected = Annotated[
    list[str] | None,
    typer.Option(
        "--expect", metavar="HASH", help="A newest hash that was printed before and kept elsewhere."
    ),
]


@audit_app.command()
def verify(*, expect: Expected = None, archive: Archive = None, as_json: Json = False) -> None:
    """Follow each log row by row; name the first row that was changed, taken out or moved.

    Who can write the archive can also write a whole new log: keep the newest hash elsewhere, and give it
    with --expect to see that the log still holds it. Exit status 1 where anything does not fit.

    Example: onrecord audit verify --expect 3f1c…
    """
    from storage import audit

    wanted = [_hash(one) for one in expect or ()]
    with open_store(archive) as store, store.reading() as connection:
        verdicts = audit.verify(connection)
        missing = [one for one in wanted if not audit.holds(connection, one)]
    sound = all(one.sound for one in verdicts.values()) and not missing
    if as_json:
        logs = {name: vars(one) | {"sound": one.sound} for name, one in verdicts.items()}
        print_json({"sound": sound, "logs": logs, "missing": missing})
    else:
        for name, one in verdicts.items():
            say(f"{name}: {one.rows:,} rows hold{f', the newest {one.newest}' if one.rows else ''}")
            if not one.sound:
                warn(f"onrecord: {name}: row {one.bad_seq} is bad: {one.fault}")
        for one_hash in missing:
            warn(f"onrecord: no log holds {one_hash}: rows were taken out, or a log was written anew")
    if not sound:
        raise typer.Exit(1)


def _hash(text: str) -> str:
    lowered = text.strip().lower()
    if len(lowered) != 64 or set(lowered) - set("0123456789abcdef"):
        raise UsageMistake(
            f"{text!r} is no hash; `onrecord audit verify` prints them, 64 letters and digits each"
        )
    return lowered


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(audit_app)
