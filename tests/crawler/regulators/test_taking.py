"""Taking files: all or nothing, twice is once, and no damaged register touches what stands."""

import datetime as dt
import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crawler.errors import TooSlow
from crawler.extract.pool import Pool
from crawler.extract.worker import Limits
from crawler.regulators.ofsted import OFSTED
from crawler.regulators.taking import File, Taken, read_in, take_changes, take_inspections, take_register
from storage.errors import RefusedFile
from storage.schema import metadata
from storage.schema.registers import register_rows, rejected_rows, settings, snapshots
from storage.store import Store
from tests.register_files import a_csv, a_home, a_leaver, a_register, homes, visits

AT = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
MARCH = {year: dt.date(year, 3, 31) for year in range(2015, 2027)}


def a_file(content: bytes, year: int | None = None, *, name: str = "", accept: bool = False) -> File:
    return File(
        name=name or f"register-{year}.csv",
        content=content,
        regulator=OFSTED,
        as_of=MARCH[year] if year else None,
        accept=accept,
    )


def register(store: Store, content: bytes, year: int = 2023, *, accept: bool = False) -> Taken:
    return take_register(store, a_file(content, year, accept=accept), AT)


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the archive, to be compared."""
    with store.reading() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def count(store: Store, table: sa.Table) -> int:
    with store.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_register_is_taken_whole(store: Store) -> None:
    taken = register(store, a_register(30))
    assert (taken.new, taken.settings, taken.inspections, taken.rejected) == (True, 30, 30, [])
    assert count(store, settings) == 30


def test_a_child_reads_the_same_and_may_be_killed(store: Store) -> None:
    before = contents(store)
    with Pool(workers=1) as pool, pytest.raises(RefusedFile, match="is a web page"):
        take_register(store, a_file(b"<html>Not here", 2023), AT, read_in(pool))
    with Pool(workers=1, limits=Limits(wall=0.01)) as pool, pytest.raises(TooSlow):
        take_register(store, a_file(a_register(30), 2023), AT, read_in(pool))
    assert contents(store) == before
    with Pool(workers=1) as pool:
        taken = take_register(store, a_file(a_register(30), 2023), AT, read_in(pool))
    assert (taken.new, taken.settings, taken.inspections, taken.rejected) == (True, 30, 30, [])
    assert not register(store, a_register(30)).new


def test_repeating_changes_nothing(store: Store) -> None:
    register(store, a_register(30))
    take_inspections(store, a_file(a_csv(visits(30)), name="in-year.csv"), AT)
    take_changes(store, a_file(a_csv([a_leaver(n) for n in range(1, 9)]), name="changes.csv"), AT)
    before = contents(store)
    assert not register(store, a_register(30)).new
    assert not take_inspections(store, a_file(a_csv(visits(30)), name="renamed.csv"), AT).new
    assert not take_changes(store, a_file(a_csv([a_leaver(n) for n in range(1, 9)])), AT).new
    assert contents(store) == before


def test_the_same_records_in_another_file_are_known(store: Store) -> None:
    register(store, a_register(30))
    before = contents(store)
    taken = register(store, a_csv(homes(30), delimiter=";", titles=[["Some title"]]))
    assert (taken.new, taken.findings["same_as"]) == (False, "register-2023.csv")
    assert contents(store) == before


def test_rows_set_aside_are_kept_with_their_reason_and_no_address(store: Store) -> None:
    bad = a_home(31, URN="unknown", Address_1="12 Sallow Lane")
    taken = register(store, a_csv([*homes(30), bad]))
    assert taken.rejected == [{"line": 32, "urn": None, "reason": "the URN is not one of a setting"}]
    with store.reading() as connection:
        row = connection.execute(sa.select(rejected_rows)).mappings().one()
    assert (row["line"], row["fields"]) == (32, {})


def test_a_fall_of_more_than_forty_percent_refuses_unless_accepted(store: Store) -> None:
    register(store, a_register(30), 2023)
    before = contents(store)
    with pytest.raises(RefusedFile, match=r"children's home 30 → 17; if this is right, .*--accept"):
        register(store, a_register(17), 2024)
    assert contents(store) == before
    assert register(store, a_register(17), 2024, accept=True).new


@pytest.mark.parametrize("count_", [18, 30, 44])
def test_smaller_falls_and_any_rise_are_taken(store: Store, count_: int) -> None:
    register(store, a_register(30), 2023)
    assert register(store, a_register(count_), 2024).new


def test_one_kind_that_falls_away_refuses(store: Store) -> None:
    agencies = [a_home(n, URN=str(1000000 + n), Provision_type="Boarding School") for n in range(10)]
    register(store, a_csv([*homes(30), *agencies]), 2023)
    with pytest.raises(RefusedFile, match="boarding school 10 → 0"):
        register(store, a_register(30), 2024)


def test_of_a_kind_with_two_one_may_close(store: Store) -> None:
    centres = [a_home(n, URN=str(1000000 + n), Provision_type="Secure Training Centre") for n in range(2)]
    register(store, a_csv([*homes(30), *centres]), 2023)
    assert register(store, a_csv([*homes(30), centres[0]]), 2024).new


def test_an_older_register_may_lack_a_kind_that_had_not_begun(store: Store) -> None:
    begun = [a_home(n, URN=str(1000000 + n), Provision_type="Supported Accommodation") for n in range(15)]
    register(store, a_csv([*homes(30), *begun]), 2024)
    assert register(store, a_register(30), 2020).new
    with pytest.raises(RefusedFile, match="children's home 30 → 12"):
        register(store, a_register(12), 2019)


def test_two_settings_under_one_number_go_aside(store: Store) -> None:
    twin = a_home(205, URN="SC700001", Registration_date="01/01/1999", Places="9")
    taken = register(store, a_csv([*homes(200), twin]))
    assert {row["reason"] for row in taken.rejected} == {"the number stands for two settings"}
    assert (taken.settings, len(taken.rejected)) == (199, 2)


def test_a_row_said_twice_is_taken_once(store: Store) -> None:
    taken = register(store, a_csv([*homes(30), a_home(1)]))
    assert (taken.settings, taken.findings["said_twice"]) == (30, 1)


def test_a_table_of_inspections_is_no_snapshot(store: Store) -> None:
    register(store, a_register(30))
    take_inspections(store, a_file(a_csv(visits(10)), name="in-year.csv"), AT)
    with store.reading() as connection:
        assert list(connection.execute(sa.select(snapshots.c.complete)).scalars()) == [True, False]
        statuses = set(connection.execute(sa.select(settings.c.status)).scalars())
    assert statuses == {"Active"}


def test_a_write_that_fails_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    register(store, a_register(30), 2022)
    before = contents(store)

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("storage.inspections.refresh", stopped)
    with pytest.raises(KeyboardInterrupt):
        register(store, a_register(31), 2023)
    assert contents(store) == before


GOOD = homes(120)
LINES = a_csv(GOOD).split(b"\r\n")
SECOND = {"Local authority": "Name", "Name": "Local authority"}


def shuffled_names() -> bytes:
    chance = random.Random(3)
    places = [row["Local authority"] for row in GOOD]
    chance.shuffle(places)
    authorities = ["Bury", "Wirral", "Suffolk", "Essex", "Dorset"]
    return a_csv([row | {"Local authority": chance.choice(authorities)} for row in GOOD])


def with_cells(heading: str, cell: Callable[[int], str], rows: int = 120) -> bytes:
    return a_csv([row | {heading: cell(n)} if n < rows else row for n, row in enumerate(GOOD)])


MUTANTS: dict[str, bytes] = {
    "half the file": b"\r\n".join(LINES[:50]) + b"\r\n",
    "cut in a line": a_csv(GOOD)[:-60],
    "cut in a quoted cell": a_csv(GOOD).replace(b"SC700050", b'"SC700050', 1),
    "empty": b"",
    "header only": LINES[0] + b"\r\n",
    "no header": b"\r\n".join(LINES[1:]),
    "a web page": b"<html><body>503 Service Unavailable</body></html>",
    "bytes of nothing": bytes(random.Random(1).randrange(256) for _ in range(4000)),
    "an id twice with other values": a_csv([*GOOD, GOOD[0] | {"Places": "9"}]),
    "an id on every row": with_cells("URN", lambda _: "SC700001"),
    "authority and region swapped": a_csv(
        GOOD,
        headings={
            "Local authority": "Government Office Region",
            "Government Office Region": "Local authority",
        },
    ),
    "authority and name swapped": a_csv(GOOD, headings=SECOND),
    "owner and sector swapped": a_csv(
        GOOD,
        headings={
            "Sector": "Organisation which owns the provider",
            "Organisation which owns the provider": "Sector",
        },
    ),
    "every authority another": shuffled_names(),
    "every owner another": with_cells(
        "Organisation which owns the provider", lambda n: f"Newcomer {n} Holdings Ltd"
    ),
    "wrong character set": a_csv(GOOD).decode().encode("utf-16-le"),
    "formulas for numbers": with_cells("URN", lambda n: f"=A{n}+1"),
    "formulas for owners": with_cells("Organisation which owns the provider", lambda _: "=HYPERLINK(1)"),
    "days of another country": with_cells("Latest full inspection date", lambda n: f"11/{n % 12 + 13}/2022"),
    "all numbers of schools": with_cells("URN", lambda n: str(100000 + n)),
    "kinds of another register": with_cells("Provision type", lambda _: "Nursery"),
    "a column missing": a_csv([{k: v for k, v in row.items() if k != "URN"} for row in GOOD]),
    "inspections for a register": a_csv(visits(120)),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_damaged_register_is_refused_and_the_archive_unchanged(store: Store, mutant: str) -> None:
    register(store, a_csv(GOOD), 2023)
    before = contents(store)
    with pytest.raises(RefusedFile) as refused:
        register(store, MUTANTS[mutant], 2024)
    assert "\n" not in str(refused.value)
    assert contents(store) == before


@pytest.mark.parametrize("rows", [1, 5, 40])
def test_a_few_bad_rows_go_aside_and_the_rest_is_taken(store: Store, rows: int) -> None:
    register(store, a_csv(GOOD), 2023)
    taken = register(store, with_cells("URN", lambda n: f"=A{n}+1", rows), 2024)
    assert (taken.settings, len(taken.rejected)) == (120 - rows, rows)
    with store.reading() as connection:
        held = connection.execute(sa.select(sa.func.count()).select_from(register_rows)).scalar()
    assert held == 240 - rows


def test_a_new_column_appears_nowhere(store: Store) -> None:
    register(store, a_csv([row | {"Postcode2": "ZZ1 1ZZ", "Premises name": "Foxglove"} for row in GOOD]))
    stored = repr(contents(store))
    assert "ZZ1 1ZZ" not in stored
    assert "Foxglove" not in stored
    assert "Postcode2" in stored
