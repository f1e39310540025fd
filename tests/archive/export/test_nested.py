"""Records within rows: the cells that CSV and SQLite have had from the beginning, to the byte."""

import csv
import io
import sqlite3
from pathlib import Path

from archive.export.forms.nested import cells, objects
from archive.export.kinds import number, records, text, texts
from archive.export.tables import TABLES
from storage.store import Store
from tests.archive.evidenced import evidenced
from tests.archive.export.reading_back import exported
from tests.archive.world import World

_CLUES = records("clues", "", "linker", of=(text("clue", "", "linker"), number("weight", "", "linker")))
_FIRST = (
    '{"clue":"operator","field":"text","text":"run by Larkspur Care near ███████","start":7,"end":40,'
    '"value":"run by Larkspur Care near ███████","told":"Larkspur Care Limited runs it","weight":8.0}'
)


def test_records_are_objects_by_the_names_of_their_fields() -> None:
    held = [[("place", 1.5), ("“ü”", -0.0)], [], None]
    assert cells(_CLUES)(held) == [
        '[{"clue":"place","weight":1.5},{"clue":"“ü”","weight":-0.0}]',
        "[]",
        None,
    ]
    assert objects(_CLUES)(held)[1:] == [[], None]
    assert cells(texts("names", "", "register"))([["a", "b"], None]) == ['["a","b"]', None]


def test_evidence_stands_in_its_cell_as_it_always_did(store: Store, tmp_path: Path) -> None:
    made = evidenced(World(store))
    written = _cells(store, tmp_path, "csv")
    assert written[made.article].startswith(f"[{_FIRST},")
    assert written == _cells(store, tmp_path, "sqlite")


def _cells(store: Store, folder: Path, form: str) -> dict[str, str]:
    """The evidence of each article's decision, as it is written."""
    path, _ = exported(store, folder, "links", form)
    names = TABLES["links"].names
    if form == "csv":
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))[1:]
    else:
        database = sqlite3.connect(path)
        rows = database.execute("SELECT * FROM links").fetchall()
        database.close()
    told = [dict(zip(names, row, strict=True)) for row in rows]
    return {one["article_id"]: one["evidence"] for one in told if one["rank"] in ("", None)}
