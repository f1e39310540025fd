"""``onrecord evaluate``: how right the linker is on a folder of labelled articles."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord import config
from onrecord.options import Archive, Json, open_store, print_json, say
from storage.dates import utc_now
from storage.errors import OnRecordError

if TYPE_CHECKING:
    from linker.model import Model
    from linker.worlds import World

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="articles.jsonl, labels.jsonl, perhaps registers.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Where scores and curves go [default: beside the archive]."),
]
Baselines = Annotated[
    bool, typer.Option("--baselines", help="Also what other tools make of it (extra `baselines`).")
]
Why = Annotated[bool, typer.Option("--why", help="Show each error with its waterfall.")]


def evaluate(
    folder: Folder,
    *,
    baselines: Baselines = False,
    why: Why = False,
    out: Out = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Link a folder's articles and hold the links against its labels; the archive is not changed.

    A folder with registers is linked against them, unless an archive is named; else the archive's are taken.

    Example: onrecord evaluate labelled/ --archive newsroom.db
    """
    from linker import evaluate as evaluating
    from linker.explain import as_text

    world, model = _world(folder, archive)
    begin = time.process_time()
    evaluation = evaluating.evaluate(world, model)
    taken = time.process_time() - begin
    data = evaluation.as_data() | {"at": utc_now().isoformat()}
    if baselines:
        from linker.baselines import compared

        data["baselines"] = compared(world, evaluation.outcomes, taken)
    place = out or _beside(archive, world.name)
    before = _last(place)
    _keep(place, data)
    if as_json:
        print_json(data | {"before": before})
        return
    for line in lines(data, before):
        say(line)
    if why:
        for name, told in data["waterfalls"].items():
            say(f"\n== {name}: {'; '.join(data['errors'][name])}\n{as_text(told)}")
    say(f"\nScores and curves: {place}")


def lines(data: dict[str, Any], before: dict[str, Any] | None) -> list[str]:
    """The evaluation for a person."""
    told = [f"{data['folder']}: {data['articles']} articles, model {data['model']}", ""]
    told += [_figure(name, data, before) for name in data["figures"]]
    for what, name in (("best answers", "calibration"), ("silences", "calibration_of_silence")):
        told += ["", *_calibration(what, data[name])] if data[name] else []
    told += ["", *_risks(data["risk_coverage"])] if data["risk_coverage"] else []
    told += ["", *_table("by kind of article", data["strata"])]
    if "baselines" in data:
        told += ["", *_table("baselines", data["baselines"])]
    told += ["", f"Articles with errors: {len(data['errors'])}"]
    return told + [f"  {name}: {'; '.join(errors)}" for name, errors in data["errors"].items()]


def _world(folder: Path, archive: str | None) -> "tuple[World, Model]":
    """The folder's world, and the model in use in the archive, where there is one."""
    from linker import run
    from linker.model import Model
    from onrecord.labelled import has_registers, read_world

    if archive is None and has_registers(folder):
        return read_world(folder, None, at=utc_now()), Model()
    with open_store(archive) as store, store.reading() as connection:
        register, model = run.read_register(store, connection), run.model_in_use(connection)
    return read_world(folder, register, at=utc_now()), model


def _figure(name: str, data: dict[str, Any], before: dict[str, Any] | None) -> str:
    value, bounds = data["figures"][name], data["intervals"][name]
    if value is None:
        return f"{name:10}     –"
    then = before and before["figures"].get(name)
    moved = f"   {value - then:+.3f} against the last run" if then is not None and value != then else ""
    return f"{name:10} {value:.3f}   ({bounds[0]:.3f} to {bounds[1]:.3f}){moved}"


def _calibration(what: str, measured: dict[str, Any]) -> list[str]:
    ratio = measured["brier_ratio"]
    told = [
        f"calibration over {measured['count']} {what}: error {measured['error']:.3f}"
        f" (a perfect model of that size: below {measured['band']:.3f} 95 times in 100)",
        f"Brier {measured['brier']:.4f}, of the base rate's {measured['base_brier']:.4f}"
        + (f": {ratio:.2f}" if ratio is not None else ""),
        f"{'said':>8} {'right':>8} {'answers':>8}",
    ]
    return told + [f"{one['said']:8.3f} {one['right']:8.3f} {one['count']:8}" for one in measured["bins"]]


def _risks(risks: list[dict[str, Any]]) -> list[str]:
    """At each tenth of the answers, the surest first."""
    told = [f"{'coverage':>8} {'wrong':>8} {'down to':>8}"]
    for tenth in range(1, 11):
        one = next(risk for risk in risks if risk["coverage"] >= tenth / 10 - 1e-9)
        told.append(f"{one['coverage']:8.2f} {one['risk']:8.3f} {one['threshold']:8.3f}")
    return told


def _table(title: str, rows: dict[str, dict[str, Any]]) -> list[str]:
    columns = [*dict.fromkeys(name for row in rows.values() for name in row)]
    told = [f"{title:28}" + "".join(f"{name:>12}" for name in columns)]
    return told + [
        f"{name:28}" + "".join(f"{_cell(row.get(column)):>12}" for column in columns)
        for name, row in rows.items()
    ]


def _cell(value: float | str | None) -> str:
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _beside(archive: str | None, name: str) -> Path:
    """The folder of this world's evaluations beside the archive."""
    from storage.place import Place

    place = Place.of(archive or config.load().archive)
    return place.index.with_name(place.index.name.removesuffix(".index") + ".evaluation") / name


def _last(place: Path) -> dict[str, Any] | None:
    kept = place / "scores.json"
    if not kept.exists():
        return None
    told: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return {name: told[name] for name in ("model", "figures", "at") if name in told}


def _keep(place: Path, data: dict[str, Any]) -> None:
    from onrecord import curves

    files = {"scores.json": json.dumps(data, ensure_ascii=False, indent=1, default=str)}
    if data["calibration"]:
        files["reliability.svg"] = curves.reliability(data["calibration"])
        files["risk_coverage.svg"] = curves.risk_coverage(data["risk_coverage"])
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (place / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise OnRecordError(f"{place}: {(error.strerror or str(error)).lower()}; give --out DIR") from None


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(evaluate)
