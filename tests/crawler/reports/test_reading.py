"""From the words of a report to its facts, however badly its text came out of the file."""

import textwrap
from collections.abc import Callable

import pytest

from crawler.errors import Unreadable
from crawler.reports.reading import read_report
from storage.records import Report
from tests.crawler.reports.samples import (
    BEFORE_2014,
    FROM_2014,
    INTERIM_2015,
    NARRATIVE,
    PEOPLE,
    SCCIF,
)

FACTS = {
    "urn": "9900101",
    "provider": "Larkmoor Children’s Care (North) Limited",
    "kind": "Full inspection",
    "start": "2024-04-30",
    "end": "2024-05-02",
    "overall": "Requires improvement to be good",
    "protection": "Inadequate",
    "leadership": "Good",
    "capacity": 4,
    "needs": ["emotional and/or behavioural difficulties", "learning disabilities", "self-harm"],
    "last_inspection": "2023-02-07",
    "last_judgement": "Good",
    "enforcement_since_last": "none",
    "history": [
        ["2023-02-07", "Full", "Good"],
        ["2022-01-11", "Interim", "Improved effectiveness"],
        ["2021-09-03", "Monitoring", None],
        ["2021-03-02", "Full", "Requires improvement to be good"],
    ],
    "requirements": [12, 40],
    "compliance_notice": [12],
    "requirements_due": "2024-05-28",
    "registered_manager_since": "May 2022",
    "provider_town": "Exampleton",
    "also_registered_with": "Care Quality Commission",
}


def read(text: str) -> Report:
    return read_report(text.encode())


def narrow(text: str) -> str:
    """Wrapped at 47 letters, without a blank line."""
    return "\n".join(textwrap.fill(part, 47) for part in text.splitlines() if part.strip())


def as_html(text: str) -> str:
    parts = "".join(f"<div><p>{part}</p></div>\n" for part in text.split("\n\n"))
    return f"<!DOCTYPE html><html><head><title>x</title></head><body><nav>Home</nav>{parts}</body></html>"


def grades_in_columns(text: str) -> str:
    """Labels first, then the grades, as where a table is read column by column."""
    return (
        text.replace("taking into account\nrequires improvement to be good", "taking into account")
        .replace("are helped and protected inadequate", "are helped and protected")
        .replace(
            "leaders and managers good",
            "leaders and managers\n\nrequires improvement to be good\n\ninadequate\n\ngood",
        )
    )


MESS: dict[str, Callable[[str], str]] = {
    "as published": lambda text: text,
    "on one line": lambda text: " ".join(text.split()),
    "wrapped narrowly": narrow,
    "with Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "as a web page": as_html,
    "with ligatures": lambda text: text.replace("fi", "\ufb01").replace("ff", "\ufb00"),
    "with hard spaces": lambda text: text.replace(" to ", "\u00a0to\u00a0"),
    "with the grades in a column of their own": grades_in_columns,
    "with a label cut in half": lambda text: text.replace(
        "taking into account\nrequires improvement to be good",
        "taking into\n\nrequires improvement to be good\n\naccount",
    ),
    "with running heads": lambda text: text.replace(
        "\n\nRecent", "\n\nInspection report for children’s home: 9900101\t1\n\f\nRecent"
    ),
}


@pytest.mark.parametrize("mess", MESS)
def test_every_fact_is_read(mess: str) -> None:
    assert dict(read(MESS[mess](SCCIF)).facts) == FACTS


@pytest.mark.parametrize("mess", MESS)
def test_nobody_is_named_in_what_is_stored(mess: str) -> None:
    report = read(MESS[mess](SCCIF))
    for part in (
        report.text,
        *(one.text for one in report.sentences),
        *(one.heading for one in report.sections),
    ):
        assert [name for name in PEOPLE if name in part] == []
    assert "Children are settled." in report.text


def test_a_windows_text_file_is_read() -> None:
    assert dict(read_report(SCCIF.encode("cp1252")).facts) == FACTS


def test_sections_follow_the_headings_and_hold_their_sentences() -> None:
    report = read(SCCIF)
    assert [section.heading for section in report.sections] == [
        "Full inspection",
        "Information about this children’s home",
        "Recent inspection history",
        "What does the children’s home need to do to improve?",
        "Statutory requirements",
        "Recommendations",
        "Inspection judgements",
        "Overall experiences and progress of children and young people: requires improvement to be good",
        "How well children and young people are helped and protected: inadequate",
        "The effectiveness of leaders and managers: good",
        "Information about this inspection",
    ]
    for number, section in enumerate(report.sections[1:], 1):
        assert report.text[section.start :].startswith(section.heading)
        inside = [one for one in report.sentences if one.section == number]
        assert all(section.start <= one.start and one.end <= section.end for one in inside)


