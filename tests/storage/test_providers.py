"""Providers: spellings grouped over time, alike in whatever order they come."""

import datetime as dt
import itertools

import sqlalchemy as sa

from storage import providers
from storage.providers import Seen
from storage.schema.people import changes
from storage.schema.registers import provider_names
from storage.schema.registers import providers as table
from storage.store import Store

AT = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
MARCH = {year: dt.date(year, 3, 31) for year in range(2018, 2026)}


def seen(name: str, year: int, sector: str | None = None) -> Seen:
    return Seen(name=name, first=MARCH[year], last=MARCH[year], sector=sector)


def identify(store: Store, *spellings: Seen) -> dict[str, str]:
    with store.writing() as connection:
        return dict(providers.identify(connection, spellings, origin="register", at=AT).ids)


def groups(store: Store) -> set[frozenset[str]]:
    with store.reading() as connection:
        rows = connection.execute(sa.select(provider_names.c.provider_id, provider_names.c.name)).all()
    return {frozenset(name for id_, name in rows if id_ == one) for one, _ in rows}


def row(store: Store, id_: str) -> sa.RowMapping:
    with store.reading() as connection:
        return connection.execute(sa.select(table).where(table.c.id == id_)).mappings().one()


def test_a_provider_keeps_its_names_over_time(store: Store) -> None:
    first = identify(store, seen("Lantern Hill Care Limited", 2019))
    again = identify(store, seen("LANTERN HILL CARE LTD", 2021), seen("Lantern Hill Care Limited", 2020))
    assert set(again.values()) == set(first.values())
    with store.reading() as connection:
        days = connection.execute(
            sa.select(provider_names.c.first_seen, provider_names.c.last_seen).where(
                provider_names.c.name == "Lantern Hill Care Limited"
            )
        ).one()
    assert tuple(days) == (MARCH[2019], MARCH[2020])
    assert row(store, first["Lantern Hill Care Limited"])["name"] == "LANTERN HILL CARE LTD"


def test_a_common_word_joins_nobody(store: Store) -> None:
    found = identify(store, seen("Lantern Care Ltd", 2019), seen("Thistle Care Ltd", 2019))
    assert len(set(found.values())) == 2


def test_a_company_number_joins_two_names(store: Store) -> None:
    found = identify(
        store, seen("Lantern Hill Care Limited 09876543", 2019), seen("LHC Homes Ltd 09876543", 2021)
    )
    assert len(set(found.values())) == 1
    assert row(store, found["LHC Homes Ltd 09876543"])["company_number"] == "09876543"


def test_other_company_numbers_keep_one_name_apart(store: Store) -> None:
    found = identify(store, seen("Lantern Care Ltd 09876543", 2019), seen("Lantern Care Ltd 08765432", 2019))
    assert len(set(found.values())) == 2


def test_grouping_does_not_depend_on_the_order(store: Store) -> None:
    names = ["Lantern Hill Care Ltd", "Lantern Hill Care Ltd 09876543", "LHC Homes Ltd 09876543"]
    expected = {frozenset(names)}
    for number, order in enumerate(itertools.permutations(names)):
        with Store.at(store.place.index.parent / f"{number}.db", write=True) as other:
            for name in order:
                identify(other, seen(name, 2020))
            assert groups(other) == expected


def test_a_bridging_name_merges_and_says_so(store: Store) -> None:
    apart = identify(store, seen("Lantern Hill Care Ltd", 2019), seen("LHC Homes Ltd 09876543", 2019))
    assert len(set(apart.values())) == 2
    identify(store, seen("Lantern Hill Care Ltd 09876543", 2020))
    with store.reading() as connection:
        merged = connection.execute(
            sa.select(table.c.id, table.c.merged_into).where(table.c.merged_into.is_not(None))
        ).one()
        erased = connection.execute(sa.select(changes.c.id).where(changes.c.change == "erased")).scalars()
        assert list(erased) == [merged.id]
    assert {merged.id, merged.merged_into} == set(apart.values())


def test_what_is_no_name_has_no_provider(store: Store) -> None:
    assert identify(store, seen("0", 2019), seen("03/01/1900", 2019)) == {}


def test_a_person_is_flagged_and_a_company_is_not(store: Store) -> None:
    found = identify(store, seen("Mrs Ada Thornberry", 2019), seen("Thornberry Care Ltd", 2019))
    assert row(store, found["Mrs Ada Thornberry"])["natural_person"]
    assert not row(store, found["Thornberry Care Ltd"])["natural_person"]


def test_the_newest_sector_stands(store: Store) -> None:
    found = identify(store, seen("Lantern Trust", 2021, "Voluntary"))
    identify(store, seen("Lantern Trust", 2019, "Private"))
    assert row(store, found["Lantern Trust"])["sector"] == "Voluntary"


def test_saying_it_again_changes_nothing(store: Store) -> None:
    identify(store, seen("Lantern Trust", 2021))
    with store.reading() as connection:
        before = connection.execute(sa.select(sa.func.count()).select_from(changes)).scalar()
    identify(store, seen("Lantern Trust", 2021))
    with store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(changes)).scalar() == before
