"""``onrecord archive``: the archive as a whole, copied from one engine to the other."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord import config
from onrecord.options import EvidenceAt, Json, print_json, say, warn

if TYPE_CHECKING:
    from storage.copying.comparing import Compared
    from storage.place import Place

archive_app = typer.Typer(name="archive", help="The archive as a whole.", no_args_is_help=True)


@archive_app.command("copy")
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The archive: a path or a URL.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty place: a path or a URL.")],
    *,
    verify: Annotated[
        bool, typer.Option("--verify", help="Copy nothing; hold the two archives against each other.")
    ] = False,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Copy all records into another archive, of either engine, and hold the copy against them.

    It is the archive of the moment at which the command begins; others may go on writing, and what they write
    is not in it. Stopped, it goes on where it was when it is repeated, and ends as FROM is by then. Until it
    has ended no command opens TO.

    Example: onrecord archive copy onrecord.db postgresql://localhost/onrecord
    """
    from storage.copying import making
    from storage.copying.target import named
    from storage.place import Place
    from storage.store import Store

    kept = evidence or config.load().evidence
    there, behind = Place.of(target, evidence=kept), False
    with Store.at(source, evidence=kept) as store:
        if verify:
            with Store(there) as other:
                tables = making.compare(store, other)
        else:
            done = making.copy(store, there)
            tables, behind = done.tables, done.behind
        here = store.place
    if as_json:
        print_json(_as_json(tables, here, there, behind=behind))
    else:
        _tell(tables)
        if behind:
            warn(f"onrecord: {named(here)} was written to meanwhile; the copy has nothing of that")
        if not verify and all(one.equal for one in tables):
            _tell_the_rest(here, there)
    if wrong := [one.table for one in tables if not one.equal]:
        warn(f"onrecord: {named(there)} differs from {named(here)} in {', '.join(wrong)}")
        raise typer.Exit(1)


def _tell(tables: Sequence["Compared"]) -> None:
    say(f"{'table':20} {'rows':>11} {'in the copy':>11}  digest")
    for one in tables:
        if not one.equal:
            say(f"{one.table:20} {one.rows[0]:11,} {one.rows[1]:11,}  other from {one.first} on")
        elif one.rows[0]:
            say(f"{one.table:20} {one.rows[0]:11,} {one.rows[1]:11,}  {one.digests[0][:16]}")
    same, rows = (
        [one for one in tables if one.equal],
        [sum(one.rows[side] for one in tables) for side in (0, 1)],
    )
    say(f"{'all':20} {rows[0]:11,} {rows[1]:11,}  {len(same)} of {len(tables)} tables are equal")


def _tell_the_rest(here: "Place", there: "Place") -> None:
    if here.evidence == there.evidence:
        say(f"The evidence stays in {here.evidence}.")
    else:
        say(f"The evidence lies in {here.evidence}:")
        say(f"copy that folder to {there.evidence}, or name it with --evidence.")
    say("The search index and the reports' words are made anew from the copy; `onrecord index` begins.")


def _as_json(
    tables: Sequence["Compared"], here: "Place", there: "Place", *, behind: bool
) -> dict[str, object]:
    return {
        "equal": all(one.equal for one in tables),
        "written_to_meanwhile": behind,
        "rows": sum(one.rows[0] for one in tables),
        "tables": [asdict(one) | {"equal": one.equal} for one in tables],
        "evidence": {"source": here.evidence, "target": there.evidence},
    }


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(archive_app)
