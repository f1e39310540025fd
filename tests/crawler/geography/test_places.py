"""Tables of places: told apart by their columns, taken once, found by the linker, codes kept for joining."""

from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.geography.taking import Taken, take
from linker.gazetteer import Gazetteer, Known
from storage import places
from storage.dates import utc_now
from storage.errors import RefusedFile
from storage.schema.people import places as places_table
from storage.schema.registers import imports
from storage.store import Store

PLACES = """place,kinds,district,upper_tier_la,region,sources
Fennymere,os:Town|parish,South Fells,Cumberland,North West,invented
Nether Quill,os:Hamlet,South Fells,Cumberland,North West,invented
Fennymere,os:Village,Mid Downs,Kent,South East,invented
Central,msoa-name-part,,Kent,South East,invented
"""
CODES = """LADCD,LADNM,UTLACD,UTLANM,RGNNM,CTRYNM,Current
E06000900,Cumberland,E06000900,Cumberland,North West,England,TRUE
E07000900,South Fells,E06000900,Cumberland,North West,England,FALSE
E10000900,Kent,E10000900,Kent,South East,England,TRUE
W06000900,Somewhere in Wales,W06000900,Somewhere in Wales,,Wales,TRUE
"""
COUNTIES = (
    "LADCD,UTLANM,LIEUTENANCY_AREA_1997\nE06000900,Cumberland,Old Fellshire\nE10000900,Kent,Old Fellshire\n"
)
SPELLINGS = "la-name,local-authority-code\nCumberland Council,CMB\nthe fells county,CMB\nNowhere,NOW\n"


def taken(store: Store, name: str, text: str) -> Taken:
    return take(store, name, text.encode(), utc_now())


def gazetteer(store: Store) -> Gazetteer:
    with store.reading() as connection:
        rows = connection.execute(select(places_table)).all()
    known = [
        Known(name=row.name, kind=row.kind, authority=row.local_authority, region=row.region) for row in rows
    ]
    return Gazetteer([*known, Known(name="Cumberland", kind="authority", authority="Cumberland")])


def test_places_are_found_and_the_larger_of_one_name_speaks_louder(store: Store) -> None:
    one = taken(store, "places.csv", PLACES)
    assert (one.layout, one.places, one.left) == ("places", 3, 1)
    found = gazetteer(store).named("Fennymere")
    assert found is not None
    assert found.authorities == {"Cumberland": 1.0, "Kent": 0.5}
    assert [place.name for _, _, place in gazetteer(store).find("a house in nether quill.")] == [
        "Nether Quill"
    ]


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    taken(store, "places.csv", PLACES)
    again = taken(store, "renamed.csv", PLACES)
    assert (again.new, again.places) == (False, 0)
    with store.reading() as connection:
        assert len(connection.execute(select(imports.c.id)).all()) == 1


def test_a_longer_file_adds_only_what_is_new(store: Store) -> None:
    taken(store, "places.csv", PLACES)
    longer = taken(store, "more.csv", PLACES + "Quillmouth,village,,Kent,South East,own\n")
    assert longer.places == 1


def test_codes_join_authorities_as_registers_spell_them(store: Store) -> None:
    one = taken(store, "codes.csv", CODES)
    assert (one.layout, one.authorities) == ("authorities", 4)
    with store.reading() as connection:
        found = places.codes(connection, ["Cumberland Council", "Kent", "Atlantis"])
    assert found == {"Cumberland Council": "E06000900", "Kent": "E10000900"}
    named = gazetteer(store).named("South Fells")
    assert named is not None
    assert (named.kind, dict(named.authorities)) == ("district", {"Cumberland": 1.0})


def test_counties_hold_their_authorities(store: Store) -> None:
    assert taken(store, "counties.csv", COUNTIES).layout == "ceremonial counties"
    found = gazetteer(store).named("Old Fellshire")
    assert found is not None
    assert set(found.authorities) == {"Cumberland", "Kent"}


def test_a_foreign_code_is_known_by_another_name_of_its_authority(store: Store) -> None:
    taken(store, "codes.csv", CODES)
    assert taken(store, "spellings.csv", SPELLINGS).places == 2
    found = gazetteer(store).named("The Fells County")
    assert found is not None
    assert set(found.authorities) == {"Cumberland"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("town,council\nFennymere,Kent\n", "columns of no table of places"),
        ("place,kinds,upper_tier_la\nCentral,msoa-name-part,Kent\n", "names no place"),
        ("", "empty"),
    ],
)
def test_what_is_no_table_of_places_is_refused(store: Store, text: str, said: str) -> None:
    with pytest.raises(RefusedFile, match=said):
        taken(store, "odd.csv", text)
    with store.reading() as connection:
        assert not connection.execute(select(imports.c.id)).all()


@pytest.mark.real
def test_the_published_tables(shared: Path, store: Store) -> None:
    folder = shared / "data" / "places"
    found = {path.stem: take(store, path.name, path.read_bytes(), utc_now()) for path in folder.glob("*.csv")}
    assert found["place_to_la_england"].places > 20_000
    assert found["la_all_codes"].authorities > 400
    with store.reading() as connection:
        spelled = places.codes(connection, ["Durham", "St Helens", "Bristol", "Kingston upon Hull", "Leeds"])
    assert len(spelled) == 5
