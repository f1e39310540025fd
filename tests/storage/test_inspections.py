"""Inspections: which claims are one, whose word stands, and what they disagree on."""

import datetime as dt

import pytest
import sqlalchemy as sa

from storage import imports, inspections, registers
from storage.imports import Import
from storage.records import InspectionClaim, RegisterRow
from storage.registers import Snapshot
from storage.schema.inspections import inspection_claims
from storage.schema.inspections import inspections as table
from storage.schema.people import changes
from storage.schema.registers import providers
from storage.store import Store

AT = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
JULY = dt.date(2023, 7, 24)


def a_claim(first: dt.date = JULY, days: int = 1, **said: object) -> InspectionClaim:
    usual: dict[str, object] = {"urn": "SC700001", "kind": "full", "judgements": {"overall": "Good"}}
    last = first + dt.timedelta(days=days - 1)
    return InspectionClaim(first_day=first, last_day=last, **(usual | said))  # type: ignore[arg-type]


def claim(store: Store, *claims: InspectionClaim, origin: str = "table", source: str = "t1") -> list[str]:
    with store.writing() as connection:
        return inspections.save_claims(connection, "ofsted", claims, origin=origin, origin_id=source, at=AT)


def row(store: Store, id_: str) -> sa.RowMapping:
    with store.reading() as connection:
        return connection.execute(sa.select(table).where(table.c.id == id_)).mappings().one()


def count(store: Store, counted: sa.Table) -> int:
    with store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(counted)).scalar_one()


def a_register(store: Store, day: dt.date, owner: str, *claims: InspectionClaim) -> None:
    with store.writing() as connection:
        made = Import(
            kind="register",
            file_name=f"{day}.csv",
            digest=str(day),
            regulator="ofsted",
            as_of=day,
            learned_at=AT,
            rows_read=1,
            rows_kept=1,
        )
        imports.save(connection, made)
        snapshot = Snapshot(regulator="ofsted", as_of=day, import_id=made.id)
        home = RegisterRow(urn="SC700001", kind="children's home", owner=owner)
        registers.save(connection, snapshot, [home], AT)
        inspections.save_claims(connection, "ofsted", claims, origin="register", origin_id=made.id, at=AT)


@pytest.mark.parametrize("off", [-1, 0, 1, 2])
def test_a_table_joins_a_report_of_two_days_with_a_day_of_slack(store: Store, off: int) -> None:
    (report,) = claim(store, a_claim(days=2), origin="report", source="r1")
    (told,) = claim(store, a_claim(JULY + dt.timedelta(days=off)))
    assert told == report
    assert (row(store, report)["first_day"], row(store, report)["last_day"]) == (
        JULY,
        JULY + dt.timedelta(days=1),
    )


@pytest.mark.parametrize("off", [-2, 3])
def test_two_days_apart_are_two_inspections(store: Store, off: int) -> None:
    (report,) = claim(store, a_claim(days=2), origin="report", source="r1")
    assert claim(store, a_claim(JULY + dt.timedelta(days=off))) != [report]


def test_a_long_report_holds_a_day_in_its_middle(store: Store) -> None:
    (told,) = claim(store, a_claim(JULY + dt.timedelta(days=2)))
    assert claim(store, a_claim(days=5), origin="report", source="r1") == [told]


def test_kinds_are_never_merged(store: Store) -> None:
    one, other = claim(store, a_claim(), a_claim(kind="monitoring", judgements={}))
    assert one != other


def test_an_event_number_decides(store: Store) -> None:
    one, other = claim(store, a_claim(event_number="10200001"), a_claim(event_number="10200002"))
    assert one != other
    (later,) = claim(
        store, a_claim(JULY + dt.timedelta(days=30), event_number="10200002"), origin="register", source="s1"
    )
    assert later == other
    assert row(store, later)["disagreements"] == [
        {"field": "first_day", "values": {"table": "2023-07-24", "register": "2023-08-23"}}
    ]


def test_a_claim_without_a_number_takes_the_one_of_its_day(store: Store) -> None:
    (told,) = claim(store, a_claim(event_number="10200001"))
    assert claim(store, a_claim(), origin="report", source="r1") == [told]
    assert row(store, told)["event_number"] == "10200001"


