"""The leads over HTTP: what each lists and leaves out, narrowed by its address, downloaded and followed."""

import csv
import datetime as dt
import io

import httpx
import lxml.html
import pytest
import sqlalchemy as sa

from archive.leads import LEADS
from archive.reading.leads.falling import Step, falling
from storage.dates import PartialDate, utc_now
from storage.schema.crawl import sources
from storage.schema.press import articles, stories
from storage.schema.stories import story_facts
from tests.archive.conftest import Served, form_token
from tests.archive.world import World

TODAY = utc_now().date()


def lines(answer: httpx.Response) -> list[list[str]]:
    """The cells of the page's table, row by row."""
    assert answer.status_code == 200, answer.text
    rows = lxml.html.fromstring(answer.text).cssselect("main tbody tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_inspections_nobody_covered_are_narrowed_by_judgement_age_and_place(
    served: Served, reader: httpx.Client
) -> None:
    world, lately = served.world, TODAY - dt.timedelta(days=60)
    for number, (where, overall, day) in enumerate(
        (
            ("Bolton", "Inadequate", lately),
            ("Bury", "Inadequate", lately),
            ("Bolton", "Requires improvement to be good", lately),
            ("Bolton", "Inadequate", TODAY - dt.timedelta(days=700)),
            ("Bolton", "Good", lately),
        )
    ):
        world.inspection(world.setting(f"SC99000{number}", local_authority=where), day, overall=overall)
    told = world.setting("SC990009")
    world.link(world.article(), inspection_id=world.inspection(told, lately), setting_id=told)

    def urns(narrowed: str = "") -> set[str]:
        return {row[3] for row in lines(reader.get(f"/leads/uncovered{narrowed}"))}

    assert urns() == {"SC990000", "SC990001"}
    assert urns("?severity=weak&authority=Bolton") == {"SC990000", "SC990002"}
    assert urns("?within=all&authority=Bolton") == {"SC990000", "SC990003"}
    assert urns("?region=North+West") == {"SC990000", "SC990001"}
    refused = reader.get("/leads/uncovered?severity=worst")
    assert refused.status_code == 422
    assert "not offered here" in refused.text


def test_an_inspection_that_only_a_restricted_story_covers_is_not_covered(
    served: Served, reader: httpx.Client
) -> None:
    world = served.world
    home = world.setting("SC990009")
    article = world.article()
    world.link(article, inspection_id=world.inspection(home), setting_id=home)
    assert lines(reader.get("/leads/uncovered?within=all")) == []
    with served.store.writing() as connection:
        connection.execute(sa.update(articles).values(restriction="restricted"))
    world.provider("Another")  # the change sequence goes on, as an order's does
    assert [row[3] for row in lines(reader.get("/leads/uncovered?within=all"))] == ["SC990009"]


def test_stories_without_a_record_say_why(served: Served, reader: httpx.Client) -> None:
    world = served.world
    for number, answer in enumerate(("not_in_register", "not_about_a_setting", "several_fit")):
        article = world.article(f"Story {number}.", title=f"Story {number}")
        world.link(article, status="none", answer=answer, level="none")
    assert [row[0] for row in lines(reader.get("/leads/unrecorded"))] == ["Story 0"]
    assert [row[0] for row in lines(reader.get("/leads/unrecorded?why=several_fit"))] == ["Story 2"]


def test_providers_fall_only_where_enough_settings_do(served: Served, reader: httpx.Client) -> None:
    world = served.world
    for name, homes in (("Larkspur Care Limited", 3), ("Moss Homes Limited", 2)):
        provider = world.provider(name)
        for number in range(homes):
            setting = world.setting(f"{name[:2]}99{number}", provider=provider)
            world.inspection(setting, dt.date(2023, 3, 5), overall="Good", provider_id=provider)
            world.inspection(setting, dt.date(2024, 3, 5), overall="Inadequate", provider_id=provider)
    assert lines(reader.get("/leads/falling")) == [["Larkspur Care Limited", "3", "0", "3"]]


def test_as_many_risen_as_fallen_is_no_fall() -> None:
    fell, rose = ("Good", "Inadequate"), ("Inadequate", "Good")
    for judged, listed in (((fell, fell, fell), True), ((fell, fell, rose), False), ((fell, fell), False)):
        found = falling(Step(provider_id="p", before=a, after=b) for a, b in judged)
        assert bool(found) is listed, judged


