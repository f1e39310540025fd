"""Aliases, groups, merges and splits of providers by hand outlive imports of registers and can be undone."""

import datetime as dt

import pytest
import sqlalchemy as sa

from onrecord import aliasfile
from storage import aliases, regrouping
from storage.aliases import Alias
from storage.errors import NotFound, RefusedFile, StorageError
from storage.schema.inspections import inspections
from storage.schema.registers import ownerships, provider_names, providers, register_rows, settings
from storage.store import Store
from tests.linker.stored_world import a_home, a_register

AT = dt.datetime(2025, 6, 1, 9, tzinfo=dt.UTC)
BY = ("ruth", AT, None)
OWNER = "Organisation which owns the provider"
NORTH, SOUTH = "Larkspur Homes (North) Limited", "Dunlin Care Ltd"


def rows(owner: str = NORTH) -> list[dict[str, str]]:
    """Ten homes, of which the first three are the owner's and two Dunlin's."""
    named = {1: owner, 2: owner, 3: owner, 4: SOUTH, 5: SOUTH}
    return [a_home(number, **({OWNER: named[number]} if number in named else {})) for number in range(1, 11)]


@pytest.fixture
def register(store: Store) -> Store:
    a_register(store, rows())
    return store


def who(store: Store, name: str) -> str:
    with store.reading() as connection:
        return aliases.find(connection, name)


def owned(store: Store, provider: str) -> tuple[int, ...]:
    """How many settings, ownerships, register rows and inspections are a provider's."""
    with store.reading() as connection:
        return tuple(
            connection.execute(
                sa.select(sa.func.count()).select_from(table).where(table.c.provider_id == provider)
            ).scalar_one()
            for table in (settings, ownerships, register_rows, inspections)
        )


def everything(store: Store) -> list[list[tuple[object, ...]]]:
    """All that says who owns what, for comparing."""
    with store.reading() as connection:
        return [
            sorted(map(tuple, connection.execute(sa.select(*columns))), key=repr)
            for columns in (
                (settings.c.id, settings.c.provider_id),
                (register_rows.c.setting_id, register_rows.c.provider_id),
                (inspections.c.id, inspections.c.provider_id),
                (ownerships.c.setting_id, ownerships.c.provider_id, ownerships.c.first_day),
                (provider_names.c.provider_id, provider_names.c.name),
                (providers.c.id, providers.c.name, providers.c.merged_into),
            )
        ]


def test_an_alias_and_a_group_outlive_another_register(register: Store) -> None:
    with register.writing() as connection:
        assert aliases.add(connection, Alias(provider=NORTH, name="Brightwell"), origin="ruth", at=AT)
        aliases.add(
            connection, Alias(provider=NORTH, name="The Meadow Group", kind="group"), origin="ruth", at=AT
        )
        assert not aliases.add(connection, Alias(provider=NORTH, name="Brightwell"), origin="ruth", at=AT)
    a_register(register, rows(), dt.date(2024, 3, 31))
    with register.reading() as connection:
        assert aliases.names(connection)[who(register, NORTH)] == ["Brightwell", "The Meadow Group"]
        group = sa.select(providers.c.group_name).where(providers.c.id == who(register, NORTH))
        assert connection.execute(group).scalar() == "The Meadow Group"


def test_an_alias_follows_a_merged_provider(register: Store) -> None:
    with register.writing() as connection:
        aliases.add(connection, Alias(provider=SOUTH, name="Dunlin Futures"), origin="ruth", at=AT)
        regrouping.merge(connection, who(register, NORTH), who(register, SOUTH), BY)
        assert aliases.names(connection) == {who(register, NORTH): ["Dunlin Futures"]}


def test_an_unknown_provider_is_said_with_its_likes(register: Store) -> None:
    with register.reading() as connection, pytest.raises(NotFound, match="did you mean Larkspur Homes"):
        aliases.find(connection, "Larkspor Hommes (North)")


