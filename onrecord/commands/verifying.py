"""``onrecord verify``: whether the whole archive is as it was written."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.options import Archive, EvidenceAt, Json, open_store, print_json, say, warn
from storage.dates import utc_now

if TYPE_CHECKING:
    from storage.soundness import Finding
    from storage.store import Store


def verify(
    *,
    share: Annotated[
        float | None,
        typer.Option(
            "--share", min=0.0, max=1.0, metavar="PART", help="Only the next share of the WARC files."
        ),
    ] = None,
    backup: Annotated[
        Path | None,
        typer.Option("--backup", metavar="DIR", help="A backup, or a folder of them, and no archive."),
    ] = None,
    archive: Archive = None,
    evidence: EvidenceAt = None,
    as_json: Json = False,
) -> None:
    """Check the archive: every page, tables, logs, WARC files, index, quotations; say what to do.

    Example: onrecord verify --share 0.1
    """
    files = None
    if backup is not None:
        from storage.backups import checking

        found = list(checking.backups(backup))
    else:
        found, files = _of_archive(archive, evidence, share)
    what = "The archive is" if backup is None else "Every backup is"
    if as_json:
        told = {"sound": not found, "findings": [asdict(one) for one in found]}
        print_json(told | ({} if files is None else {"warc_files": files}))
    else:
        for one in found:
            warn(f"onrecord: {one.check}: {one.what}; {one.do}")
        read = "" if files is None else f" (of the WARC files, {len(files)} this time)"
        say(f"{len(found)} findings{read}" if found else f"{what} sound{read}.")
    if found:
        raise typer.Exit(1)


def _of_archive(
    archive: str | None, evidence: str | None, share: float | None
) -> "tuple[list[Finding], list[str] | None]":
    from storage import soundness

    with open_store(archive, evidence, write=share is not None) as store:
        files = None
        if share is not None:
            with store.reading() as connection:
                files = soundness.next_portion(connection, share)
        found = list(_findings(store, files))
        if files is not None:
            with store.writing() as connection:
                soundness.keep_portion(connection, files, len(found), at=utc_now())
    return found, files


def _findings(store: "Store", files: list[str] | None) -> Iterator["Finding"]:
    from linker.stored import kept_quotations
    from storage import soundness
    from storage.evidence import EvidenceFolder

    folder = EvidenceFolder.of(store.place)
    with store.reading() as connection:
        for name, findings in (
            ("database", soundness.database(connection)),
            ("tables", soundness.orphans(connection)),
            ("logs", soundness.logs(connection)),
            ("evidence", soundness.evidence(connection, folder, files)),
            ("quotations", kept_quotations.check(store, connection)),
        ):
            yield from soundness.readable(name, findings)
    yield from soundness.readable("evidence", soundness.strange(store))
    yield from soundness.readable("index", soundness.index(store))


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(verify)
