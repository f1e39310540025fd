"""The files are valid by the libraries that others read them with: Frictionless, FollowTheMoney, Datasette."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from archive.export.tables import TABLES
from archive.public import Opening
from storage.store import Store
from tests.archive.export.reading_back import exported, rows


def test_a_package_is_valid(lived: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frictionless = pytest.importorskip("frictionless")
    monkeypatch.chdir(tmp_path)  # it takes no path from elsewhere for safe
    for what, more in (
        ("links", {}),
        ("judgements", {}),
        ("links", {"opening": Opening(machine_links=True)}),
    ):
        path, _ = exported(lived, tmp_path, what, "datapackage", **more)
        path.rename(tmp_path / "package.zip")
        report = frictionless.validate("package.zip")
        assert report.valid, report.flatten(["title", "message"])


@pytest.mark.ftm
def test_entities_are_valid_and_no_person_is_one(lived: Store, tmp_path: Path, entity_model: Any) -> None:
    path, done = exported(lived, tmp_path, "links", "ftm")
    told = [json.loads(line) for line in path.read_bytes().splitlines()]
    entities = {one["id"]: entity_model.get_proxy(one, cleaned=False) for one in told}
    for entity in entities.values():
        entity.schema.validate(entity.to_dict())
        assert "address" not in entity.properties
    links = [row for row in rows(lived, tmp_path, "links") if row["status"] == "linked"]
    documented = [one for one in entities.values() if one.schema.name == "Documentation"]
    assert len(documented) == done.rows == len(links)
    assert {one.schema.name for one in entities.values()} == {
        "Article",
        "Documentation",
        "Event",
        "Organization",
    }
    for one in documented:
        assert one.get("document")[0] in entities
        assert one.get("entity")[0] in entities
        assert one.get("role")
        assert (
            one.get("summary")[0].startswith("probability 0.")
            or one.get("summary")[0] == "probability 1.0000"
        )
    people = {row["provider_id"] for row in rows(lived, tmp_path, "providers") if row["natural_person"]}
    assert people
    assert not people & set(entities)


def test_datasette_opens_a_database_and_its_facets_work(lived: Store, tmp_path: Path) -> None:
    datasette = pytest.importorskip("datasette.app")
    path, _ = exported(lived, tmp_path, "links", "sqlite")
    told = json.loads((tmp_path / "links.metadata.json").read_text(encoding="utf-8"))

    async def asked() -> tuple[int, dict[str, object], str]:
        served = datasette.Datasette([], immutables=[str(path)], metadata=told)
        await served.invoke_startup()
        found = (await served.client.get("/links/links.json?_facet=status&_labels=on")).json()
        return (
            found["filtered_table_rows_count"],
            found["facet_results"],
            (await served.client.get("/links/links")).text,
        )

    count, facets, page = asyncio.run(asked())
    held = rows(lived, tmp_path, "links")
    assert count == len(held)
    shown = {one["value"]: one["count"] for one in facets["status"]["results"]}
    assert shown == {status: sum(row["status"] == status for row in held) for status in shown}
    assert TABLES["links"].told in page
    assert "Press articles belong to their publishers" in page
