"""A labelled folder: registers, inspections, reports, articles and labels, as a world to link.

Its registers are imported into an archive of their own that is thrown away; a folder without any is held
against the archive that is there. Nothing is written to either.
"""

import datetime as dt
import json
import re
import tempfile
from pathlib import Path
from typing import Any

from crawler.extract.pool import Pool
from crawler.regulators import taking
from crawler.regulators.registry import regulator_named
from crawler.reports import importing
from linker import labels, run
from linker.labels import Label
from linker.reading import Reading
from linker.register import Register
from linker.worlds import World
from storage.dates import PartialDate
from storage.errors import UsageMistake
from storage.store import Store

_YEAR = re.compile(r"20\d\d")


def has_registers(folder: Path) -> bool:
    """Whether a labelled folder brings what its articles are linked against."""
    return any((folder / "registers").glob("*.csv"))


def read_world(folder: Path, register: Register | None, *, at: dt.datetime) -> World:
    """The folder's labelled articles and its own register, or the one given where it has none."""
    told = _told(folder, today=at.date())
    return World(name=folder.resolve().name, register=register or _own_register(folder, at), told=told)


def _told(folder: Path, *, today: dt.date) -> list[tuple[Reading, Label]]:
    articles = {str(article["id"]): article for article in _lines(folder / "articles.jsonl")}
    told = []
    for label in labels.read(folder / "labels.jsonl"):
        if label.id not in articles:
            raise UsageMistake(f"labels.jsonl: there is no article {label.id!r} in articles.jsonl")
        told.append((run.reading_given(articles[label.id], today=today), label))
    return told


def _own_register(folder: Path, at: dt.datetime) -> Register:
    with (
        tempfile.TemporaryDirectory() as scratch,
        Store.at(Path(scratch) / "labelled.db", write=True) as store,
    ):
        _import(folder, store, at)
        with store.reading() as connection:
            return run.load_register(connection)


def _import(folder: Path, store: Store, at: dt.datetime) -> None:
    regulator = regulator_named("ofsted")
    for path in sorted((folder / "registers").glob("*.csv")):
        day = PartialDate.parse(_as_of(folder, path)).span.first
        file = taking.File(name=path.name, content=path.read_bytes(), regulator=regulator, as_of=day)
        taking.take_register(store, file, at)
    for path in sorted((folder / "inspections").glob("*.csv")):
        file = taking.File(name=path.name, content=path.read_bytes(), regulator=regulator)
        taking.take_inspections(store, file, at)
    if (folder / "reports").is_dir():
        with Pool() as pool:
            for _ in importing.import_reports(store, importing.walk([folder / "reports"]), at=at, pool=pool):
                pass


def _as_of(folder: Path, path: Path) -> str:
    """The day a register shows: from ``as_of/NAME.txt``, else the end of March of the year in its name."""
    note = folder / "as_of" / f"{path.stem}.txt"
    if note.exists():
        return note.read_text(encoding="utf-8").split(":", 1)[-1].strip()
    years = _YEAR.findall(path.name)
    if not years:
        raise UsageMistake(f"{path.name}: its name has no year; write its day into as_of/{path.stem}.txt")
    return f"{years[-1]}-03-31"


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise UsageMistake(f"{path}: a labelled folder needs articles.jsonl and labels.jsonl") from None
    articles = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            articles += [json.loads(line)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise UsageMistake(f"{path}, line {number}: no JSON ({error.msg})") from None
    return articles
