"""Registers: snapshots kept as said, and the settings and owners that follow from all of them."""

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from storage import imports, registers
from storage.imports import Import
from storage.ownerships import OwnedOn, intervals, owner_on
from storage.records import RegisterRow, SettingChange
from storage.registers import Snapshot
from storage.schema.people import changes
from storage.schema.registers import ownerships, provider_names, settings
from storage.schema.registers import register_rows as stored_rows
from storage.settings import LEFT, setting_id
from storage.store import Store

AT = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
HOME = "children's home"


def march(year: int) -> dt.date:
    return dt.date(year, 3, 31)


def a_row(urn: str = "SC700001", **said: object) -> RegisterRow:
    usual = {"kind": HOME, "status": "Active", "local_authority": "Leeds", "owner": "Lantern Hill Care Ltd"}
    return RegisterRow(urn=urn, **(usual | said))  # type: ignore[arg-type]


def an_import(connection: sa.Connection, day: dt.date, kind: str = "register", name: str = "") -> Import:
    made = Import(
        kind=kind,
        file_name=f"{kind}-{day}{name}.csv",
        digest=f"{kind}-{day}{name}",
        regulator="ofsted",
        as_of=day,
        learned_at=AT,
        rows_read=1,
        rows_kept=1,
    )
    imports.save(connection, made)
    return made


def take(store: Store, day: dt.date, *rows: RegisterRow, kind: str = "register") -> None:
    with store.writing() as connection:
        made = an_import(connection, day, kind)
        snapshot = Snapshot(regulator="ofsted", as_of=day, import_id=made.id, complete=kind == "register")
        registers.save(connection, snapshot, rows, AT)


def take_changes(store: Store, day: dt.date, rows: Sequence[RegisterRow], *listed: SettingChange) -> None:
    with store.writing() as connection:
        made = an_import(connection, day, "changes")
        snapshot = Snapshot(regulator="ofsted", as_of=day, import_id=made.id, complete=False)
        registers.save_changes(connection, snapshot, rows, listed, AT)


def setting(store: Store, urn: str = "SC700001") -> sa.RowMapping:
    with store.reading() as connection:
        query = sa.select(settings).where(settings.c.urn == urn)
        return connection.execute(query).mappings().one()


def owners(store: Store, urn: str = "SC700001") -> list[tuple[str, dt.date, dt.date | None]]:
    query = (
        sa.select(provider_names.c.name, ownerships.c.first_day, ownerships.c.last_day)
        .join(provider_names, provider_names.c.provider_id == ownerships.c.provider_id)
        .where(ownerships.c.setting_id == setting_id("ofsted", urn))
        .order_by(ownerships.c.first_day, provider_names.c.name)
    )
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_a_home_that_a_later_register_lacks_has_left_and_stays(store: Store) -> None:
    take(store, march(2022), a_row(), a_row("SC700002"))
    take(store, march(2023), a_row("SC700002"))
    left = setting(store)
    assert (left["status"], left["status_since"], left["last_seen"]) == (LEFT, march(2023), march(2022))
    assert setting(store, "SC700002")["status"] == "Active"


def test_a_register_of_other_kinds_says_nothing_of_a_home(store: Store) -> None:
    take(store, march(2022), a_row())
    take(store, march(2023), a_row("1234567", kind="fostering agency"))
    assert setting(store)["status"] == "Active"


def test_a_table_of_inspections_makes_nobody_leave(store: Store) -> None:
    take(store, march(2022), a_row())
    take(store, march(2023), a_row("SC700002"), kind="inspections")
    assert setting(store)["status"] == "Active"


def test_a_withheld_name_is_never_kept(store: Store) -> None:
    take(store, march(2022), a_row(name="Foxglove House"))
    with store.reading() as connection:
        assert list(connection.execute(sa.select(stored_rows.c.name)).scalars()) == [None]
    assert setting(store)["name"] is None
    assert setting(store)["name_withheld"]


def test_a_name_goes_once_the_kind_becomes_withheld(store: Store) -> None:
    take(store, march(2022), a_row(kind="residential special school", name="Foxglove School"))
    assert setting(store)["name"] == "Foxglove School"
    take(store, march(2023), a_row(kind=HOME))
    assert setting(store)["name"] is None


def test_owners_are_intervals_between_registers(store: Store) -> None:
    take(store, march(2021), a_row(owner="Lantern Hill Care Ltd"))
    take(store, march(2022), a_row(owner="Lantern Hill Care Limited"))
    take(store, march(2023), a_row(owner="Thistledown Homes Ltd"))
    assert owners(store) == [
        ("Lantern Hill Care Limited", march(2021), march(2023)),
        ("Lantern Hill Care Ltd", march(2021), march(2023)),
        ("Thistledown Homes Ltd", march(2023), None),
    ]


def test_two_councils_own_a_home_together(store: Store) -> None:
    take(store, march(2021), a_row(owner="Exeter City & Devon County Councils"))
    assert [name for name, *_ in owners(store)] == ["Devon County Council", "Exeter City Council"]


