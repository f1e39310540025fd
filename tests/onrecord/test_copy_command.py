"""``onrecord archive copy`` as an operator types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from onrecord.application import app
from storage.copying.rows import TABLES
from storage.store import Store
from tests.engines import ON_SQLITE
from tests.storage.test_orders import crawled, linked

pytestmark = ON_SQLITE
ALL = len(TABLES)


@pytest.fixture
def there(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with a story, its record and its evidence; and where it is copied to."""
    monkeypatch.chdir(tmp_path)
    linked(store, crawled(store))
    return tmp_path / "there.db"


def onrecord(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["archive", "copy", *map(str, arguments)], catch_exceptions=False)


def test_a_copy_is_told_table_by_table_with_what_is_left_to_do(store: Store, there: Path) -> None:
    done = onrecord(store.place, there)
    lines = done.stdout.splitlines()
    assert (done.exit_code, done.stderr) == (0, "")
    assert lines[0].split() == ["table", "rows", "in", "the", "copy", "digest"]
    assert [line.split()[1:3] for line in lines if line.startswith("articles ")] == [["1", "1"]]
    assert not [line for line in lines if line.startswith("hosts ")], "what is empty is not told"
    assert [line for line in lines if line.endswith(f"{ALL} of {ALL} tables are equal")]
    assert f"The evidence lies in {store.place.evidence}:" in lines
    assert f"copy that folder to {there}.evidence, or name it with --evidence." in lines
    assert not (there.parent / "there.db.evidence").exists()
    with Store.at(there) as copy, copy.reading():
        pass


def test_evidence_that_is_named_stays_where_it_is(store: Store, there: Path) -> None:
    folder = store.place.evidence
    assert f"The evidence stays in {folder}." in onrecord(store.place, there, "--evidence", folder).stdout


def test_two_archives_are_held_against_each_other(store: Store, there: Path) -> None:
    onrecord(store.place, there)
    assert onrecord(store.place, there, "--verify").exit_code == 0
    with Store.at(there, write=True) as copy, copy.writing() as connection:
        connection.exec_driver_sql("update articles set outlet = 'another'")
    told = onrecord(store.place, there, "--verify")
    assert told.exit_code == 1
    assert told.stderr == f"onrecord: {there} differs from {store.place} in articles\n"
    said = onrecord(store.place, there, "--verify", "--json")
    found = json.loads(said.stdout)
    assert (said.exit_code, found["equal"], len(found["tables"])) == (1, False, ALL)
    (other,) = [one for one in found["tables"] if not one["equal"]]
    assert (other["table"], other["rows"]) == ("articles", [1, 1])
    assert other["digests"][0] != other["digests"][1]
