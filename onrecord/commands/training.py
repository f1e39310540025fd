"""``onrecord train``: fit the linker's model on labelled folders and on people's judgements."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.options import Archive, Json, open_store, print_json, say
from onrecord.spread_options import Processes, Scheduler, crew_for
from storage.dates import utc_now
from storage.errors import UsageMistake

if TYPE_CHECKING:
    from linker.train import Training
    from linker.worlds import World
    from storage.store import Store

Folders = Annotated[
    list[Path] | None, typer.Argument(metavar="[DIR …]", help="Labelled folders, beside the judgements.")
]
Precision = Annotated[
    float, typer.Option("--precision", metavar="SHARE", help="What the threshold is to reach.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Fit and score, but go on with the model in use.")]
Defaults = Annotated[bool, typer.Option("--defaults", help="Go back to the weights the program came with.")]


def train(
    folders: Folders = None,
    *,
    precision: Precision = 0.99,
    dry_run: DryRun = False,
    defaults: Defaults = False,
    scheduler: Scheduler = None,
    processes: Processes = 1,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Fit weights, calibration and threshold; `link` uses the model from then on.

    Every part of the labels is held out in turn; a model that does worse there than before is refused.

    Example: onrecord train labelled/ --precision 0.99
    """
    from linker import run
    from linker import train as training

    if not 0.5 <= precision <= 1:
        raise UsageMistake(f"--precision {precision}: give a share between 0.5 and 1")
    at = utc_now()
    with open_store(archive, write=True) as store:
        if defaults:
            run.use_defaults(store)
            say("Links are made by the weights the program came with.")
            return
        with store.reading() as connection:
            base = run.model_in_use(connection)
        name = f"fitted-{at:%Y-%m-%d}"
        worlds = _worlds(store, folders or [])
        with crew_for(scheduler, processes) as crew:
            by = crew.map if crew else training.in_turn
            fitted = training.train(worlds, base, name=name, precision=precision, by=by)
        data = fitted.as_data()
        if not dry_run:
            run.use_model(store, fitted.model, data["held_out"], at=at)
    if as_json:
        print_json(data)
        return
    for line in _lines(fitted, data, precision):
        say(line)
    say("Not kept." if dry_run else f"Links are made by {fitted.model.version} from now on.")


def _worlds(store: "Store", folders: list[Path]) -> "list[World]":
    """The folders' worlds, and the archive's own where people judged links."""
    from linker import run
    from linker.worlds import World
    from onrecord.labelled import has_registers, read_world

    judged = run.judged(store)
    own = judged or any(not has_registers(folder) for folder in folders)
    with store.reading() as connection:
        register = run.read_register(store, connection) if own else None
    worlds = [
        read_world(folder, None if has_registers(folder) else register, at=utc_now()) for folder in folders
    ]
    if judged and register:
        worlds.append(World(name="judgements", register=register, told=judged))
    return worlds


def _lines(fitted: "Training", data: dict[str, Any], precision: float) -> list[str]:
    told = [f"{data['model']}, on {data['fitted_on']}", "", f"{'':24}{'held out':>12}{'in use':>12}"]
    for name, value in data["held_out"]["figures"].items():
        told.append(f"{name:24}{_cell(value):>12}{_cell(data['in_use']['figures'][name]):>12}")
    for name in ("error", "band", "brier", "brier_ratio"):
        values = [_cell((data[one]["calibration"] or {}).get(name)) for one in ("held_out", "in_use")]
        told.append(f"{'best answers: ' + name:24}{values[0]:>12}{values[1]:>12}")
    told += ["", f"{'threshold':>10}{'precision':>11}{'95 % interval':>18}{'recall':>8}"]
    for threshold, marks in data["thresholds"].items():
        chosen = " <" if float(threshold) == fitted.model.certain else ""
        low, high = marks["precision_interval"] or (0.0, 1.0)
        shares = marks["figures"]
        told.append(
            f"{threshold:>10}{_cell(shares['precision']):>11}{f'{low:.3f} to {high:.3f}':>18}"
            f"{_cell(shares['recall']):>8}{chosen}"
        )
    if not fitted.reached:
        told.append(f"No threshold reaches a precision of {precision}; the nearest was taken.")
    return [*told, ""]


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(train)
