"""Codes of authorities: in every table that names one, in the API, and in what anybody may have."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from archive.public import Opening
from storage.places import plain_key
from storage.schema.naming import authorities
from storage.store import Store
from tests.archive.evidenced import evidenced
from tests.archive.export.reading_back import rows
from tests.archive.world import World

_CODE = "E08000901"  # another than our own table has


@pytest.fixture
def told(store: Store) -> Store:
    """An archive with a linked story in Bolton, of which the ONS's code was imported, and homes in Wigan and Northmere."""
    world = World(store)
    evidenced(world)
    world.setting("SC990099", local_authority="Wigan")
    world.setting("SC990098", local_authority="Northmere")
    bolton = {"code": _CODE, "upper_code": _CODE, "name": "Bolton", "name_key": plain_key("Bolton")}
    with store.writing() as connection:
        connection.execute(sa.insert(authorities).values(bolton))
    return store


@pytest.mark.parametrize("what", ["links", "settings", "inspections"])
@pytest.mark.parametrize("opening", [None, Opening(open=True, machine_links=True)], ids=["ours", "public"])
def test_a_row_has_its_authoritys_code(
    told: Store, tmp_path: Path, what: str, opening: Opening | None
) -> None:
    found = rows(told, tmp_path, what, opening=opening)
    codes = {row["local_authority"]: row["authority_code"] for row in found}
    assert codes["Bolton"] == _CODE
    if what == "settings":
        assert (codes["Wigan"], codes["Northmere"]) == ("E08000010", None)
