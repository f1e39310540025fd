"""``onrecord import register|inspections|changes``: the tables that regulators publish."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.importing import import_app
from onrecord.options import Archive, Json, open_store, print_json, say, warn
from storage.dates import utc_now
from storage.errors import OnRecordError, RefusedFile, UsageMistake

if TYPE_CHECKING:
    from crawler.regulators.taking import Taken

Files = Annotated[list[Path], typer.Argument(metavar="FILE …", help="CSV, XLSX or ODS.")]
RegulatorName = Annotated[str, typer.Option("--regulator", metavar="NAME", help="Whose table it is.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day the register shows, ISO.")]
Accept = Annotated[bool, typer.Option("--accept", help="Take it although many settings fell away.")]

_MOST = 200 * 2**20  # bytes; the largest yearly workbook so far has 3 MB


def register_table(
    files: Files,
    *,
    regulator: RegulatorName,
    as_of: AsOf,
    accept: Accept = False,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Take a snapshot of a register: what it lacks has left it.

    Example: onrecord import register register-2025.csv --regulator ofsted --as-of 2025-03-31
    """
    day = _day(as_of)
    _report(_import("register", files, regulator, archive, day=day, accept=accept, quiet=as_json), as_json)


def inspections(
    files: Files, *, regulator: RegulatorName, archive: Archive = None, as_json: Json = False
) -> None:
    """Take a table of inspections, one row each.

    Example: onrecord import inspections in-year-2024-25.csv --regulator ofsted
    """
    _report(_import("inspections", files, regulator, archive, quiet=as_json), as_json)


def changes(
    files: Files, *, regulator: RegulatorName, archive: Archive = None, as_json: Json = False
) -> None:
    """Take a list of openings and closings (joiners and leavers); never a snapshot.

    Example: onrecord import changes joiners-leavers-2025.csv --regulator ofsted
    """
    _report(_import("changes", files, regulator, archive, quiet=as_json), as_json)


def _import(
    kind: str,
    files: list[Path],
    regulator: str,
    archive: str | None,
    *,
    day: dt.date | None = None,
    accept: bool = False,
    quiet: bool,
) -> list[dict[str, Any]]:
    """Take each file by itself; one that is refused does not keep the others out."""
    from crawler.regulators import taking
    from crawler.regulators.registry import regulator_named

    take = {
        "register": taking.take_register,
        "inspections": taking.take_inspections,
        "changes": taking.take_changes,
    }[kind]
    declared, told = regulator_named(regulator), []
    with open_store(archive, write=True) as store:
        for path in files:
            try:
                file = taking.File(
                    name=path.name, content=_content(path), regulator=declared, as_of=day, accept=accept
                )
                taken = take(store, file, utc_now())
            except OnRecordError as error:
                warn(f"onrecord: {error}")
                told.append({"name": path.name, "refused": str(error)})
                continue
            told.append(_told(taken))
            if not quiet:
                _say(taken)
    return told


def _report(told: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(told)
    if any("refused" in one for one in told):
        raise typer.Exit(1)


def _say(taken: "Taken") -> None:
    say(_line(taken))
    for warning in _warnings(taken):
        warn(f"  {warning}")


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST:
            raise RefusedFile(path.name, f"is larger than {_MOST >> 20} MB, which no register is")
        return path.read_bytes()
    except OSError as error:
        raise OnRecordError(f"{path}: {(error.strerror or str(error)).lower()}") from None


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageMistake(f"--as-of {text}: give the day as 2025-03-31") from None


def _told(taken: "Taken") -> dict[str, Any]:
    return vars(taken) | {"as_of": taken.as_of and taken.as_of.isoformat()}


def _line(taken: "Taken") -> str:
    if not taken.new:
        twin = taken.findings.get("same_as")
        return f"{taken.name}: already imported" + (f", as {twin}" if twin and twin != taken.name else "")
    counts = [
        f"{count:,} {noun}"
        for count, noun in (
            (taken.settings, "settings"),
            (taken.inspections, "inspections"),
            (taken.changes, "openings and closings"),
        )
        if count
    ]
    aside = f", {len(taken.rejected)} of {taken.rows_read:,} rows set aside" if taken.rejected else ""
    return f"{taken.name}: {', '.join(counts)}{aside}"


def _warnings(taken: "Taken") -> list[str]:
    """What a person should know of a file that was taken all the same."""
    found = taken.findings if taken.new else {}
    warnings = []
    if unplaced := found.get("unplaced"):
        warnings.append(f"columns not known here, not kept: {', '.join(unplaced)}")
    for heading, field in found.get("guessed", {}).items():
        warnings.append(f"column “{heading}” read as {field.replace('_', ' ')}")
    if left := found.get("sheets_left"):
        warnings.append(f"sheets left: {', '.join(left)}")
    if words := found.get("unknown_words"):
        warnings.append(
            "words not known here: " + "; ".join(f"{name}: {', '.join(said)}" for name, said in words.items())
        )
    day = found.get("title_day")
    if day and taken.kind == "register" and str(taken.as_of) != day:
        warnings.append(f"its title says as at {day}, it was taken as at {taken.as_of}")
    return warnings


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    import_app.command("register")(register_table)
    import_app.command("inspections")(inspections)
    import_app.command("changes")(changes)
