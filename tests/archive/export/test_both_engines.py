"""An archive in PostgreSQL gives the rows that the same archive in SQLite gives."""

from pathlib import Path

import pytest

from archive.export import changed
from archive.export.tables import TABLES
from archive.export.tables.public import PUBLIC
from archive.public import Opening
from storage import judgements, orders
from storage.judgements import Judgement
from storage.store import Store
from tests.archive.evidenced import evidenced
from tests.archive.export.reading_back import Rows, rows
from tests.archive.world import NOW, World

pytestmark = pytest.mark.postgres


def held(store: Store, folder: Path) -> dict[str, Rows]:
    """Every table of a world without chance, whole, public, and since before the last of it."""
    world = World(store)
    made = evidenced(world)
    with store.writing() as connection:
        cursor = changed.now(connection)
        said = Judgement(
            article_id=made.article,
            mention=0,
            decision="confirmed",
            who="Ada Moss",
            at=NOW,
            version=2,
            shown={},
            level="inspection",
            record=made.inspection,
        )
        judgements.judge(connection, said)
        orders.restrict(connection, "article", made.copy, reason="section 39", who="Ada Moss", at=NOW)
    whole = {name: rows(store, folder, name, "parquet", with_text=name == "articles") for name in TABLES}
    public = {f"public {name}": rows(store, folder, name, opening=Opening(open=True)) for name in PUBLIC}
    public["public since"] = rows(
        store, folder, "links", opening=Opening(open=True, machine_links=True), since=cursor
    )
    since = {f"{name} since": rows(store, folder, name, "csv", since=cursor) for name in TABLES}
    return {
        name: sorted(found, key=lambda row: str(sorted(row.items(), key=str)))
        for name, found in (whole | public | since).items()
    }


def test_the_rows_are_the_same(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Store.at(tmp_path / "archive.db", write=True) as store:
        on_sqlite = held(store, tmp_path)
    with Store.at(postgres, write=True) as store:
        on_postgres = held(store, tmp_path)
    assert all(on_sqlite[name] for name in ("links", "articles", "settings", "inspections", "links since"))
    assert on_postgres == on_sqlite
