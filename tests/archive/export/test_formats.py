"""The same rows in every format, each valid by the library that reads it."""

import datetime as dt
import json
import sqlite3
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from archive.export.described import described
from archive.export.exporting import FORMS, Asked, export
from archive.export.forms.cells import safe, unsafe
from archive.export.tables import TABLES
from storage.errors import UsageMistake
from storage.store import Store
from tests.archive.export.conftest import HOSTILE
from tests.archive.export.reading_back import exported, rows

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("what", TABLES)
def test_every_format_holds_the_same_rows(lived: Store, tmp_path: Path, what: str) -> None:
    held = rows(lived, tmp_path, what)
    assert held
    assert list(held[0]) == list(TABLES[what].without("text").names)
    for form in ("parquet", "sqlite"):
        assert rows(lived, tmp_path, what, form) == held, form
    # In CSV an empty text and none look alike to readers that do not tell quotes.
    bare = [{name: None if value == "" else value for name, value in row.items()} for row in held]
    for form in ("csv", "datapackage"):
        assert rows(lived, tmp_path, what, form) == bare, form


def test_articles_with_their_text_are_as_they_were(lived: Store, tmp_path: Path) -> None:
    for form in ("jsonl", "parquet", "csv"):
        held = rows(lived, tmp_path, "articles", form, with_text=True)
        (hostile,) = [row for row in held if row["outlet"] == "-Courier"]
        assert hostile["title"] == hostile["text"] == HOSTILE


def test_parquet_is_typed(lived: Store, tmp_path: Path) -> None:
    schema = pq.read_schema(exported(lived, tmp_path, "links", "parquet")[0])
    assert str(schema.field("decided_at").type) == "timestamp[us, tz=UTC]"
    assert str(schema.field("inspection_date").type) == "date32[day]"
    assert str(schema.field("evidence").type).startswith("list<element: struct<clue: string")
    assert schema.field("probability").metadata[b"unit"] == b"0 to 1"


@pytest.mark.parametrize(
    "text", ["=1", "'=1", "''+1", "＝1", "\t", "\r1", "－2", "'", "''", "it's", "", " =1", "a\n=b"]
)
def test_a_cell_is_no_formula_and_is_had_back(text: str) -> None:
    assert safe(text)[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
    assert unsafe(safe(text)) == text


def test_the_columns_are_described_as_they_are() -> None:
    assert (ROOT / "docs" / "exports.md").read_text(encoding="utf-8") == described(), (
        "run: python -m archive.export.described > docs/exports.md"
    )


def test_a_database_has_whole_references_and_says_what_it_is(lived: Store, tmp_path: Path) -> None:
    path, done = exported(lived, tmp_path, "links", "sqlite")
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(database.execute("PRAGMA foreign_key_list(links)").fetchall()) == 4
    told = dict(database.execute("SELECT name, value FROM _about"))
    described = {
        row[0] for row in database.execute('SELECT "column" FROM _columns WHERE "table" = \'links\'')
    }
    database.close()
    assert told["cursor"] == done.about.cursor
    assert "of Ofsted, licensed under the Open Government Licence v3.0" in told["notes"]
    assert described == set(TABLES["links"].names)
    assert not path.stat().st_mode & 0o222
    beside = json.loads((tmp_path / "links.metadata.json").read_text(encoding="utf-8"))
    assert "status" in beside["databases"]["links"]["tables"]["links"]["facets"]


def test_a_package_says_whose_the_data_are(lived: Store, tmp_path: Path) -> None:
    path, done = exported(lived, tmp_path, "links", "datapackage")
    with zipfile.ZipFile(path) as package:
        told = json.loads(package.read("datapackage.json"))
        names = set(package.namelist())
    assert {one["name"] for one in told["licenses"]} == {"OGL-UK-3.0", "other-closed"}
    assert {"title": "Ofsted", "path": "https://www.gov.uk/government/organisations/ofsted"} in told[
        "sources"
    ]
    assert names == {"datapackage.json", "README.txt", *(f"data/{table.name}.csv" for table in done.tables)}
    assert told["cursor"] == done.about.cursor


def test_what_cannot_be_is_told_before_anything_is_written(lived: Store, tmp_path: Path) -> None:
    for asked in (
        Asked(what="judgements", form="ftm"),
        Asked(what="links", form="csv", with_text=True),
        Asked(what="links", form="csv", since="1.1-000000000000"),
        Asked(what="links", form="csv", since="yesterday"),
    ):
        with (tmp_path / "out").open("w+b") as out, pytest.raises(UsageMistake):
            export(lived, asked, out)
        assert (tmp_path / "out").stat().st_size == 0


def test_a_link_s_days_are_days(lived: Store, tmp_path: Path) -> None:
    linked = [
        row for row in rows(lived, tmp_path, "links") if row["level"] == "inspection" and row["rank"] is None
    ]
    assert {dt.date.fromisoformat(row["inspection_date"]) for row in linked} >= {dt.date(2024, 3, 5)}
    assert all(row["decided_at"].endswith("+00:00") for row in linked)
    assert FORMS
