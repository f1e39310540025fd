"""The inspection's page: the report with what the press took from it, and where the sources disagree."""

import httpx
import sqlalchemy as sa

from storage.schema.inspections import reports
from tests.archive.conftest import Served
from tests.archive.evidenced import evidenced
from tests.archive.test_articles import page_of, words
from tests.archive.test_reading import text_of


def test_sentences_that_the_press_repeats_are_marked_with_who_did(
    served: Served, reader: httpx.Client
) -> None:
    made = evidenced(served.world)
    page = page_of(reader.get(f"/inspections/{made.inspection}"))
    used = page.cssselect(".report-part .sentence-used")
    assert words(used) == [
        "Children are not kept safe at night.",
        "The manager has left and leaders have not acted.",
    ]
    by = used[0].getnext()
    assert sorted(words(by.cssselect("a"))) == ["Harrow Herald", "Kestrel Post"]
    assert [one.get("id") for one in page.cssselect(".sentence")] == [f"{made.report}-2"]
    assert f"/articles/{made.article}" in [one.get("href") for one in by.cssselect("a")]


def test_disagreements_are_a_table_of_who_says_what_and_where(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    page = page_of(reader.get(f"/inspections/{made.inspection}"))
    table = page.cssselect('[aria-label="Where the sources disagree"] tbody tr')
    assert words(table) == [
        "Overall Table Good the regulator’s page",
        "Report Inadequate report.pdf, page 1",
    ]


def test_requirements_stand_with_regulation_notice_and_day(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    page = page_of(reader.get(f"/inspections/{made.inspection}"))
    assert words(page.cssselect(".requirements li")) == [
        "The protection of children standard Regulation 12 Compliance notice by 1 May 2024 page 4"
        " The registered person must ensure that staff are awake at night."
    ]


def test_the_report_leads_to_its_bytes(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    page = page_of(reader.get(f"/inspections/{made.inspection}"))
    links = [one.get("href") for one in page.get_element_by_id(f"{made.report}-bytes").cssselect("a")]
    assert links == [f"/captures/{made.document.id}/check", f"/captures/{made.document.id}/bytes"]
    assert reader.get(links[0]).status_code == 200


def test_a_restricted_report_is_not_there(served: Served, reader: httpx.Client) -> None:
    made = evidenced(served.world)
    with served.store.writing() as connection:
        connection.execute(sa.update(reports).values(restriction="restricted"))
    shown = text_of(reader.get(f"/inspections/{made.inspection}"))
    assert "The document is not held here" in shown
    assert "not kept safe" not in shown
    assert not page_of(reader.get(f"/articles/{made.article}")).cssselect(".quoted")
    for leading in ("check", "bytes"):
        assert reader.get(f"/captures/{made.document.id}/{leading}").status_code == 404
