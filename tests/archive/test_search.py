"""The search page over HTTP: narrowing, folding, taking away, following, spellings, and what is refused."""

import csv
import io
import json
import threading
import time

import httpx
import lxml.html
import pytest
import sqlalchemy as sa

from archive.errors import TookTooLong, TooMuchAtOnce
from archive.searches import Limits, Searches
from storage.dates import PartialDate
from storage.schema.press import articles
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.conftest import Served, form_token, serving
from tests.archive.test_reading import linked, text_of

PAGE = lxml.html.fromstring


@pytest.fixture
def kites(served: Served) -> Served:
    """Three papers, three months, and a story of three copies."""
    for outlet, month in (
        ("Beacon", "2023-01"),
        ("Wire", "2023-01"),
        ("Wire", "2023-03"),
        ("Echo", "2023-03"),
    ):
        served.world.article(
            "kite", outlet=outlet, published=PartialDate.parse(month), title=f"{outlet} {month}"
        )
    served.world.story([served.world.article("kite copied", outlet=f"Paper {one}") for one in range(3)])
    served.index()
    return served


def links(page: httpx.Response, within: str) -> dict[str, str]:
    return {
        " ".join(link.text_content().split()): link.get("href")
        for link in PAGE(page.text).cssselect(f"{within} a")
    }


def test_values_of_a_facet_are_added_and_taken_away(kites: Served, reader: httpx.Client) -> None:
    first = reader.get("/search?q=kite&kind=article")
    beacon = reader.get(links(first, ".facets")["Beacon 1"])
    both = reader.get(links(beacon, ".facets")["Wire 2"])
    assert "3 results" in text_of(both)
    fewer = reader.get(links(both, ".facets")["✓ Remove Beacon 1"])
    assert "2 results" in text_of(fewer)
    march = reader.get(links(both, ".facets")["March 2023 1"])
    assert "1 result" in text_of(march)


def test_a_story_is_listed_once_and_leads_to_its_copies(kites: Served, reader: httpx.Client) -> None:
    page = reader.get("/search?q=copied")
    assert len(PAGE(page.text).cssselect(".hit")) == 1
    copies = reader.get(links(page, ".hit")["and 2 copies"])
    assert len(PAGE(copies.text).cssselect(".hit")) == 3


def test_months_stand_above_the_results(kites: Served, reader: httpx.Client) -> None:
    page = reader.get("/search?q=kite")
    figure = PAGE(page.text).cssselect("figure.over-time")[0]
    assert len(figure.cssselect("svg rect")) == 3, "January and March 2023, April 2024"
    rows = [[cell.text_content() for cell in row] for row in figure.cssselect("tbody tr")]
    assert rows == [["April 2024", "3"], ["March 2023", "2"], ["January 2023", "2"]]


def test_a_long_facet_has_a_page_of_its_own(served: Served, reader: httpx.Client) -> None:
    for number in range(20):
        served.world.article("kite", outlet=f"Paper {number}")
    served.index()
    page = reader.get("/search?q=kite")
    whole = reader.get(links(page, ".facets")["more… of outlet"])
    assert "20 values" in text_of(whole)
    some = reader.get("/search/values", params={"q": "kite", "facet": "outlet", "with": "PAPER 19"})
    assert list(links(some, ".values")) == ["Paper 19 1"]
    assert "1 result" in text_of(reader.get(links(some, ".values")["Paper 19 1"]))
    assert reader.get("/search/values?facet=text").status_code == 422


def test_a_result_is_taken_away_as_a_table_without_text(served: Served, reader: httpx.Client) -> None:
    article, *_ = linked(served.world)
    served.world.article("Unrelated.", title="=1+1")
    served.index()
    got = reader.get("/search.csv")
    assert "attachment" in got.headers["content-disposition"]
    rows = {row["title"]: row for row in csv.DictReader(io.StringIO(got.text))}
    assert "'=1+1" in rows, "no cell is a formula"
    row = rows["Children's home told to improve"]
    assert (row["outlet"], row["urn"], row["judgement"]) == ("Bolton Beacon", "SC990011", "Inadequate")
    assert row["original"].startswith("https://www.bolton-beacon.example/")
    assert row["url"] == f"{served.url}/articles/{article}"
    lines = [
        json.loads(line) for line in reader.get("/search.jsonl?q=larkspur+kind:article").text.splitlines()
    ]
    assert [line["id"] for line in lines] == [article]
    assert "run by" not in got.text + str(lines)