def test_a_file_replaces_what_it_said_before(register: Store) -> None:
    first = f"provider,name,kind\n{NORTH},Brightwell,\n{SOUTH},Dunlin Futures,alias\nNobody Ltd,Nobody,\n"
    second = f"provider,name\n{NORTH},Brightwell\n{NORTH},Bright Days\n"
    with register.writing() as connection:
        one = aliases.replace_file(connection, aliasfile.read("a.csv", first.encode()), origin="a", at=AT)
        two = aliases.replace_file(connection, aliasfile.read("a.csv", second.encode()), origin="a", at=AT)
        assert (one.added, one.removed, one.unknown) == (2, 0, ("Nobody Ltd",))
        assert (two.added, two.removed, two.unknown) == (1, 1, ())
        assert aliases.names(connection) == {who(register, NORTH): ["Bright Days", "Brightwell"]}


def test_the_file_may_be_toml() -> None:
    text = '[[provider]]\nname = "Dunlin Care Ltd"\naliases = ["Dunlin Futures"]\ngroup = "Waders"\n'
    assert aliasfile.read("names.toml", text.encode()) == [
        Alias(provider=SOUTH, name="Dunlin Futures"),
        Alias(provider=SOUTH, name="Waders", kind="group"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "provider,name,kind\nX,Y,nickname\n", "line 2: kind 'nickname'"),
        ("a.csv", "provider,name\nX,\n", "line 2: give both"),
        ("a.csv", "who,what\nX,Y\n", "columns provider and name"),
        ("a.toml", "[[provider]\n", "is no TOML"),
        ("a.toml", "", "no provider another name"),
    ],
)
def test_a_wrong_file_is_refused_by_its_line(name: str, text: str, said: str) -> None:
    with pytest.raises(RefusedFile, match=said):
        aliasfile.read(name, text.encode())


def test_merged_by_hand_stays_merged_and_comes_apart_again(register: Store) -> None:
    before, kept, other = everything(register), who(register, NORTH), who(register, SOUTH)
    with register.writing() as connection:
        seq = regrouping.merge(connection, kept, other, BY)
    assert owned(register, kept) == (5, 5, 5, 5)
    a_register(register, rows(), dt.date(2024, 3, 31))
    assert who(register, SOUTH) == kept
    assert owned(register, other) == (0, 0, 0, 0)
    with register.writing() as connection:
        regrouping.undo(connection, seq, BY)
    assert owned(register, other)[0] == 2
    assert who(register, SOUTH) == other
    assert len(before[0]) == len(everything(register)[0])


def test_undoing_a_merge_leaves_nothing_behind(register: Store) -> None:
    before = everything(register)
    with register.writing() as connection:
        seq = regrouping.merge(connection, who(register, NORTH), who(register, SOUTH), BY)
        regrouping.undo(connection, seq, BY)
    assert everything(register) == before


def test_split_by_hand_stays_apart_whatever_spelling_comes(store: Store) -> None:
    a_register(store, rows())
    slip = NORTH.replace("Larkspur", "Larkspurr")
    a_register(store, rows(slip), dt.date(2024, 3, 31))
    kept = who(store, NORTH)
    assert who(store, slip) == kept
    with store.writing() as connection:
        seq = regrouping.split(connection, kept, [slip], BY)
    other = who(store, slip)
    assert other != kept
    a_register(store, rows(NORTH.upper()), dt.date(2025, 3, 31))
    assert (who(store, NORTH), who(store, slip)) == (kept, other)
    with store.writing() as connection:
        regrouping.undo(connection, seq, BY)
    assert who(store, slip) == kept


def test_what_cannot_be_decided_is_said(register: Store) -> None:
    north = who(register, NORTH)
    with register.writing() as connection:
        with pytest.raises(StorageError, match="one provider already"):
            regrouping.merge(connection, north, north, BY)
        with pytest.raises(NotFound, match="no spelling of it"):
            regrouping.split(connection, north, ["Nobody Ltd"], BY)
        with pytest.raises(StorageError, match="leave it at least one"):
            regrouping.split(connection, north, [NORTH], BY)
        with pytest.raises(NotFound, match="no decision 9"):
            regrouping.undo(connection, 9, BY)
