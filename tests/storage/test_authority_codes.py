"""Our own table of codes: every authority that the linker and the tiles know, each code once."""

import csv
import importlib.resources
import re

import pytest
import sqlalchemy as sa

from archive import tiles
from storage import places
from storage.authority_codes import codes_by_name
from storage.store import Store


def test_every_authority_that_is_known_has_a_code_of_its_own() -> None:
    table = importlib.resources.files("linker").joinpath("authorities.csv").read_text(encoding="utf-8")
    linked = {row["authority"] for row in csv.DictReader(table.splitlines())}
    known = codes_by_name()
    assert known.keys() == linked
    assert {places.plain_key(name) for name in tiles.authorities()} <= {
        places.plain_key(name) for name in known
    }
    assert len(set(known.values())) == len(known)
    assert all(re.fullmatch(r"E(06|08|09|10)\d{6}", code) for code in known.values())


@pytest.mark.parametrize(
    ("spelled", "code"),
    [
        ("Bolton", "E08000001"),
        ("Bolton Council", "E08000001"),
        ("Kingston upon Hull, City of", "E06000010"),
        ("St. Helens", "E08000013"),
        ("Durham", "E06000047"),
        ("Cumbria", "E10000006"),
        ("Northmere", None),
    ],
)
def test_a_code_is_found_however_registers_spell_the_name(
    store: Store, spelled: str, code: str | None
) -> None:
    with store.reading() as connection:
        assert places.codes(connection, [spelled]).get(spelled) == code


def test_what_was_imported_goes_first(store: Store) -> None:
    one = places.Authority(code="E08000901", name="Bolton", upper_code="E08000901", upper_name="Bolton")
    with store.writing() as connection:
        places.save_authorities(connection, [one], import_id=None)
        assert places.codes(connection, ["Bolton", "Bury"]) == {"Bolton": "E08000901", "Bury": "E08000002"}
        assert connection.execute(sa.text("select count(*) from authorities")).scalar() == 1
