"""The pages and the API over a real server: what they show, and what no text can make them do."""

import datetime as dt

import httpx
import lxml.html
import sqlalchemy as sa

from storage.schema.links import links as link_table
from storage.schema.press import articles as article_table
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.conftest import Served, serving
from tests.archive.world import NOW, World, a_clue

TEXT = "The home, run by Larkspur Care, is in Bolton.\n\nIt was rated inadequate in every area."


def linked(world: World) -> tuple[str, str, str, str]:
    """A story linked to an inspection: ids of article, setting, inspection, provider."""
    provider = world.provider("Larkspur Care Limited")
    setting = world.setting("SC990011", provider=provider)
    inspection = world.inspection(
        setting, disagreements=[{"field": "overall", "values": {"table": "Good", "report": "Inadequate"}}]
    )
    world.report(setting, inspection)
    article = world.article(TEXT)
    evidence = (
        a_clue("operator", "run by Larkspur Care", TEXT, "Matches the registered provider", 8.0),
        a_clue("place", "Larkspur Care, is in Bolton", TEXT, "Bolton is the authority", 5.0),
        a_clue("judgement", "inadequate", TEXT, "Overall: Inadequate", -2.0),
    )
    world.link(article, evidence=evidence, inspection_id=inspection, setting_id=setting, provider_id=provider)
    world.link(article, rank=1, inspection_id=inspection, setting_id=setting, provider_id=provider)
    return article, setting, inspection, provider


