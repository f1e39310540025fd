"""What is new since a person looked, marked as seen by a button, and counted for what they follow."""

import datetime as dt
from dataclasses import replace

import httpx
import pytest
import sqlalchemy as sa

from archive.reading.news import News, news
from storage import changes, looks, people
from storage.dates import utc_now
from storage.looks import Look
from storage.schema.links import judgements, links
from storage.schema.people import users
from storage.schema.press import articles
from storage.store import Store
from tests.archive.conftest import Served
from tests.archive.test_following import post
from tests.archive.world import NOW, World

BEFORE = Look(seq=0, at=NOW - dt.timedelta(hours=1))


def lively(world: World) -> dict[str, str]:
    """News of every kind, all of it made at NOW."""
    provider = world.provider(group_name="The Meadow Group")
    setting = world.setting(provider=provider)
    inspection = world.inspection(setting)
    world.report(setting, inspection)
    linked = world.article("Larkspur Care was told to improve.", title="Told to improve")
    world.link(linked, inspection_id=inspection, setting_id=setting, provider_id=provider)
    gone = world.article("Another.", title="Not so after all")
    world.link(gone, status="withdrawn", withdrawn_at=NOW, inspection_id=inspection, setting_id=setting)
    changed = "https://www.bolton-beacon.example/changed"
    world.article("first words", url=changed, title="Reworded")
    world.article("other words", url=changed, title="Reworded")
    with world.store.writing() as connection:
        row = {"article_id": linked, "mention": 0, "decision": "confirmed", "who": "Ben Ash", "at": NOW}
        row |= {"shown": {}, "previous_hash": "", "hash": "x", "setting_id": setting}
        connection.execute(sa.insert(judgements).values(**row))
        connection.execute(sa.text("update reports set import_id = (select id from imports limit 1)"))
    return {"provider": provider, "setting": setting, "linked": linked, "inspection": inspection}


def told(store: Store, look: Look = BEFORE, limit: int = 50) -> dict[News, list[str]]:
    with store.reading() as connection:
        return {part.kind: [one.title for one in part.items] for part in news(connection, look, limit=limit)}


def test_every_kind_of_news_is_told_once(store: Store) -> None:
    lively(World(store))
    home = "Children's home in Bolton, SC990011"
    assert told(store) == {
        "linked": ["Told to improve"],
        "withdrawn": ["Not so after all"],
        "report": [f"{home}: full inspection, 5 to 6 March 2024"],
        "inspection": [f"{home}: full inspection, 5 to 6 March 2024"],
        "text": ["Reworded"],
        "decision": ["Told to improve"],
    }


def test_what_was_seen_is_no_news(store: Store) -> None:
    lively(World(store))
    assert told(store, Look(seq=0, at=NOW)) == {}
    with store.reading() as connection:
        newest = changes.last(connection)
    assert told(store, replace(BEFORE, seq=newest)).keys() == {"decision"}, "that goes by its time alone"


def test_restricted_articles_are_no_news(store: Store) -> None:
    lively(World(store))
    with store.writing() as connection:
        connection.execute(sa.update(articles).values(restriction="restricted"))
    assert told(store).keys() == {"report", "inspection"}


def test_a_long_list_stops_and_says_so(store: Store) -> None:
    world = World(store)
    for _ in range(4):
        world.link(
            world.article(), setting_id=world.setting(), inspection_id=None
        ) if not world.made else None
        world.link(world.article(), status="linked")
    with store.reading() as connection:
        (part,) = (one for one in news(connection, BEFORE, limit=2) if one.kind == "linked")
    assert (len(part.items), part.more) == (2, True)


def test_a_look_never_goes_back(store: Store) -> None:
    with store.writing() as connection:
        ada = people.add_user(connection, "Ada Moss", "reader", at=NOW)
        assert looks.last(connection, ada) == Look(seq=0, at=NOW)
        looks.mark(connection, ada, Look(seq=9, at=NOW))
        looks.mark(connection, ada, Look(seq=4, at=NOW))
        assert looks.last(connection, ada).seq == 9


@pytest.fixture
def back(served: Served):  # type: ignore[no-untyped-def]
    """A reader whose account is older than the news."""
    with served.client("reader") as client:
        with served.store.writing() as connection:
            connection.execute(sa.update(users).values(made_at=BEFORE.at))
        yield client


def test_the_button_marks_what_the_page_showed(served: Served, back: httpx.Client) -> None:
    lively(served.world)
    page = back.get("/since").text
    assert "Told to improve" in page
    assert "Ben Ash: confirmed" in page
    seq = page.split('name="seq" value="')[1].split('"')[0]
    with served.store.writing() as connection:  # what comes while the page is being read
        connection.execute(sa.update(links).where(links.c.status == "linked").values(decided_at=utc_now()))
        later = connection.execute(sa.select(links.c.id).where(links.c.status == "linked")).scalar_one()
        changes.note(connection, "link", [later], utc_now() + dt.timedelta(seconds=1))
    shown_at = page.split('name="at" value="')[1].split('"')[0]
    assert post(back, "/since", seq=seq, at=shown_at).status_code == 303
    after = back.get("/since").text
    assert "Reworded" not in after
    assert "Told to improve" in after
    assert post(back, "/since", seq="x").status_code == 422


def test_follows_count_what_is_new_of_them(served: Served, back: httpx.Client) -> None:
    there = lively(served.world)
    served.index()
    followed = {
        "provider": there["provider"],
        "group": "The Meadow Group",
        "setting": there["setting"],
        "authority": "Bolton",
        "outlet": "Bolton Beacon",
        "search": "q=improve+kind:article",
    }
    for what, target in followed.items():
        assert post(back, "/follow", what=what, target=target, title=what).status_code == 303
    rows = back.get("/following").text.split("<tbody>")[1].split("</tr>")
    new = {
        row.split('">')[2].split("</a>")[0]: row.split('class="number">')[1].split("</td>")[0]
        for row in rows
        if "<td>" in row
    }
    assert new == {
        "provider": "4",  # two stories, the report, the inspection
        "group": "4",
        "setting": "4",
        "authority": "4",
        "outlet": "3",
        "search": "1",
    }
    seq = back.get("/since").text.split('name="seq" value="')[1].split('"')[0]
    post(back, "/since", seq=seq)
    assert '<td class="number">–</td>' in back.get("/following").text


def test_nothing_new_says_so(served: Served, reader: httpx.Client) -> None:
    assert "Nothing has changed since then" in reader.get("/since").text