def test_numbers_of_two_series_are_one_inspection(store: Store) -> None:
    days = dt.timedelta(days=4)
    (old,) = claim(store, a_claim(event_number="325363"))
    (new,) = claim(store, a_claim(JULY + days, event_number="989929"), origin="register", source="s1")
    assert new == old
    assert [one["field"] for one in row(store, old)["disagreements"]] == ["first_day"]


def test_the_report_stands_before_the_table_and_both_are_told(store: Store) -> None:
    (told,) = claim(store, a_claim(judgements={"overall": "Good", "protection": "Good"}, capacity=4))
    claim(store, a_claim(judgements={"overall": "Inadequate"}, capacity=3), origin="report", source="r1")
    merged = row(store, told)
    assert (merged["overall"], merged["protection"], merged["capacity"]) == ("Inadequate", "Good", 3)
    assert merged["disagreements"] == [
        {"field": "overall", "values": {"report": "Inadequate", "table": "Good"}},
        {"field": "capacity", "values": {"report": 3, "table": 4}},
    ]


def test_the_newer_of_two_registers_stands(store: Store) -> None:
    corrected = a_claim(judgements={"overall": "Inadequate"})
    a_register(store, dt.date(2025, 3, 31), "Lantern Hill Care Ltd", corrected)
    a_register(store, dt.date(2024, 3, 31), "Lantern Hill Care Ltd", a_claim())
    with store.reading() as connection:
        assert connection.execute(sa.select(table.c.overall)).scalar_one() == "Inadequate"


def test_spellings_of_one_owner_are_no_disagreement(store: Store) -> None:
    (told,) = claim(store, a_claim(provider_name="Lantern Hill Care Ltd"))
    claim(store, a_claim(provider_name="LANTERN HILL CARE LIMITED"), origin="report", source="r1")
    assert row(store, told)["disagreements"] == []


def owner(store: Store) -> str | None:
    query = sa.select(providers.c.name).join(table, table.c.provider_id == providers.c.id)
    with store.reading() as connection:
        return connection.execute(query).scalar()


def test_the_owner_is_the_owner_of_the_day(store: Store) -> None:
    a_register(store, dt.date(2023, 3, 31), "Lantern Hill Care Ltd")
    a_register(store, dt.date(2024, 3, 31), "Thistledown Homes Ltd")
    claim(store, a_claim())
    assert owner(store) == "Lantern Hill Care Ltd"


def test_a_register_that_comes_later_sets_the_owner_right(store: Store) -> None:
    claim(store, a_claim())
    a_register(store, dt.date(2024, 3, 31), "Thistledown Homes Ltd")
    assert owner(store) == "Thistledown Homes Ltd"
    a_register(store, dt.date(2023, 3, 31), "Lantern Hill Care Ltd")
    assert owner(store) == "Lantern Hill Care Ltd"


def test_the_reports_owner_stands_before_the_registers(store: Store) -> None:
    a_register(store, dt.date(2023, 3, 31), "Lantern Hill Care Ltd")
    claim(store, a_claim(provider_name="Otterburn Care Ltd"), origin="report", source="r1")
    assert owner(store) == "Otterburn Care Ltd"


def test_saying_it_again_changes_nothing(store: Store) -> None:
    claim(store, a_claim(event_number="10200001"))
    before = count(store, changes), count(store, inspection_claims), count(store, table)
    claim(store, a_claim(event_number="10200001"))
    assert (count(store, changes), count(store, inspection_claims), count(store, table)) == before


def test_two_rows_of_one_table_on_one_inspection_fill_each_other(store: Store) -> None:
    whole = a_claim(event_number="10200001", published=dt.date(2023, 8, 29))
    one, other = claim(store, a_claim(event_number="10200001"), whole)
    assert one == other
    assert row(store, one)["published"] == dt.date(2023, 8, 29)


def test_order_does_not_matter(store: Store) -> None:
    report = a_claim(days=2, judgements={"overall": "Inadequate"}, provider_name="Lantern Hill Care Ltd")
    told = a_claim(JULY + dt.timedelta(days=2), event_number="10200001", local_authority="Leeds")
    with Store.at(store.place.index.parent / "other.db", write=True) as other:
        (a,) = claim(store, report, origin="report", source="r1")
        claim(store, told)
        (b,) = claim(other, told)
        claim(other, report, origin="report", source="r1")
        plain = [column.name for column in table.c if column.name != "id"]
        assert [row(store, a)[name] for name in plain] == [row(other, b)[name] for name in plain]
