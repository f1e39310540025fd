"""Every real table of 2013-2025: all taken, read right, and a damaged one refused."""

import datetime as dt
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from crawler.regulators.ofsted import OFSTED
from crawler.regulators.taking import File, Taken, take_changes, take_inspections, take_register
from storage import providers, registers
from storage.errors import RefusedFile
from storage.schema.inspections import inspections
from storage.schema.people import changes
from storage.schema.registers import providers as providers_table
from storage.schema.registers import register_rows, settings
from storage.store import Store
from tests.real_record import AT, a_file, make, tables, told_of

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def taken(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Taken]]]:
    """One archive with all of them, and what was said of each."""
    archive = make(shared, tmp_path_factory)
    with Store.at(archive, write=True) as store:
        yield store, told_of(archive)


@pytest.fixture(scope="module")
def store(taken: tuple[Store, list[Taken]]) -> Store:
    return taken[0]


def one(store: Store, query: sa.Select[tuple[object, ...]]) -> object:
    with store.reading() as connection:
        return connection.execute(query).scalar()


def test_every_file_is_taken_and_every_column_known(taken: tuple[Store, list[Taken]]) -> None:
    _, told = taken
    assert len(told) == 29
    assert all(one.new for one in told)
    assert sum(one.rows_read for one in told) > 70_000
    assert [one.findings["unplaced"] for one in told if "unplaced" in one.findings] == []
    assert [one.findings["unknown_words"] for one in told if "unknown_words" in one.findings] == []


def test_only_training_centres_with_old_numbers_go_aside(taken: tuple[Store, list[Taken]]) -> None:
    reasons = [row["reason"] for one in taken[1] for row in one.rejected]
    assert set(reasons) == {"the URN is not one of a setting"}
    assert len(reasons) == 8


def test_the_register_grew_by_44_percent_and_was_taken(taken: tuple[Store, list[Taken]]) -> None:
    counts = {one.as_of: one.settings for one in taken[1] if one.kind == "register" and one.as_of}
    assert round(counts[dt.date(2025, 3, 31)] / counts[dt.date(2024, 3, 31)], 2) == 1.44


def test_a_snapshot_is_given_back_whole(store: Store) -> None:
    with store.reading() as connection:
        assert len(registers.as_of(connection, "ofsted", dt.date(2019, 9, 1))) == 2864
        assert len(registers.as_of(connection, "ofsted", dt.date(2025, 4, 1))) == 5600


@pytest.mark.parametrize(
    ("urn", "day", "published", "overall"),
    [
        ("SC033362", dt.date(2023, 7, 25), dt.date(2023, 8, 29), "Good"),
        ("2509670", dt.date(2023, 4, 27), None, "Inadequate"),
    ],
)
def test_known_inspections(
    store: Store, urn: str, day: dt.date, published: dt.date | None, overall: str
) -> None:
    query = (
        sa.select(inspections)
        .join(settings)
        .where(settings.c.urn == urn, inspections.c.first_day == day, inspections.c.kind == "full")
    )
    with store.reading() as connection:
        row = connection.execute(query).mappings().one()
    assert row["overall"] == overall
    assert published in {None, row["published"]}
    assert row["provider_id"] is not None


def test_no_withheld_name_is_kept(store: Store) -> None:
    for table in (settings, register_rows):
        query = sa.select(sa.func.count()).where(table.c.name.ilike("%redacted%"))
        assert one(store, query) == 0
    withheld = sa.select(sa.func.count()).where(settings.c.name_withheld, settings.c.name.is_not(None))
    assert one(store, withheld) == 0


def test_inspections_are_joined_and_not_doubled(store: Store) -> None:
    """No setting has two full inspections in one week, but for six of 2015 told twice in one table."""
    other = inspections.alias()
    pairs = sa.select(inspections.c.first_day, other.c.first_day).where(
        inspections.c.setting_id == other.c.setting_id,
        inspections.c.kind == "full",
        other.c.kind == "full",
        inspections.c.id < other.c.id,
    )
    with store.reading() as connection:
        near = sum(abs((a - b).days) <= 7 for a, b in connection.execute(pairs))
        joined = connection.execute(sa.select(sa.func.count()).select_from(inspections)).scalar_one()
    assert near <= 6
    assert joined < 38_500  # of 72,000 claims


def test_councils_stay_apart_and_their_spellings_together(store: Store) -> None:
    with store.reading() as connection:
        ids = {
            name: providers.living(connection, name)
            for name in ("Derby City Council", "Derbyshire County Council", "North Tyneside Council")
        }
        assert len(set(ids.values())) == 3
        assert providers.living(connection, "Stockport MBC") == providers.living(
            connection, "Stockport Metropolitan Borough Council"
        )
        persons = connection.execute(
            sa.select(sa.func.count()).where(providers_table.c.natural_person)
        ).scalar_one()
    assert persons == 1


def test_repeating_changes_nothing_and_the_workbook_is_known(store: Store, shared: Path) -> None:
    before = one(store, sa.select(sa.func.max(changes.c.seq)))
    again = [take(store, a_file(path), AT) for take, path in tables(shared)[::9]]
    book = a_file(next((shared / "data/ofsted/workbook_2025").glob("*.ods")))
    in_book = File(name=book.name, content=book.content, regulator=OFSTED)
    again += [take_register(store, book, AT)]
    again += [take(store, in_book, AT) for take in (take_inspections, take_changes)]
    assert not any(one.new for one in again)
    assert one(store, sa.select(sa.func.max(changes.c.seq))) == before


def mutants(content: bytes) -> Iterator[tuple[str, bytes]]:
    lines = content.split(b"\n")
    head, rows = lines[:4], lines[4:]
    chance = random.Random(9)
    yield "half", b"\n".join([*head, *rows[: len(rows) // 2]])
    yield "first kind only", b"\n".join([*head, *(row for row in rows if b"Fostering" in row)])
    yield "cut", content[: len(content) * 2 // 3]
    yield "no header", b"\n".join(rows)
    yield "wrong characters", content.decode("utf-8-sig").encode("utf-16-le")
    yield (
        "authority and sector swapped",
        content.replace(b"Local authority", b"@", 1)
        .replace(b"Sector", b"Local authority", 1)
        .replace(b"@", b"Sector", 1),
    )
    yield (
        "one address",
        b"\n".join([*head, *(re.sub(rb"\b(SC\d{6}|\d{7})\b", b"SC000001", r, count=1) for r in rows)]),
    )
    shuffled = [row.split(b",") for row in rows]
    for row in shuffled:
        chance.shuffle(row)
    yield "shuffled cells", b"\n".join([*head, *(b",".join(row) for row in shuffled)])


def test_damaged_real_registers_are_refused(store: Store, shared: Path) -> None:
    path = shared / "data/ofsted/registers/provider_at_march_2023.csv"
    before = one(store, sa.select(sa.func.max(changes.c.seq)))
    for name, content in mutants(path.read_bytes()):
        mutant = File(name=name, content=content, regulator=OFSTED, as_of=dt.date(2026, 3, 31))
        with pytest.raises(RefusedFile):
            take_register(store, mutant, AT)
    assert one(store, sa.select(sa.func.max(changes.c.seq))) == before
