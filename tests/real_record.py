"""One archive with every real table of 2013-2025: it takes minutes to make, so all real tests share it."""

import datetime as dt
import pickle
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.regulators.ofsted import OFSTED
from crawler.regulators.taking import File, Taken, take_changes, take_inspections, take_register
from storage.store import Store
from tests.once import made_once

AT = dt.datetime(2025, 12, 1, tzinfo=dt.UTC)
Take = Callable[[Store, File, dt.datetime], Taken]


def a_file(path: Path) -> File:
    year = re.search(r"provider_at_march_(20\d\d)", path.name)
    as_of = dt.date(int(year[1]), 3, 31) if year else None
    return File(name=path.name, content=path.read_bytes(), regulator=OFSTED, as_of=as_of)


def tables(shared: Path) -> list[tuple[Take, Path]]:
    folder = shared / "data/ofsted"
    in_year = [*folder.glob("inspections/*.csv"), *folder.glob("workbook_2025/*in_year*.csv")]
    listed = [*folder.glob("joiners_leavers/*.csv"), *folder.glob("workbook_2025/Leavers*.csv")]
    return [
        *((take_register, path) for path in sorted(folder.glob("registers/*.csv"))),
        *((take_inspections, path) for path in sorted(in_year)),
        *((take_changes, path) for path in sorted(listed)),
    ]


def make(shared: Path, factory: pytest.TempPathFactory) -> Path:
    """The archive with all of them; nothing may be written to it that stays."""

    def take_all(folder: Path) -> None:
        with Store.at(folder / "archive.db", write=True) as store:
            told = [take(store, a_file(path), AT) for take, path in tables(shared)]
        (folder / "told.pickle").write_bytes(pickle.dumps(told))

    return made_once(factory, "real", take_all) / "archive.db"


def told_of(archive: Path) -> list[Taken]:
    """What was said of each table when it was taken."""
    told: list[Taken] = pickle.loads((archive.parent / "told.pickle").read_bytes())
    return told
