"""Every kind of id in every place of every route, by every role: what is another's or sealed is not there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import sqlalchemy as sa

from archive.routes import ROUTES
from storage import corrections, follows, notes, orders, people
from storage.schema.people import users
from storage.schema.work import corrections as corrections_table
from storage.schema.work import follows as follows_table
from storage.schema.work import notes as notes_table
from storage.schema.work import orders as orders_table
from tests.archive.conftest import Served, form_token
from tests.archive.test_orders import OURS
from tests.archive.world import NOW

SECRET = "Tamsinworth"
TABLES = (notes_table, follows_table, orders_table, corrections_table, users)


@dataclass(frozen=True)
class Held:
    """Ids of what is nobody's but an operator's, or another person's own; and of what everybody may read."""

    sealed: dict[str, str]
    anothers: dict[str, str]
    open: dict[str, str]

    @property
    def ids(self) -> list[str]:
        return list({**self.sealed, **self.anothers, **self.open}.values())


@pytest.fixture
def held(served: Served) -> Held:
    world = served.world
    settings = [
        world.setting(f"SC99001{n}", provider=world.provider(f"Larkspur {n} Limited")) for n in range(2)
    ]
    visits = [world.inspection(setting) for setting in settings]
    reports = [
        world.report(settings[n], visits[n], text=f"{SECRET if n else 'open'} it was.") for n in range(2)
    ]
    articles = [
        world.article(f"{SECRET if n else 'open'} it was.", title=f"{SECRET if n else 'open'}")
        for n in range(2)
    ]
    for article, setting, visit in zip(articles, settings, visits, strict=True):
        world.link(article, setting_id=setting, inspection_id=visit)
    with served.store.writing() as connection:
        by = {"reason": f"{SECRET} asked", "who": "Ada Moss", "at": NOW}
        order = orders.restrict(connection, "article", articles[1], **by)
        other = orders.restrict(connection, "report", reports[1], **by)
        user = people.add_user(connection, "Ada Moss", "reader", at=NOW)
        note = notes.add(connection, user, "setting", settings[0], "a note of another's", at=NOW)
        follow = follows.follow(connection, user, "search", "q=x", f"{SECRET} of another's", at=NOW)
        said = corrections.report(connection, articles[0], 0, said=f"{SECRET} said", contact=SECRET, at=NOW)
        token = connection.scalar(
            sa.text("select capture_id from article_versions where article_id = :a"), {"a": articles[1]}
        )
    served.index()
    sealed = {"article": articles[1], "report": reports[1], "order": order, "order of a report": other}
    return Held(
        sealed=sealed | {"correction": said, "capture": str(token), "user": user},
        anothers={"note": note, "follow": follow},
        open={"article": articles[0], "setting": settings[0], "inspection": visits[0], "report": reports[0]},
    )


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
    assert f"/operator/orders/{held.sealed['order']}" in told, "the test can find it"


@pytest.mark.parametrize("role", ["reader", "reviewer"])
def test_no_id_in_any_form_changes_what_is_anothers(served: Served, held: Held, role: people.Role) -> None:
    before = rows(served, held)
    with served.client(role) as client:
        token = form_token(client.get("/following").text)
        for path, id_ in asked("POST", list({**held.sealed, **held.anothers}.values())):
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
