"""Every kind of id in every place of every route, by every role: what is another's or sealed is not there."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import httpx
import pytest
import sqlalchemy as sa

from archive.routes import ROUTES
from storage import corrections, follows, notes, orders, people
from storage.schema.people import users
from storage.schema.press import article_versions
from storage.schema.work import corrections as corrections_table
from storage.schema.work import follows as follows_table
from storage.schema.work import notes as notes_table
from storage.schema.work import orders as orders_table
from tests.archive.conftest import Served, form_token
from tests.archive.test_orders import OURS
from tests.archive.world import NOW

SECRET = "Tamsinworth"
SETS = int(os.environ.get("ONRECORD_TEST_SETS", "1"))  # of six private things each; 33 make 200 ids
TABLES = (notes_table, follows_table, orders_table, corrections_table, users)


@dataclass(frozen=True)
class Held:
    """Ids of what is nobody's but an operator's, or another person's own; and of what everybody may read."""

    sealed: list[str]
    anothers: list[str]
    open: list[str]
    order: str

    @property
    def private(self) -> list[str]:
        return self.sealed + self.anothers

    @property
    def ids(self) -> list[str]:
        return self.private + self.open


@pytest.fixture
def held(served: Served) -> Held:
    world = served.world
    setting = world.setting("SC990010", provider=world.provider("Larkspur Limited"))
    visit = world.inspection(setting)
    article = world.article("open it was.", title="open")
    report = world.report(setting, visit, text="open it was.")
    world.link(article, setting_id=setting, inspection_id=visit)
    with served.store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "reader", at=NOW)
        said = corrections.report(connection, article, 0, said=SECRET, contact=SECRET, at=NOW)
        sealed = [user, str(said)]
        anothers = [notes.add(connection, user, "setting", setting, "a note of another's", at=NOW)]
    orders_made = []
    for number in range(SETS):
        some, order = sealed_things(served, number)
        sealed += some
        orders_made.append(order)
        with served.store.writing() as connection:
            told = f"{SECRET} of another's {number}"
            anothers.append(follows.follow(connection, user, "search", f"q={number}", told, at=NOW))
    served.index()
    opened = [article, setting, visit, report]
    return Held(sealed=sealed, anothers=anothers, open=opened, order=orders_made[0])


def sealed_things(served: Served, number: int) -> tuple[list[str], str]:
    """An article and a report held back, the article's capture, and the orders; and the article's order."""
    world = served.world
    setting = world.setting(f"SC9910{number:02}", provider=world.provider(f"Larkspur {number} Limited"))
    visit = world.inspection(setting)
    report = world.report(setting, visit, text=f"{SECRET} it was {number}.")
    article = world.article(f"{SECRET} it was {number}.", title=SECRET)
    world.link(article, setting_id=setting, inspection_id=visit)
    with served.store.writing() as connection:
        restrict = partial(orders.restrict, connection, reason=f"{SECRET} asked", who="Ada Moss", at=NOW)
        made = [restrict("article", article), restrict("report", report)]
        versions = sa.select(article_versions.c.capture_id).where(article_versions.c.article_id == article)
        capture = str(connection.scalar(versions))
    return [article, report, capture, *made], made[0]


def asked(method: str, ids: list[str]) -> Iterator[tuple[str, str]]:
    """Every route of that method with each id in its places, and the id."""
    for route in ROUTES:
        if method in (route.methods or ()) and not route.path.startswith(("/static", "/sign-")):
            for id_ in ids:
                yield re.sub(r"\{[^}]*\}", id_, route.path.replace("{mention}", "0")), id_


@pytest.mark.parametrize("role", [None, "reader", "reviewer"])
def test_no_id_in_any_place_shows_what_is_sealed_or_anothers(
    served: Served, held: Held, role: people.Role | None
) -> None:
    told, found = [], 0
    with served.client(role) as client:
        client.headers.update(served.token(role) if role else {})
        for path, _ in asked("GET", held.ids):
            got = client.get(path, follow_redirects=False)
            found += got.status_code == 200
            if SECRET.lower() in _whole(got).lower():
                told.append(path)
    assert told == []
    assert found >= (20 if role else 1), "the open ones are there"


def test_the_operator_sees_what_nobody_else_does(served: Served, held: Held) -> None:
    with served.client("operator") as client:
        client.headers.update(served.token("operator"))
        told = [path for path, _ in asked("GET", held.ids) if SECRET in client.get(path).text]
    assert f"/operator/orders/{held.order}" in told, "the test can find it"


@pytest.mark.parametrize("role", ["reader", "reviewer"])
def test_no_id_in_any_form_changes_what_is_anothers(served: Served, held: Held, role: people.Role) -> None:
    before = rows(served, held)
    with served.client(role) as client:
        token = form_token(client.get("/following").text)
        for path, id_ in asked("POST", held.private):
            names = (
                "id",
                "note",
                "follow",
                "about",
                "target",
                "item",
                "article",
                "order",
                "decision",
                "source",
            )
            form = dict.fromkeys(names, id_) | {"token": token, "reason": "x", "do": "end", "sure": "yes"}
            got = client.post(path, data=form, headers=OURS, follow_redirects=False)
            assert got.status_code < 500, path
            assert SECRET not in got.text, path
            assert rows(served, held) == before, path


def rows(served: Served, held: Held) -> list[tuple[object, ...]]:
    """The rows of what is another's, as they are."""
    with served.store.reading() as connection:
        return [
            tuple(row)
            for table in TABLES
            for row in connection.execute(
                sa.select(table).where(table.c.id.in_(held.ids)).order_by(table.c.id)
            )
        ]


def _whole(got: httpx.Response) -> str:
    """What the answer says, headers too."""
    return got.text + str(got.headers)
