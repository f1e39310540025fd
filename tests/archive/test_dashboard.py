"""The dashboard: what its figures count, and what they leave out."""

import datetime as dt

import httpx
import pytest
import sqlalchemy as sa

from archive.figures import Figure
from archive.reading import dashboard
from storage.dates import PartialDate, utc_now
from storage.schema.crawl import runs, sources
from storage.schema.press import articles
from storage.store import Store
from tests.archive.conftest import Served
from tests.archive.test_reading import text_of
from tests.archive.world import World

TODAY = dt.date(2024, 6, 5)  # a Wednesday


def counted(figure: Figure) -> dict[str, list[float | None]]:
    """The figure's table without what is nothing."""
    return {label: values for label, _, values in figure.rows if any(values)}


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_links_are_counted_by_week_and_by_who_made_them(world: World) -> None:
    home = world.setting()
    for number, (day, sure) in enumerate(((3, False), (5, True), (2, False))):
        at = dt.datetime(2024, 6, day, 9, tzinfo=dt.UTC)
        world.link(world.article(f"Story {number}."), setting_id=home, decided_at=at, confirmed=sure)
    with world.store.reading() as connection:
        found = counted(dashboard.links_by_week(connection, TODAY))
    assert found == {"27 May 2024": [1, 0], "3 Jun 2024": [1, 1]}


def test_coverage_is_counted_by_month_and_judgement_without_what_is_restricted(world: World) -> None:
    home = world.setting()
    bad, plain = (
        world.inspection(home),
        world.inspection(home, dt.date(2024, 1, 9), overall=None, kind="monitoring"),
    )
    ids = []
    for day, inspection in (
        ("2024-04-19", bad),
        ("2024-04-20", bad),
        ("2024-05-01", plain),
        ("2019-05-01", bad),
    ):
        ids.append(world.article(f"Story of {day}.", published=PartialDate.parse(day)))
        world.link(ids[-1], inspection_id=inspection, setting_id=home)
    with world.store.writing() as connection:
        connection.execute(
            sa.update(articles).where(articles.c.id == ids[1]).values(restriction="restricted")
        )
    with world.store.reading() as connection:
        found = counted(dashboard.coverage_by_month(connection, TODAY))
    assert found == {"Apr 2024": [1, 0], "May 2024": [0, 1]}


def test_what_a_person_decided_waits_no_more(world: World) -> None:
    home = world.setting()
    world.link(world.article("One."), setting_id=home)
    world.link(world.article("Two."), setting_id=home, confirmed=True, decided_by="Ada Moss")
    world.link(world.article("Three."), status="none", answer="several_fit", level="none")
    with world.store.reading() as connection:
        found = counted(dashboard.backlog(connection))
    assert found == {"Linked, not checked": [1], "Several records fit": [1]}


def test_sources_that_fail_most_come_first(world: World) -> None:
    with world.store.writing() as connection:
        for name in ("alder", "beech"):
            connection.execute(sa.insert(sources).values(id=name, kind="news", title=name.title()))
        for number, (name, outcome) in enumerate((("alder", "done"), ("beech", "failed"), ("beech", "done"))):
            at = dt.datetime(2024, 6, 1 + number, tzinfo=dt.UTC)
            row = {"id": f"run-{number}", "kind": "crawl", "source_id": name, "outcome": outcome}
            connection.execute(sa.insert(runs).values(**row, started=at, ended=at))
    with world.store.reading() as connection:
        rows = dashboard.sources_health(connection, TODAY).rows
    assert [(label, values) for label, _, values in rows] == [("Beech", [1, 1]), ("Alder", [1, 0])]


def test_the_page_counts_anew_once_the_archive_has_changed(served: Served, reader: httpx.Client) -> None:
    home = served.world.setting()
    assert "Nothing to show yet." in text_of(reader.get("/dashboard"))
    served.world.link(served.world.article(), setting_id=home, decided_at=utc_now())
    assert "Linked, not checked 1" in text_of(reader.get("/dashboard"))