def text_of(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    main = lxml.html.fromstring(answer.text).get_element_by_id("main")
    return " ".join(main.text_content().split())


def test_an_article_shows_its_clues_in_place_and_why_it_is_linked(
    served: Served, reader: httpx.Client
) -> None:
    article, *_ = linked(served.world)
    answer = reader.get(f"/articles/{article}")
    shown = text_of(answer)
    for told in (
        "Children's home in Bolton",
        "5 to 6 March 2024",
        "97 % certain of this inspection",
        "2 clues speak for it, 1 against",
        "+8.0",
        "−2.0",
        "3 June 2024, 10:30 BST",
        "2024/bolton-beacon-0001.warc.gz",
    ):
        assert told in shown, told
    page = lxml.html.fromstring(answer.text)
    marks = [mark.text_content() for mark in page.cssselect(".story mark")]
    assert marks == ["run by ", "Larkspur Care1", ", is in Bolton2", "inadequate3"]
    story = page.cssselect(".story")[0]
    for number in page.cssselect(".story .clue-number"):
        number.drop_tree()
    assert [p.text_content().strip() for p in story.cssselect("p")] == TEXT.split("\n\n")
    out = page.cssselect('a[href^="https://www.bolton-beacon"]')[0]
    assert set(out.get("rel").split()) >= {"noopener", "noreferrer"}


def test_the_record_pages_lead_to_one_another(served: Served, reader: httpx.Client) -> None:
    _, setting, inspection, provider = linked(served.world)
    home = text_of(reader.get(f"/settings/{setting}"))
    assert home == text_of(reader.get("/settings/SC990011"))
    assert "Larkspur Care Limited" in home
    assert "Children's home told to improve" in home
    owner = text_of(reader.get(f"/providers/{provider}"))
    assert "SC990011" in owner
    assert "Children's home told to improve" in owner
    visit = text_of(reader.get(f"/inspections/{inspection}"))
    for told in (
        "The sources disagree",
        "Compliance notice",
        "Children are not kept safe at night",
        "Helped and protected",
    ):
        assert told in visit, told


def test_an_older_version_is_shown_on_request(served: Served, reader: httpx.Client) -> None:
    url = "https://www.bolton-beacon.example/a"
    article = served.world.article("The first words.", url=url)
    served.world.article("The second words.", url=url)
    assert "The second words." in text_of(reader.get(f"/articles/{article}"))
    old = text_of(reader.get(f"/articles/{article}?version=1"))
    assert "The first words." in old
    assert "version 1 of 2" in old
    for version in ("3", "x", "-1", "9" * 30):
        assert reader.get(f"/articles/{article}", params={"version": version}).status_code == 404


def test_the_original_is_linked_where_it_is_served(store: Store) -> None:
    with open_indexer(store):
        pass
    with serving(store, served_at={"www.bolton-beacon.example": "127.0.0.1:8001"}) as archive:
        article = archive.world.article(url="https://www.bolton-beacon.example/a?b=c")
        with archive.client("reader") as reader:
            page = reader.get(f"/articles/{article}").text
    assert 'href="http://127.0.0.1:8001/a?b=c"' in page


def test_a_restricted_article_is_not_there(served: Served, reader: httpx.Client) -> None:
    article = linked(served.world)[0]
    with served.store.writing() as connection:
        connection.execute(sa.update(article_table).values(restriction="restricted"))
    served.index()
    assert reader.get(f"/articles/{article}").status_code == 404
    for path in ("/", "/search?q=larkspur", "/settings/SC990011"):
        assert "told to improve" not in reader.get(path).text


def test_a_withdrawn_link_is_told_and_counts_no_more(served: Served, reader: httpx.Client) -> None:
    article, setting, inspection, _ = linked(served.world)
    with served.store.writing() as connection:
        connection.execute(
            sa.update(link_table)
            .values(status="withdrawn", withdrawn_at=NOW)
            .where(link_table.c.rank.is_(None))
        )
        connection.execute(sa.delete(link_table).where(link_table.c.rank.is_not(None)))
    shown = text_of(reader.get(f"/articles/{article}"))
    assert "Withdrawn 3 June 2024, 10:30 BST" in shown
    assert "certain of this inspection" not in shown
    for path in (f"/settings/{setting}", f"/inspections/{inspection}"):
        assert "told to improve" not in text_of(reader.get(path))
    served.index()
    assert "1 result" in text_of(reader.get("/search?q=linked:no+kind:article"))


def test_search_narrows_pages_and_explains(served: Served, reader: httpx.Client) -> None:
    linked(served.world)
    for number in range(25):
        served.world.article(f"Story {number} of kites.", title=f"Kites {number}", outlet="Wigan Wire")
    served.index()
    first = reader.get("/search?q=kites")
    assert "25 results" in text_of(first)
    following = lxml.html.fromstring(first.text).cssselect('a[rel="next"]')[0].get("href")
    assert len(lxml.html.fromstring(reader.get(following).text).cssselect(".hit")) == 5
    narrowed = reader.get("/search", params={"q": "", "authority": "Bolton"})
    assert "2 results" in text_of(narrowed)
    assert "After" not in text_of(first)
    wrong = reader.get("/search?q=after:soon")
    assert (wrong.status_code, "is no date" in wrong.text) == (422, True)
    assert reader.get("/search?page=1000000000").status_code == 422


def test_the_api_answers_tokens_only(served: Served, reader: httpx.Client) -> None:
    article, *_ = linked(served.world)
    served.index()
    assert reader.get("/api/v1/search?q=larkspur").status_code == 401, "a session is no token"
    headers = served.token("reader")
    found = reader.get("/api/v1/search?q=larkspur+kind:article", headers=headers).json()
    assert [hit["id"] for hit in found["hits"]] == [article]
    shown = reader.get(f"/api/v1/articles/{article}", headers=headers).json()
    assert shown["text"] == TEXT
    for clue in shown["mentions"][0]["evidence"]:
        assert TEXT[clue["start"] : clue["end"]] == clue["text"]
    assert shown["mentions"][0]["decision"]["inspection_date"] == "2024-03-05"
    home = reader.get("/api/v1/settings/SC990011", headers=headers).json()
    assert (home["name"], home["local_authority"], home["inspections"][0]["first_day"]) == (
        None,
        "Bolton",
        "2024-03-05",
    )


def test_api_faults_are_problems(served: Served, reader: httpx.Client) -> None:
    headers = served.token("reader")
    for path, status in (
        ("/api/v1/search?q=after:soon", 422),
        ("/api/v1/articles/none", 404),
        ("/api/v1/nothing", 404),
        ("/api/v1/search?sort=sideways", 422),
    ):
        answer = reader.get(path, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status


def test_an_empty_archive_says_what_to_do(reader: httpx.Client) -> None:
    assert "onrecord import" in reader.get("/").text


def test_a_withheld_name_is_never_shown(served: Served, reader: httpx.Client) -> None:
    setting = served.world.setting(
        "SC990099", name="Canary Lodge", name_withheld=True, registered=dt.date(2020, 1, 1)
    )
    for path in (f"/settings/{setting}", "/search?q=canary"):
        assert "Canary Lodge" not in reader.get(path).text
