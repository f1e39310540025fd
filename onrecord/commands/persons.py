"""``onrecord person``: answers what a person asks who is named in the archive."""

import getpass
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.indexing import index_now
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn
from storage.dates import utc_now
from storage.errors import UsageMistake

if TYPE_CHECKING:
    from storage.store import Store
    from storage.subjects.erasing import Erasure
    from storage.subjects.names import Name
    from storage.subjects.standing import Standing

person_app = typer.Typer(
    name="person", help="Where a person is named, and what of it is erased.", no_args_is_help=True
)

Whom = Annotated[str, typer.Argument(metavar="NAME", help='A whole name, such as "Rowan Ash".')]
Also = Annotated[
    list[str] | None,
    typer.Option("--also", metavar="NAME", help='Another way it is written, such as "Ms Ash"; repeatable.'),
]
InEvidence = Annotated[
    bool, typer.Option("--in-evidence", help="Read the captured reports too, which hold the people blocks.")
]
Keep = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="ID", help="An item to leave as it is, such as another's of that name."),
]


@person_app.command()
def find(
    name: Whom,
    *,
    also: Also = None,
    in_evidence: InEvidence = False,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Tell where a person's name stands, what of it may be erased, and what stays and why.

    Example: onrecord person find "Rowan Ash" --also "Ms Ash" --in-evidence
    """
    names = _names(name, also)
    with open_store(archive, evidence) as store:
        found, filed = _found(store, names, in_evidence=in_evidence)
    if as_json:
        print_json([_line(one) for one in found] + [_filed(*one) for one in filed])
        return
    _tell(found, filed, in_evidence=in_evidence)


@person_app.command()
def erase(
    name: Whom,
    *,
    also: Also = None,
    keep: Keep = None,
    in_evidence: InEvidence = False,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the log; without the name.")] = "",
    really: Annotated[
        bool, typer.Option("--yes", help="Do it; without, only what would change is told.")
    ] = False,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Black a person's name out wherever it may be erased; only told of, unless you say --yes.

    With --in-evidence the captured bytes of these items are erased too, whole. It cannot be undone.

    Example: onrecord person erase "Rowan Ash" --keep article-6t2m4n --reason "asked on 3 March" --yes
    """
    from storage import sealing
    from storage.subjects import erasing

    names, kept = _names(name, also), frozenset(keep or ())
    with open_store(archive, evidence, write=really) as store:
        found, filed = _found(store, names, in_evidence=in_evidence)
        _refuse_unknown(kept, {one.about for one in found} | {about for about, _ in filed})
        if not really:
            going = [one for one in found if erasing.goes(one, kept)]
            _tell_dry(going, [one for one in filed if one[0] not in kept], as_json=as_json)
            return
        asked = erasing.Request(
            reason=reason, who=getpass.getuser(), at=utc_now(), keep=kept, seal=in_evidence
        )
        with store.writing() as connection:
            also_sealed = [("report", about) for about, times in filed if times > 0]
            made = erasing.erase(connection, names, found, asked, also_sealed=also_sealed)
        whole = sealing.finish(store)
        index_now(store)
    _tell_erased(made, whole=whole, as_json=as_json)


def _refuse_unknown(kept: frozenset[str], known: set[str]) -> None:
    if unknown := sorted(kept - known):
        raise UsageMistake(f"{unknown[0]} does not name that person; `onrecord person find` lists what does")


def _tell_erased(made: "Erasure", *, whole: bool, as_json: bool) -> None:
    told = {"erasure": made.id, "values": made.values, "items": [about for _, about in made.items]}
    told |= {"sealed_records": len(made.sealed), "complete": whole}
    if as_json:
        print_json(told)
    else:
        say(
            f"{made.id}: {made.values} values changed in {len(made.items)} items;"
            f" {len(made.sealed)} records sealed"
        )
    if not whole:
        warn(
            "onrecord: another process still reads the archive as it was, or the evidence store is away;"
            " end with `onrecord orders --finish`"
        )
        raise typer.Exit(1)


def _names(name: str, also: Iterable[str] | None) -> list["Name"]:
    from storage.subjects.names import name_of

    return [name_of(one) for one in (name, *(also or ()))]


def _found(
    store: "Store", names: list["Name"], *, in_evidence: bool
) -> tuple[list["Standing"], list[tuple[str, int]]]:
    """Where it stands in the database, and in which captured reports, where these are to be read."""
    from storage.subjects.standing import standing

    with store.reading() as connection:
        found = standing(connection, names)
    if not in_evidence:
        return found, []
    from onrecord.naming import reports_naming

    return found, list(reports_naming(store, names))


def _line(one: "Standing") -> dict[str, Any]:
    return {
        "item": one.place.item,
        "id": one.about,
        "where": one.place.told,
        "times": one.times,
        "context": one.context,
        "stays": one.place.stays,
    }


def _filed(about: str, times: int) -> dict[str, Any]:
    stays = "with --in-evidence its captured bytes are erased" if times > 0 else "its file cannot be read"
    return {"item": "report", "id": about, "where": "captured file", "times": max(times, 0), "stays": stays}


def _tell(found: list["Standing"], filed: list[tuple[str, int]], *, in_evidence: bool) -> None:
    items: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in found:
        items[one.place.item, one.about].append(one)
    for (item, about), values in sorted(items.items()):
        say(f"{item} {about}")
        for one in values:
            stays = f"stays: {one.place.stays}" if one.place.stays else "may be erased"
            say(f"  {one.place.told}, {one.times}×: {stays}")
            say(f"    {one.context}")
    for about, times in filed:
        say(f"report {about}\n  captured file: {_filed(about, times)['stays']}")
    if not items and not filed:
        say("The name stands nowhere in the archive.")
    if not in_evidence:
        say("The captured bytes were not read: --in-evidence looks into every captured report.")


def _tell_dry(going: list["Standing"], filed: list[tuple[str, int]], *, as_json: bool) -> None:
    lines = [_line(one) for one in going] + [_filed(*one) for one in filed]
    if as_json:
        print_json({"would_change": lines})
        return
    for line in lines:
        say(f"{line['item']} {line['id']}: {line['where']}, {line['times']}×")
    say(f"{len(lines)} values would change. Nothing was changed: say --yes, and --reason, to do it.")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(person_app)