@pytest.mark.parametrize(
    ("second", "listed"), [(("Good",), True), (("Inadequate", "Good"), False), ((), False)]
)
def test_copies_that_contradict_are_listed_and_those_that_leave_out_are_not(
    served: Served, reader: httpx.Client, second: tuple[str, ...], listed: bool
) -> None:
    one, other = served.world.article("One copy."), served.world.article("Another copy.")
    with served.store.writing() as connection:
        connection.execute(sa.insert(stories).values(id="story", made_at=utc_now(), made_by="linker"))
        connection.execute(sa.update(articles).values(story_id="story"))
        for article, values in ((one, ("Inadequate",)), (other, second)):
            for number, value in enumerate(values):
                told = {"field": "text", "start": 0, "end": 3, "text": "One"}
                row = {"article_id": article, "number": number, "fact": "judgement", "value": value} | told
                connection.execute(sa.insert(story_facts).values(**row))
    found = lines(reader.get("/leads/changed?fact=judgement"))
    assert bool(found) is listed
    if listed:
        assert {found[0][3], found[0][4]} == {"Bolton Beacon: Inadequate", "Bolton Beacon: Good"}
    assert lines(reader.get("/leads/changed?fact=capacity")) == []


def test_a_source_is_quiet_when_it_is_silent_for_far_longer_than_it_is_used_to(
    served: Served, reader: httpx.Client
) -> None:
    silent = {"daily": 20, "weekly": 20, "fresh": 1}
    pauses = {"daily": 1, "weekly": 7, "fresh": 1}
    for name, days in silent.items():
        ids = [served.world.article(f"{name} {number}.") for number in range(6)]
        with served.store.writing() as connection:
            connection.execute(sa.insert(sources).values(id=name, kind="news", title=f"The {name}"))
            for number, id_ in enumerate(ids):
                seen = utc_now() - dt.timedelta(days=days + pauses[name] * number)
                this = articles.c.id == id_
                connection.execute(sa.update(articles).where(this).values(source_id=name, first_seen=seen))
    found = lines(reader.get("/leads/quiet"))
    assert [row[0] for row in found] == ["The daily"]
    assert found[0][2:4] == ["20", "1.0"]


def many(world: World, count: int) -> None:
    for number in range(count):
        world.inspection(world.setting(f"SC98{number:04}"))


def test_a_lead_has_pages_and_its_download_has_all(served: Served, reader: httpx.Client) -> None:
    many(served.world, 53)
    address = "/leads/uncovered?severity=inadequate&within=all"
    assert len(lines(reader.get(address))) == 50
    assert len(lines(reader.get(f"{address}&page=2"))) == 3
    assert len(lines(reader.get(f"{address}&page=99"))) == 3, "the last page there is"
    assert reader.get(f"{address}&page=x").status_code == 422
    answer = reader.get("/leads/uncovered.csv?severity=inadequate&within=all")
    assert answer.headers["content-disposition"].startswith('attachment; filename="uncovered-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 53
    assert rows[0]["Overall"] == "Inadequate"


def test_every_lead_is_defined_followed_and_downloaded_even_empty(
    served: Served, reader: httpx.Client
) -> None:
    listed = reader.get("/leads").text
    for lead in LEADS.values():
        answer = reader.get(f"/leads/{lead.name}")
        assert lines(answer) == []
        assert lead.title in listed
        assert "Nothing here with these choices." in answer.text
        assert reader.get(f"/leads/{lead.name}.csv").text.split("\n")[0].startswith(lead.columns[0])
        form = {"token": form_token(answer.text), "what": "lead", "target": lead.name, "title": lead.title}
        followed = reader.post("/follow", data=form, headers={"Origin": served.url})
        assert (followed.status_code, followed.headers["location"]) == (303, f"/leads/{lead.name}")
    assert reader.get("/leads/nothing").status_code == 404


def test_a_partial_date_does_not_break_a_lead(served: Served, reader: httpx.Client) -> None:
    article = served.world.article(published=PartialDate.parse("2024"))
    served.world.link(article, status="none", answer="not_in_register", level="none")
    assert lines(reader.get("/leads/unrecorded"))[0][2] == "2024"