def test_sentences_lie_where_they_say() -> None:
    report = read(SCCIF)
    assert all(report.text[one.start : one.end] == one.text for one in report.sentences)
    assert NARRATIVE in report.text
    told = [
        one.text for one in report.sentences if report.sections[one.section].heading.startswith("Overall")
    ]
    assert told == [
        "Children are settled.",
        "They told inspectors, “We like Ms. Arden’s cooking.”",
        "Staff know them well, e.g. what calms them.",
    ]


def test_every_sentence_and_section_knows_its_page() -> None:
    report = read(SCCIF.replace("\n\nInspection judgements", "\n\f\nInspection judgements"))
    assert report.pages == 2
    assert {s.heading[:12]: s.page for s in report.sections[-6:]} == {
        "Recommendati": 1,
        "Inspection j": 2,
        "Overall expe": 2,
        "How well chi": 2,
        "The effectiv": 2,
        "Information ": 2,
    }
    assert {one.page for one in report.sentences if one.text == "Leaders listen."} == {2}


def test_a_sentence_torn_by_a_page_is_one_sentence_of_the_page_where_it_begins() -> None:
    torn = SCCIF.replace("Staff know them well", "Staff know them\n\f\nwell")
    (found,) = [one for one in read(torn).sentences if one.text.startswith("Staff know")]
    assert (found.text, found.page) == ("Staff know them well, e.g. what calms them.", 1)


def test_the_claim_is_what_joins_the_inspection() -> None:
    claim = read(SCCIF).claim
    assert claim is not None
    assert (claim.urn, claim.kind, str(claim.first_day), str(claim.last_day)) == (
        "9900101", "full", "2024-04-30", "2024-05-02",
    )  # fmt: skip
    assert claim.judgements == {
        "overall": "Requires improvement to be good",
        "protection": "Inadequate",
        "leadership": "Good",
    }
    assert (claim.capacity, claim.provider_name, claim.setting_kind) == (
        4,
        FACTS["provider"],
        "children's home",
    )


def test_a_report_of_2016() -> None:
    report = read(FROM_2014)
    assert report.framework == "2014"
    assert {name: value for name, value in report.facts.items() if value not in (None, [])} == {
        "urn": "SC990456",
        "provider": "Fernhollow Homes Ltd",
        "kind": "Full inspection",
        "start": "2016-08-02",
        "end": "2016-08-02",
        "overall": "Good",
        "protection": "Requires improvement to be good",
        "leadership": "Outstanding",
        "last_judgement": "Inadequate",
        "enforcement_since_last": "none",
        "provider_town": "Exampleton",
    }
    assert [name for name in PEOPLE if name in report.text] == []


def test_an_interim_report_of_2015() -> None:
    report = read(INTERIM_2015)
    assert report.claim is not None
    assert (report.framework, report.claim.kind) == ("2014", "interim")
    assert report.claim.judgements == {"overall": "Declined effectiveness"}
    assert report.facts["last_judgement"] == "Good"
    assert [name for name in PEOPLE if name in report.text] == []


def test_a_report_of_2011_whose_key_explains_every_grade() -> None:
    report = read(BEFORE_2014)
    assert report.claim is not None
    assert report.framework == "2010"
    assert report.claim.judgements == {
        "overall": "Good",
        "outcomes": "Outstanding",
        "quality_of_care": "Good",
        "protection": "Adequate",
        "leadership": "Inadequate",
    }
    assert (report.facts["kind"], report.facts["capacity"]) == ("Full inspection", 5)
    assert (report.facts["last_inspection"], report.facts["provider_town"]) == ("2011-02-21", "EXAMPLETON")
    (requirement,) = report.requirements
    assert (requirement.regulation, str(requirement.due)) == (30, "2011-09-14")
    assert requirement.text == "tell the inspectorate of serious events without delay (Regulation 30(1))"
    assert [name for name in PEOPLE if name in report.text] == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"  \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "neither PDF nor HTML nor text"),
        (b"<html><body></body></html>", "no framework, no URN, no inspection date"),
        (b"A story about a children's home in Exampleton.", "no inspection report"),
        (SCCIF.replace("Inspection dates: 30 April to 2 May 2024", "").encode(), "no inspection date"),
        (SCCIF.replace("9900101", "").encode(), "no URN"),
    ],
)
def test_what_is_no_report_says_what_is_missing(content: bytes, told: str) -> None:
    with pytest.raises(Unreadable, match=told) as caught:
        read_report(content)
    assert "\n" not in str(caught.value)
