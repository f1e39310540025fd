"""What a change of the record touches is linked again, and nothing else; the outcome is that of a full run."""

import datetime as dt
import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from crawler.geography.taking import take
from linker.grounds import FORMAT, Changed, Grounds
from storage import aliases, articles, changes
from storage.aliases import Alias
from storage.relinking import keep_grounds
from storage.schema.inspections import inspections
from storage.schema.registers import settings
from storage.store import Store
from tests.linker.factories import a_register as a_world
from tests.linker.invented_copies import a_story
from tests.linker.stored_world import AT, a_home, a_register, decisions, link, report, save, told
from tests.register_files import a_csv

HOMES = 80


@pytest.fixture
def press(store: Store) -> Store:
    """Eighty homes, and a story on every second one; linked."""
    a_register(store, [a_home(number) for number in range(1, HOMES + 1)])
    dice = random.Random(8)
    for number in range(1, HOMES + 1, 2):
        text = told(a_home(number)).split(" Inspectors wrote")[0]
        text = (
            text if number % 3 else text.replace(text.split(" run by ")[1].split(" was rated")[0], "a firm")
        )
        own = " ".join(a_story(dice, 3))
        save(store, f"paper{number}", f"{text} {own}", published="2023-01-04" if number % 5 else None)
    link(store)
    return store


def change(store: Store, table: sa.Table, column: str, value: object, *, count: int, seed: int) -> None:
    """Give some rows of a table another value, as if a newer register had said so."""
    with store.writing() as connection:
        ids = list(connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars())
        chosen = random.Random(seed).sample(ids, count)
        connection.execute(sa.update(table).where(table.c.id.in_(chosen)).values({column: value}))
        changes.note(connection, table.name.removesuffix("s"), chosen, AT)


CHANGES: dict[str, Callable[[Store, int], None]] = {
    "capacity": lambda store, seed: change(store, settings, "places", 6, count=2, seed=seed),
    "authority": lambda store, seed: change(store, settings, "local_authority", "Kent", count=2, seed=seed),
    "grade": lambda store, seed: change(store, inspections, "overall", "Inadequate", count=2, seed=seed),
    "day": lambda store, seed: change(
        store, inspections, "first_day", dt.date(2021, 3, 1), count=2, seed=seed
    ),
}


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("what", CHANGES)
def test_a_change_gives_what_a_full_run_gives(press: Store, what: str, seed: int) -> None:
    CHANGES[what](press, seed)
    again = link(press)
    assert len(again) < HOMES / 2 / 3
    few = decisions(press)
    link(press, everything=True)
    assert few == decisions(press)


def test_the_home_of_a_story_touches_it(press: Store) -> None:
    with press.writing() as connection:
        home = sa.select(settings.c.id).where(settings.c.urn == "SC700001").scalar_subquery()
        own = inspections.c.setting_id == home
        connection.execute(sa.update(inspections).where(own).values(first_day=dt.date(2019, 1, 1)))
        changes.note(connection, "inspection", connection.scalars(sa.select(inspections.c.id).where(own)), AT)
    with press.reading() as connection:
        id_ = articles.find(connection, "https://paper1.example/home")
    assert link(press) == [id_]


_OPEN = {
    "about": True,
    "level": "none",
    "answer": "several_fit",
    "margin": 4.0,
    "room": 3.0,
    "sure": False,
    "capacities": [4],
    "authorities": ["Rackendale"],
    "lies_there": True,
    "owners": [],
    "urns": [],
    "visits": [],
    "grade": "Good",
    "earlier": False,
    "serious": [],
}
_LINKED = {**_OPEN, "level": "inspection", "answer": "asserted"}