def test_an_ending_closes_the_home_and_its_ownership(store: Store) -> None:
    day = dt.date(2022, 9, 14)
    take(store, march(2022), a_row())
    take_changes(store, march(2023), [a_row()], SettingChange(urn="SC700001", change="resigned", day=day))
    home = setting(store)
    assert (home["status"], home["closed"], home["status_since"]) == ("Resigned", day, day)
    assert [last for *_, last in owners(store)] == [day]


def test_a_home_that_is_active_after_its_closing_is_open_again(store: Store) -> None:
    take_changes(
        store,
        march(2022),
        [a_row()],
        SettingChange(urn="SC700001", change="closed", day=dt.date(2021, 9, 14)),
    )
    take(store, march(2023), a_row())
    assert (setting(store)["status"], setting(store)["closed"]) == ("Active", None)


def test_a_source_that_leaves_a_field_out_does_not_unsay_it(store: Store) -> None:
    take(store, march(2022), a_row(places=4, constituency="Leeds East"))
    take(store, march(2023), a_row())
    assert (setting(store)["places"], setting(store)["constituency"]) == (4, "Leeds East")


def state(store: Store) -> list[tuple[object, ...]]:
    plain = [column for column in settings.c if column.name not in {"id", "provider_id"}]
    with store.reading() as connection:
        rows = [tuple(row) for row in connection.execute(sa.select(*plain).order_by(settings.c.urn))]
    return rows + [tuple(owners(store, str(row[1]))) for row in rows]


def test_the_order_of_imports_does_not_matter(store: Store) -> None:
    years = {
        2021: [a_row(places=3), a_row("SC700002", owner="Thistledown Homes Ltd")],
        2022: [a_row(owner="LANTERN HILL CARE LIMITED", places=4)],
        2024: [a_row(owner="Otterburn Care Ltd"), a_row("SC700003")],
    }
    states = []
    for number, order in enumerate(itertools.permutations(years)):
        with Store.at(store.place.index.parent / f"{number}.db", write=True) as other:
            for year in order:
                take(other, march(year), *years[year])
            take_changes(
                other,
                march(2023),
                [a_row("SC700002")],
                SettingChange(urn="SC700002", change="cancelled", day=dt.date(2021, 8, 1)),
            )
            states.append(state(other))
    assert all(one == states[0] for one in states)


def test_a_release_is_reproduced_exactly_after_a_thousand_edits(store: Store) -> None:
    chance = random.Random(7)
    rows = {f"SC7{number:05}": a_row(f"SC7{number:05}", places=number % 6 + 1) for number in range(100)}
    releases = {}
    for year in range(2015, 2025):
        for _ in range(100):
            urn = chance.choice([*rows, f"SC8{chance.randrange(10**5):05}"])
            if urn in rows and chance.random() < 0.3:
                del rows[urn]
            else:
                rows[urn] = a_row(
                    urn, places=chance.randrange(1, 9), owner=f"Owner {chance.randrange(20)} Homes Ltd"
                )
        releases[march(year)] = dict(rows)
        take(store, march(year), *rows.values())
    with store.reading() as connection:
        for day, release in releases.items():
            assert registers.as_of(connection, "ofsted", day) == release
            assert registers.as_of(connection, "ofsted", day + dt.timedelta(days=200)) == release
        known = set(connection.execute(sa.select(settings.c.urn)).scalars())
    assert known == {urn for release in releases.values() for urn in release}


def test_a_register_said_again_notes_no_change(store: Store) -> None:
    take(store, march(2022), a_row())
    with store.reading() as connection:
        before = connection.execute(sa.select(sa.func.max(changes.c.seq))).scalar()
    take(store, march(2022), a_row(), kind="inspections")
    with store.reading() as connection:
        assert connection.execute(sa.select(sa.func.max(changes.c.seq))).scalar() == before


def test_the_nearest_snapshot_is_the_nearest_in_time(store: Store) -> None:
    take(store, march(2018), a_row())
    take(store, march(2023), a_row())
    with store.reading() as connection:
        assert registers.nearest(connection, "ofsted", march(2022)) == march(2023)
        assert registers.nearest(connection, "ofsted", march(2019)) == march(2018)
        assert registers.nearest(connection, "cqc", march(2019)) is None


def said(day: dt.date, *providers: str) -> OwnedOn:
    return OwnedOn(day=day, providers=providers, import_id="i")


def test_the_owner_of_a_day() -> None:
    owned = intervals([said(march(2020), "a"), said(march(2022), "b")], ended=march(2024))
    assert owner_on(owned, march(2021)) == "a"
    assert owner_on(owned, march(2022)) == "b"
    assert owner_on(owned, dt.date(2014, 1, 1)) == "a"
    assert owner_on(owned, dt.date(2025, 1, 1)) == "b"
    assert owner_on([], march(2020)) is None


def test_an_owner_who_returns_has_two_intervals() -> None:
    owned = intervals([said(march(2020), "a"), said(march(2021), "b"), said(march(2022), "a")], None)
    assert [(one.provider_id, one.first_day, one.last_day) for one in owned] == [
        ("a", march(2020), march(2021)),
        ("b", march(2021), march(2022)),
        ("a", march(2022), None),
    ]
    assert replace(owned[0], last_day=None) != owned[0]