def test_a_search_can_be_followed(kites: Served, reader: httpx.Client) -> None:
    page = reader.get("/search?q=kite&outlet=Wire")
    form = PAGE(page.text).cssselect("form.follow")[0]
    sent = {field.get("name"): field.get("value") for field in form.cssselect("input")}
    assert sent["target"] == "q=kite&outlet=Wire"
    answer = reader.post("/follow", data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=kite&outlet=Wire")
    assert form_token(page.text)


def test_another_spelling_is_offered_and_not_imposed(served: Served, reader: httpx.Client) -> None:
    linked(served.world)
    served.index()
    page = reader.get("/search?q=larkspurr+kind:article")
    assert "0 results" in text_of(page)
    assert "Did you mean larkspur kind:article? It finds 1." in text_of(page)
    meant = reader.get(links(page, ".note")["larkspur kind:article"])
    assert "1 result" in text_of(meant)


def test_a_fault_leads_to_the_text_that_was_typed(served: Served, reader: httpx.Client) -> None:
    served.world.article("They wrote after:soon on it.")
    served.index()
    page = reader.get("/search?q=after:soon")
    assert page.status_code == 422
    assert "1 result" in text_of(reader.get(links(page, ".note")['Search for "after:soon" as text']))


def test_an_address_that_is_pasted_leads_to_its_story(served: Served, reader: httpx.Client) -> None:
    held = served.world.article("kite", url="https://www.bolton-beacon.example/news/lost-kite")
    served.index()
    pasted = "/search?q=https://www.bolton-beacon.example/news/lost-kite/%3Futm_source=x"
    page = reader.get(pasted)
    assert links(page, "#found .note")["open it"] == f"/articles/{held}"
    with served.store.writing() as connection:
        connection.execute(sa.update(articles).values(restriction="restricted"))
    assert "is held here" not in reader.get(pasted).text


def test_postcodes_are_masked_where_results_are_listed(served: Served, reader: httpx.Client) -> None:
    served.world.article("The home at BL9 9ZZ in Bury.", title="Home at BL9 9ZZ shut")
    served.index()
    headers = served.token("reader")
    for answer in (
        reader.get("/search?q=bury"),
        reader.get("/search.csv"),
        reader.get("/api/v1/search", headers=headers),
    ):
        assert answer.status_code == 200
        assert "9ZZ" not in answer.text
        assert "shut" in answer.text


def test_the_page_is_small(served: Served, reader: httpx.Client) -> None:
    for number in range(60):
        served.world.article("kite " * 300, outlet=f"Paper {number}")
    served.index()
    page = reader.get("/search?q=kite")
    files = [link.get("href") for link in PAGE(page.text).cssselect('link[rel="stylesheet"]')]
    files += [script.get("src") for script in PAGE(page.text).cssselect("script[src]")]
    assert len(page.content) + sum(len(reader.get(file).content) for file in files) <= 150_000


def test_one_person_may_not_take_every_lane(store: Store) -> None:
    go = threading.Event()
    searches = Searches(SearchIndex(store.place.index), Limits(seconds=30, at_once=2))
    busy = [threading.Thread(target=searches.run, args=("ada", lambda _: go.wait(20))) for _ in range(2)]
    for thread in busy:
        thread.start()
    while sum(searches.under_way.values()) < 2:
        time.sleep(0.005)
    with pytest.raises(TooMuchAtOnce, match="2 searches"):
        searches.run("ada", lambda _: 1)
    assert searches.run("bea", lambda _: 2) == 2
    go.set()
    for thread in busy:
        thread.join()
    assert searches.run("ada", lambda _: 3) == 3


def test_a_search_that_overruns_is_given_up_and_goes_on_counting(store: Store) -> None:
    go = threading.Event()
    searches = Searches(SearchIndex(store.place.index), Limits(seconds=0.05, at_once=1))
    with pytest.raises(TookTooLong, match=r"0\.05 s"):
        searches.run("ada", lambda _: go.wait(20))
    with pytest.raises(TooMuchAtOnce):
        searches.run("ada", lambda _: 1)
    go.set()
    while searches.under_way:
        time.sleep(0.005)
    assert searches.run("ada", lambda _: 1) == 1


def test_beyond_the_limits_is_answered_clearly(store: Store) -> None:
    with open_indexer(store):
        pass
    with serving(store, limits=Limits(at_once=0)) as archive, archive.client("reader") as reader:
        page = reader.get("/search?q=x")
        api = reader.get("/api/v1/search", headers=archive.token("reader"))
    assert (page.status_code, page.headers["retry-after"]) == (429, "1")
    assert "try again in a second" in page.text
    assert (api.status_code, api.json()["status"]) == (429, 429)


@pytest.mark.parametrize(
    "payload",
    [
        "' OR '1'='1",
        "Wire' UNION SELECT name FROM users--",
        "1; DROP TABLE articles",
        'x"]} OR outlet:*',
        "%00' AND sleep(9)--",
        "-1",
        "Wire OR Beacon",
        "[Wire TO z]",
    ],
)
def test_no_parameter_is_more_than_a_value(kites: Served, reader: httpx.Client, payload: str) -> None:
    with kites.store.reading() as connection:
        before = sa.inspect(connection).get_table_names()
    headers = kites.token("reader")
    for name in ("outlet", "provider", "month", "story", "urn", "setting"):
        found = reader.get("/api/v1/search", params={"q": "kite", name: payload}, headers=headers)
        assert (found.status_code, found.json()["total"]) == (200, 0), name
        assert reader.get("/search.csv", params={"q": "kite", name: payload}).text.count("\n") == 1, name
    for name in ("sort", "page", "size", "facet"):
        for path in ("/search", "/search/values", "/search.jsonl", "/api/v1/search"):
            asked = {"q": "kite", "facet": "outlet"} | {name: payload}
            answer = reader.get(path, params=asked, headers=headers)
            unknown = name != "facet" or path == "/search/values"
            assert answer.status_code == (422 if unknown else 200), (name, path)
    with kites.store.reading() as connection:
        assert sa.inspect(connection).get_table_names() == before
