"""``onrecord backup`` and ``onrecord restore``: keep the archive, and get it back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord import config
from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn
from storage.dates import utc_now
from storage.errors import UsageMistake

if TYPE_CHECKING:
    from storage.backups.restoring import Restored
    from storage.place import Place

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of backups, best on another disk.")]


def backup(
    folder: Folder,
    *,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, metavar="N", help="Keep the newest N, remove older ones.")
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Remove older ones that hold what was erased since.")
    ] = False,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Back up the archive, its evidence, settings and sources, while everything runs.

    A takedown reaches the backups with --forget: older ones go once the new one is whole.

    Example: onrecord backup /mnt/backups --keep 14
    """
    from storage.backups import making

    with open_store(archive, evidence) as store:
        wanted = making.Wanted(at=utc_now(), also=_own_files(), keep=keep, forget=forget)
        made = making.back_up(store, folder, wanted)
    if as_json:
        print_json(_told(made))
    else:
        said = made.manifest
        say(f"{made.path}: {len(said.files):,} files, {said.size:,} bytes")
        if said.elsewhere:
            say(f"{len(said.elsewhere):,} WARC files are not in it: the evidence store alone holds them")
        for path in made.removed:
            say(f"removed: {path}")
    if made.outdated:
        count = len(made.outdated)
        warn(
            f"onrecord: {count} older backup{'s hold' if count > 1 else ' holds'} what was erased since;"
            " remove with `onrecord backup --forget`"
        )
    if made.manifest.damaged:
        count = len(made.manifest.damaged)
        warn(f"onrecord: {count} records were damaged in the archive already; run `onrecord evidence verify`")
        raise typer.Exit(1)


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="One backup, or their folder: the newest.")],
    *,
    into: Annotated[
        str | None,
        typer.Option("--into", metavar="PATH|URL", help="Where the archive goes [default: --archive's]."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where an archive is, which is moved aside.")
    ] = False,
    drill: Annotated[
        bool, typer.Option("--drill", help="Only prove it, in a place that is removed again.")
    ] = False,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Put a backup back: every byte is held against its manifest first, and swapped in at the end.

    Example: onrecord restore /mnt/backups --drill
    """
    from storage.backups import restoring
    from storage.place import Place
    from storage.store import Store

    chosen = restoring.chosen(folder)
    if drill:
        if force:
            raise UsageMistake("--drill replaces nothing; leave --force out")
        _drill(chosen, into, as_json=as_json)
        return
    settings = config.load()
    # A place of its own gets evidence of its own: the settings name that of the archive in use.
    place = Place.of(
        into or archive or settings.archive,
        evidence=evidence or (None if into else settings.evidence),
        objects=settings.evidence_store,
    )
    done = restoring.restore(chosen, place, at=utc_now(), force=force)
    Store(place, write=True).close()  # an older schema is brought up to date
    _tell_restored(done, place, chosen, as_json=as_json)


def _tell_restored(done: "Restored", place: "Place", chosen: Path, *, as_json: bool) -> None:
    if as_json:
        told = {"archive": str(place), "backup": chosen, "taken_at": done.manifest.taken_at}
        told |= {"aside": done.aside, "settings": done.settings, "erased_since": done.erased_since}
        print_json(told | {"elsewhere": done.manifest.elsewhere})
    else:
        say(f"{place} is as it was at {done.manifest.taken_at[:19]} UTC; `onrecord index` makes its index")
        if done.manifest.elsewhere:
            at = place.objects or "the evidence store, which is to be named as evidence_store"
            say(f"{len(done.manifest.elsewhere):,} WARC files were not in the backup: they lie in {at}")
        for path in done.aside:
            say(f"what was there lies in {path}")
        if done.settings:
            say(f"your settings and sources lie in {done.settings}; look at them and put them in their place")
    if done.erased_since:
        warn(
            "onrecord: these were erased after the backup and are back; erase them again: "
            + ", ".join(done.erased_since)
        )
        raise typer.Exit(1)


def _drill(chosen: Path, into: str | None, *, as_json: bool) -> None:
    from onrecord.drilling import drill

    found = drill(chosen, into=into, objects=config.load().evidence_store)
    if as_json:
        print_json({"backup": chosen, "passed": found.passed, "proofs": [vars(one) for one in found.proofs]})
    else:
        for proof in found.proofs:
            (warn if proof.fault else say)(f"{proof.what}: {proof.fault or proof.told}")
        say(f"{chosen} {'would give the archive back' if found.passed else 'failed; make another backup'}")
    if not found.passed:
        raise typer.Exit(1)


def _told(made: Any) -> dict[str, Any]:
    said = made.manifest
    return {
        "backup": made.path,
        "files": len(said.files),
        "bytes": said.size,
        "changes": said.changes,
        "damaged": said.damaged,
        "elsewhere": said.elsewhere,
        "outdated": made.outdated,
        "removed": made.removed,
    }


def _own_files() -> dict[str, Path]:
    """The settings file and the newsroom's own sources, by their names in the backup."""
    found = {}
    if config.file_in_use().is_file():
        found["settings/onrecord.toml"] = config.file_in_use()
    for path in sorted(Path(config.load().sources).glob("[!.]*.py")):
        found[f"sources/{path.name}"] = path
    return found


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(backup)
    app.command()(restore)
