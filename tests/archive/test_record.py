"""The record's pages over HTTP: settings, providers, groups, authorities and outlets."""

import datetime as dt

import httpx
import lxml.html
import sqlalchemy as sa

from storage.dates import PartialDate
from storage.schema import registers
from storage.schema.crawl import sources
from storage.schema.press import articles
from tests.archive.conftest import Served
from tests.archive.test_reading import linked, text_of
from tests.archive.world import World


def two_owners(world: World) -> tuple[str, str, str]:
    """A setting that Moss Homes gave to Larkspur in 2022, and both providers."""
    moss = world.provider("Moss Homes Limited")
    lark = world.provider("Larkspur Care Limited")
    setting = world.setting("SC990011", provider=moss)
    with world.store.writing() as connection:
        connection.execute(sa.update(registers.ownerships).values(last_day=dt.date(2022, 3, 31)))
        learned = connection.execute(sa.select(registers.imports.c.id)).scalar_one()
        connection.execute(
            sa.insert(registers.ownerships).values(
                setting_id=setting, provider_id=lark, first_day=dt.date(2022, 3, 31), learned_from=learned
            )
        )
        connection.execute(sa.update(registers.settings).values(provider_id=lark))
    return setting, moss, lark


def drawn(answer: httpx.Response) -> list[str]:
    """What the marks and spans of the page's timeline are titled."""
    page = lxml.html.fromstring(answer.text)
    return [" ".join(title.text_content().split()) for title in page.cssselect("svg.years title")]


def test_a_settings_years_show_owners_inspections_notices_and_the_press(
    served: Served, reader: httpx.Client
) -> None:
    article, setting, inspection, _ = linked(served.world)
    answer = reader.get(f"/settings/{setting}")
    shown = "; ".join(drawn(answer))
    for told in (
        "Registered, 2 May 2019 to now",
        "Larkspur Care Limited, 31 March 2021 to now",
        "5 March 2024: Full inspection, Inadequate",
        "6 March 2024: Compliance notice, The protection of children standard",
        "Children's home told to improve (Bolton Beacon)",
    ):
        assert told in shown, told
    page = lxml.html.fromstring(answer.text)
    behind = {link.get("href") for link in page.cssselect("#timeline table a")}
    assert {f"/inspections/{inspection}", f"/articles/{article}"} <= behind


def test_a_restricted_story_is_on_none_of_the_records_pages(served: Served, reader: httpx.Client) -> None:
    article, setting, _, provider = linked(served.world)
    with served.store.writing() as connection:
        connection.execute(
            sa.update(articles).where(articles.c.id == article).values(restriction="restricted")
        )
    for path in (f"/settings/{setting}", f"/providers/{provider}", "/authorities/Bolton"):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert article not in answer.text
        assert "told to improve" not in answer.text
    assert reader.get("/outlets/Bolton%20Beacon").status_code == 404


def test_a_provider_is_shown_as_of_any_day(served: Served, reader: httpx.Client) -> None:
    _, moss, lark = two_owners(served.world)
    settings = '//section[h2="Settings"]//tbody//th'

    def held(path: str) -> list[str]:
        page = lxml.html.fromstring(reader.get(path).text)
        return [cell.text_content() for cell in page.xpath(settings)]

    assert held(f"/providers/{lark}") == ["SC990011"]
    assert held(f"/providers/{moss}") == []
    assert held(f"/providers/{moss}?as_of=2021-12-31") == ["SC990011"]
    assert held(f"/providers/{lark}?as_of=2021-12-31") == []
    assert held(f"/providers/{moss}?as_of=2015-01-01") == [], "not registered yet"
    wrong = reader.get(f"/providers/{lark}?as_of=soon")
    assert wrong.status_code == 422
    assert "write it as 2024-03-31" in wrong.text


def test_a_provider_tells_of_settings_that_changed_hands(served: Served, reader: httpx.Client) -> None:
    _, moss, lark = two_owners(served.world)
    assert "31 March 2022 came: SC990011" in text_of(reader.get(f"/providers/{lark}"))
    assert "31 March 2022 left: SC990011" in text_of(reader.get(f"/providers/{moss}"))


def test_a_group_adds_its_providers_up(served: Served, reader: httpx.Client) -> None:
    for name, urn in (("Larkspur Care Limited", "SC990011"), ("Larkspur North Limited", "SC990012")):
        provider = served.world.provider(name, group_name="Larkspur/Group")
        served.world.inspection(served.world.setting(urn, provider=provider), overall="Good")
    shown = text_of(reader.get("/groups/Larkspur%2FGroup"))
    assert "2 providers" in shown
    assert "2 settings in the newest register, 8 places" in shown
    assert "Good 2" in shown
    assert reader.get("/groups/Nobody").status_code == 404


def test_an_authority_is_held_beside_all_others_only_where_there_are_enough(
    served: Served, reader: httpx.Client
) -> None:
    for number in range(6):
        setting = served.world.setting(f"SC99001{number}")
        served.world.inspection(setting, overall="Good" if number else "Inadequate")
    lonely = served.world.setting("SC990020", local_authority="Bury")
    served.world.inspection(lonely, overall="Inadequate")
    shown = text_of(reader.get("/authorities/Bolton"))
    assert "2024 83 %" in shown
    tiles = lxml.html.fromstring(reader.get("/authorities").text).cssselect("svg.map a")
    told = {tile.get("href"): tile.get("aria-label") for tile in tiles}
    assert told["/authorities/Bolton"] == "Bolton: 6 settings, 17 % less than good"
    assert told["/authorities/Bury"] == "Bury: 1 settings, too few judged"
    assert reader.get("/authorities/Nowhere").status_code == 404


def test_an_outlet_tells_how_soon_it_covers_and_what_its_patch_misses(
    served: Served, reader: httpx.Client
) -> None:
    with served.store.writing() as connection:
        connection.execute(
            sa.insert(sources).values(
                id="bolton_beacon", kind="news", title="Bolton Beacon", area="Bolton, Bury"
            )
        )
    covered, missed = served.world.setting("SC990011"), served.world.setting("SC990012")
    served.world.inspection(missed)
    for number in range(5):
        day = dt.date(2023, number + 1, 1)
        inspection = served.world.inspection(covered, day, published=day)
        published = PartialDate.parse(str(day + dt.timedelta(days=2 * number)))
        article = served.world.article(f"Story {number}.", published=published)
        served.world.link(article, inspection_id=inspection, setting_id=covered)
    with served.store.writing() as connection:
        connection.execute(sa.update(articles).values(source_id="bolton_beacon"))
    shown = text_of(reader.get("/outlets/Bolton%20Beacon"))
    assert "half of them within 4 days of the report" in shown
    assert "0 to 3 days 2" in shown
    assert "4 to 7 2" in shown
    assert "Inadequate 5" in shown
    page = lxml.html.fromstring(reader.get("/outlets/Bolton%20Beacon").text)
    assert [cell.text_content() for cell in page.xpath('//section[h2="Nobody covered"]//tbody//th')] == [
        "SC990012"
    ]
    (row,) = lxml.html.fromstring(reader.get("/outlets").text).cssselect("main tbody tr")
    assert [cell.text_content() for cell in row] == ["Bolton Beacon", "5", "5", "9 May 2023"]
