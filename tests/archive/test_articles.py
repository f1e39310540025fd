"""The article's page: why, against what else, in whose words, and in which version."""

import httpx
import lxml.html
import pytest
import sqlalchemy as sa

from storage.schema.press import articles as article_table
from storage.schema.stories import story_facts
from tests.archive.conftest import Served
from tests.archive.evidenced import evidenced
from tests.archive.test_reading import text_of


def page_of(answer: httpx.Response) -> lxml.html.HtmlElement:
    assert answer.status_code == 200, answer.text
    return lxml.html.fromstring(answer.text)


def words(elements: list[lxml.html.HtmlElement]) -> list[str]:
    return [" ".join(" ".join(one.itertext()).split()) for one in elements]


def test_quotations_stand_beside_the_report_and_lead_to_it(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    page = page_of(reader.get(f"/articles/{made.article}"))
    quoted = page.cssselect(".quoted")
    assert [len(one.cssselect("del, ins")) > 0 for one in quoted] == [False, True]
    assert words(quoted[1].cssselect("del")) == ["the", "Words only the story has"]
    link = quoted[0].cssselect("a")[0].get("href")
    assert link == f"/inspections/{made.inspection}#{made.report}-0"
    target = page_of(reader.get(link)).get_element_by_id(f"{made.report}-0")
    assert target.text_content() == "Children are not kept safe at night."


def test_extracts_are_masked_and_the_text_itself_is_not(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    page = page_of(reader.get(f"/articles/{made.article}"))
    assert "SK4 3ZZ" in page.cssselect(".story")[0].text_content()
    panel = page.get_element_by_id("record").text_content()
    assert "run by Larkspur Care near ███████" in panel
    assert "SK4" not in panel


def test_the_runner_up_is_held_against_the_link_clue_by_clue(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    page = page_of(reader.get(f"/articles/{made.article}"))
    rows = [words(row.cssselect("th, td")) for row in page.cssselect(".contrast-table tbody tr")]
    assert [(row[0], row[-1]) for row in rows] == [
        ("Quotation", "+6.0"),
        ("Judgement", "−2.0"),
        ("The rest", "+0.2"),
    ]
    assert "1 clue says the same of both" in text_of(reader.get(f"/articles/{made.article}"))
    assert "By the operator it is 256 times likelier" in page.cssselect(".in-words")[0].text_content()


def test_what_changed_between_versions_is_marked(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    address = f"/articles/{made.article}?version=2&against=1"
    assert f'href="{address.replace("&", "&amp;")}"' in reader.get(f"/articles/{made.article}").text
    page = page_of(reader.get(address))
    story = page.cssselect(".diff")[0]
    assert (words(story.cssselect("del")), words(story.cssselect("ins"))) == (["good."], ["inadequate."])
    assert len(story.cssselect(".changed")) == 1
    for wrong in ("version=2&against=9", "version=x&against=1", "version=2&against=1e5"):
        assert reader.get(f"/articles/{made.article}?{wrong}").status_code == 404


def test_copies_are_listed_with_what_they_change(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    page = page_of(reader.get(f"/articles/{made.article}"))
    rows = words(page.cssselect(".copies tbody tr"))
    assert rows == ["Capacity 4 4 beds Harrow Herald here", "5 5 beds Kestrel Post"]
    beside = page.cssselect(".copies .small")[0].get("href")
    assert "only in Kestrel Post" in text_of(reader.get(beside))
    assert reader.get(f"/articles/{made.article}/beside/{served.world.article()}").status_code == 404


def test_a_restricted_copy_leaves_no_trace(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    with served.store.writing() as connection:
        connection.execute(
            sa.update(article_table).where(article_table.c.id == made.copy).values(restriction="restricted")
        )
    shown = reader.get(f"/articles/{made.article}").text
    assert "Kestrel Post" not in shown
    assert made.copy not in shown
    assert reader.get(f"/articles/{made.article}/beside/{made.copy}").status_code == 404
    assert reader.get(f"/articles/{made.copy}?version=1&against=1").status_code == 404
    visit = reader.get(f"/inspections/{made.inspection}").text
    assert "Kestrel Post" not in visit
    with served.store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(story_facts)).scalar() == 2


def test_a_text_that_nobody_may_be_shown_is_not_shown(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world, shown_to="nobody")
    shown = text_of(reader.get(f"/articles/{made.article}"))
    assert "do not let its text be shown" in shown
    assert "They said" not in shown
    assert reader.get(f"/articles/{made.article}?version=2&against=1").status_code == 404
    told = reader.get(f"/api/v1/articles/{made.article}", headers=served.token("reader")).json()
    assert told["text"] is None
    assert "SK4" not in str(told)


def test_the_sheet_carries_every_digest(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    sheet = text_of(reader.get(f"/articles/{made.article}/sheet?mention=0"))
    for told in (
        "Children's home in Bolton, Ofsted URN SC990011",
        "full inspection of 5 to 6 March 2024",
        made.page.digest,
        made.page.record_digest,
        made.document.record_digest,
        "version 2 of 2",
        "not checked by a person",
        "18 times likelier than the next: URN SC990012",
        "2 stand in the report, 1 word for word",
    ):
        assert told in sheet, told
    assert "SK4" not in sheet


@pytest.mark.parametrize("mention", ["1", "x", "-1"])
def test_there_is_no_sheet_of_what_is_not_asserted(
    served: Served, reader: httpx.Client, mention: str
) -> None:
    made = evidenced(served.world)
    assert reader.get(f"/articles/{made.article}/sheet?mention={mention}").status_code == 404