@pytest.mark.parametrize(
    ("told", "touched"),
    [
        (_OPEN, False),
        ({**_OPEN, "room": 0.5}, True),
        ({**_OPEN, "room": None}, True),
        ({**_OPEN, "answer": "too_little"}, True),
        ({**_OPEN, "answer": "too_little", "authorities": []}, False),
        (_LINKED, True),
        ({**_LINKED, "capacities": [7]}, False),
        ({**_LINKED, "capacities": [7], "margin": 0.4}, True),
        ({**_LINKED, "authorities": ["Marwick"], "owners": ["p"]}, False),
        ({**_LINKED, "authorities": ["Marwick"], "owners": ["p"], "lies_there": False}, True),
        ({**_LINKED, "serious": ["urn 1000001"], "authorities": ["Marwick"]}, True),
    ],
)
def test_a_record_that_could_change_nothing_touches_nothing(told: Grounds, *, touched: bool) -> None:
    home = {"urn": "1000001", "authority": "Rackendale", "provider": "p", "places": 4}
    visit = {"urn": "1000001", "day": "2022-11-20", "overall": "Good"}
    register = a_world(providers={"p": ["Marwick Homes Ltd"]}, settings=[home], inspections=[visit])
    (setting,) = (one.id for one in register.settings if one.urn == "1000001")
    inspection = register.inspections[-1].id
    told = {**told, "serious": [setting] if told["serious"] else []}
    day = {"published": ["2023-01-04", "2023-01-04"], "newest": str(register.newest)}
    coverage = register.coverage(dt.date(2023, 1, 4))
    grounds = {"format": FORMAT, "mentions": [told], "coverage": coverage, **day}
    assert Changed(register, {setting}, {inspection}, set()).touch(grounds) is touched


@pytest.mark.parametrize("kept", [{"mentions": [{"about": True, "margin": 9.0}], "published": None}, {}])
def test_what_was_linked_on_grounds_of_an_older_format_is_linked_again(
    press: Store, kept: dict[str, object]
) -> None:
    with press.writing() as connection:
        id_ = articles.find(connection, "https://paper1.example/home")
        keep_grounds(connection, {id_: kept})
    assert link(press) == []
    change(press, settings, "places", 9, count=1, seed=1)
    assert id_ in link(press)
    assert id_ not in link(press)


def test_without_a_change_nothing_is_linked_again(press: Store) -> None:
    assert link(press) == []


def test_a_home_that_comes_into_the_register_finds_its_story(press: Store) -> None:
    new = a_home(500)
    id_ = save(press, "gazette", told(new), published="2023-01-04")
    link(press)
    assert decisions(press)["https://gazette.example/home"][1] != "asserted"
    a_register(press, [*(a_home(n) for n in range(1, HOMES + 1)), new], dt.date(2023, 4, 30))
    assert id_ in link(press)
    assert decisions(press)["https://gazette.example/home"][1] == "asserted"


def test_a_report_of_an_inspection_that_was_known_finds_the_story_that_quotes_it(press: Store) -> None:
    words = "a bag of knives lay beneath the trampoline for a week"
    text = f'A children\'s home was told to improve. "{words.capitalize()}," Ofsted wrote in its report.'
    id_ = save(press, "gazette", text, published="2023-01-04")
    link(press)
    report(press, 5, f"The staff know the children well. {words.capitalize()}. Nobody saw to it.")
    assert id_ in link(press)
    report(press, 5, f"The staff are kind. {words.capitalize()} and more. Nobody saw to it.")
    assert id_ in link(press)
    assert link(press) == []


def test_a_new_name_finds_the_stories_that_print_it(press: Store) -> None:
    owner = a_home(7)["Organisation which owns the provider"]
    text = told(a_home(7)).replace(owner, "Brightwell Futures")
    id_ = save(press, "gazette", text, published="2023-01-04")
    link(press)
    with press.writing() as connection:
        aliases.add(connection, Alias(provider=owner, name="Brightwell Futures"), origin="ruth", at=AT)
    again = link(press)
    assert id_ in again
    assert len(again) < 5


def test_new_places_have_everything_linked_again(press: Store) -> None:
    table = a_csv([{"place": "Fennymere", "kinds": "village", "upper_tier_la": "Kent"}])
    take(press, "places.csv", table, AT)
    assert len(link(press)) == HOMES / 2


def test_a_register_grown_by_a_tenth_has_everything_linked_again(press: Store) -> None:
    a_register(press, [a_home(number) for number in range(1, HOMES + 40)], dt.date(2023, 4, 30))
    assert len(link(press)) == HOMES / 2
