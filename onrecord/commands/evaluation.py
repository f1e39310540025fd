"""``onrecord evaluate``: how right the linker is on a folder of labelled articles."""

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onrecord.options import Archive, Json, open_store, print_json, say
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.store import Store

if TYPE_CHECKING:
    from linker.evaluate import Marked

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="articles.jsonl, labels.jsonl, perhaps registers.")
]


def evaluate(folder: Folder, archive: Archive = None, as_json: Json = False) -> None:
    """Link a folder's articles and hold the links against its labels; nothing is kept.

    With registers in the folder they are what is linked against, else the archive's.

    Example: onrecord evaluate labelled/ --archive newsroom.db
    """
    from linker import evaluate as scoring  # noqa: PLC0415 (heavy)

    labels, articles = _lines(folder / "labels.jsonl"), _lines(folder / "articles.jsonl")
    with tempfile.TemporaryDirectory() as scratch:
        own = archive is None and (folder / "registers").is_dir()
        if own:
            _import(folder, Path(scratch) / "labelled.db")
        with open_store(str(Path(scratch) / "labelled.db") if own else archive) as store:
            marked = list(_marked(store, articles, labels))
    figures, bounds = scoring.figures(marked), scoring.intervals(marked)
    errors = {one.id: list(one.errors) for one in marked if one.errors}
    if as_json:
        print_json({"articles": len(marked), "figures": figures, "intervals": bounds, "errors": errors})
        return
    for name in scoring.FIGURES:
        say(_line(name, figures[name], bounds[name]))
    for id_, told in errors.items():
        say(f"  {id_}: {'; '.join(told)}")


def _marked(store: Store, articles: list[dict[str, Any]], labels: list[dict[str, Any]]) -> "Iterator[Marked]":
    from linker import evaluate as scoring  # noqa: PLC0415
    from linker import run  # noqa: PLC0415

    by_id = {str(article["id"]): article for article in articles}
    today = utc_now().date()
    for label in labels:
        article = by_id.get(str(label["id"]))
        if article is None:
            raise UsageMistake(f"labels.jsonl: there is no article {label['id']!r} in articles.jsonl")
        register, linked = run.link_given(store, article, today=today)
        yield scoring.mark(label, [scoring.said(register, one) for one in linked], register)


def _import(folder: Path, place: Path) -> None:
    """The folder's registers, inspections and reports in an archive of their own."""
    from crawler.extract.pool import Pool  # noqa: PLC0415
    from crawler.regulators import taking  # noqa: PLC0415
    from crawler.regulators.registry import regulator_named  # noqa: PLC0415
    from crawler.reports import importing  # noqa: PLC0415
    from storage.dates import PartialDate  # noqa: PLC0415

    regulator, at = regulator_named("ofsted"), utc_now()
    with open_store(str(place), write=True) as store, Pool() as pool:
        for path in sorted((folder / "registers").glob("*.csv")):
            day = PartialDate.parse(_as_of(folder, path)).span.first
            file = taking.File(name=path.name, content=path.read_bytes(), regulator=regulator, as_of=day)
            taking.take_register(store, file, at)
        for path in sorted((folder / "inspections").glob("*.csv")):
            file = taking.File(name=path.name, content=path.read_bytes(), regulator=regulator)
            taking.take_inspections(store, file, at)
        if (folder / "reports").is_dir():
            for _ in importing.import_reports(store, importing.walk([folder / "reports"]), at=at, pool=pool):
                pass


def _as_of(folder: Path, path: Path) -> str:
    """The day a register shows: from ``as_of/NAME.txt``, else the end of March of the year in its name."""
    note = folder / "as_of" / f"{path.stem}.txt"
    if note.exists():
        return note.read_text(encoding="utf-8").split(":", 1)[-1].strip()
    years = re.findall(r"20\d\d", path.name)
    if not years:
        raise UsageMistake(f"{path.name}: its name has no year; write its day into as_of/{path.stem}.txt")
    return f"{years[-1]}-03-31"


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise UsageMistake(f"{path}: a labelled folder needs articles.jsonl and labels.jsonl") from None
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError as error:
        raise UsageMistake(f"{path}: line {error.lineno} is no JSON: {error.msg}") from None


def _line(name: str, value: float | None, bounds: tuple[float, float] | None) -> str:
    if value is None or bounds is None:
        return f"{name:10} –"
    return f"{name:10} {value:.3f}   ({bounds[0]:.3f} to {bounds[1]:.3f})"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(evaluate)
