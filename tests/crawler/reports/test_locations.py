"""CQC's reports as PDF and as page: location, provider, dates, overall rating and key questions."""

import datetime as dt

import pytest

from crawler.reports.reading import read_report
from storage import reports
from storage.ids import digest_of
from storage.schema.inspections import inspections
from storage.schema.registers import settings
from storage.store import Store
from tests.crawler.reports import locations
from tests.crawler.reports.letters import letter_pdf

AT = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
BETTER = "Requires improvement to be good"
PDF = letter_pdf(
    [
        ("Wendside Care Limited", 14),
        ("Wendside Lodge", 24),
        ("Inspection report", 16),
        ("1 Example Street, Exampleton EX4 5MP", 10),
        ("Tel: 01999 555019", 10),
        ("Date of inspection visit: 07 March 2023", 12),
        ("09 March 2023", 12),
        ("Date of publication: 20 April 2023", 12),
        ("Ratings", 16),
    ],
    (
        ("Overall rating for this service", "Requires improvement"),
        ("Is the service safe?", "Inadequate"),
        ("Is the service effective?", "Good"),
        ("Is the service caring?", "Good"),
        ("Is the service responsive?", "Inspected but not rated"),
        ("Is the service well-led?", "Requires improvement"),
    ),
    [
        ("Summary of findings", 16),
        ("Wendside Lodge is a care home for 24 people. Most were content. Good is not enough.", 12),
        ("Is the service safe?", 14),
        ("Medicines went missing.", 12),
    ],
)
PAGE = b"""<html><body><h1>Lark at Home</h1><p>Inspection report</p>
<p>Registered provider: Lark Support Ltd</p><p>Date of inspection: 5 June 2024</p><p>Published: 8 August 2024</p>
<table><tr><td>Overall</td><td>Good</td></tr><tr><td>Are services safe?</td><td>Good</td></tr>
<tr><td>Are services well-led?</td><td>Outstanding</td></tr></table>
<p>The agency helps people in their own homes.</p></body></html>"""


def test_a_letter_gives_its_ratings_by_key_question() -> None:
    report = read_report(PDF, "1-1000000001.pdf")
    claim = report.claim
    assert claim is not None
    assert (report.regulator, report.framework, claim.kind) == ("cqc", "cqc", "full")
    assert (claim.urn, claim.setting_name, claim.provider_name) == (
        "1-1000000001",
        "Wendside Lodge",
        "Wendside Care Limited",
    )
    assert dict(claim.judgements) == {
        "overall": BETTER,
        "safe": "Inadequate",
        "effective": "Good",
        "caring": "Good",
        "responsive": "Inspected but not rated",
        "well_led": BETTER,
    }
    assert (claim.first_day, claim.published) == (dt.date(2023, 3, 7), dt.date(2023, 4, 20))
    assert claim.setting_kind == "care home"
    assert not any(word in report.text for word in ("Example Street", "EX4", "555019"))


def test_a_page_gives_them_too() -> None:
    report = read_report(PAGE, "https://www.example/location/1-1000000002/reports")
    claim = report.claim
    assert claim is not None
    assert (claim.urn, claim.setting_name, claim.provider_name) == (
        "1-1000000002",
        "Lark at Home",
        "Lark Support Ltd",
    )
    assert dict(claim.judgements) == {"overall": "Good", "safe": "Good", "well_led": "Outstanding"}
    assert (claim.first_day, claim.published) == (dt.date(2024, 6, 5), dt.date(2024, 8, 8))
    assert claim.setting_kind == "homecare agency"


LODGE = ("Wendside Lodge", "Wendside Care Limited", "care home")
ASSESSED = {
    "overall": BETTER,
    "safe": "Inadequate",
    "effective": "Good",
    "caring": "Good",
    "responsive": "Outstanding",
    "well_led": BETTER,
}


@pytest.mark.parametrize(
    ("content", "framework", "who", "days", "judgements"),
    [
        (locations.STANDARDS, "cqc standards", LODGE, ((2013, 3, 12), (2013, 3, 12)), {}),
        (
            locations.QUALITY,
            "cqc",
            ("Wendside Clinic", "Wendside Health Limited", "other"),
            ((2016, 3, 3), (2016, 3, 4)),
            {
                "overall": "Good",
                "safe": BETTER,
                "effective": "Good",
                "caring": "Outstanding",
                "responsive": "Good",
                "well_led": "Good",
            },
        ),
        (
            locations.TRUST,
            "cqc",
            ("Larkshire Partnership NHS Trust", None, "other"),
            ((2016, 3, 3), (2016, 3, 6)),
            {"overall": BETTER, "safe": "Inadequate", "well_led": "Good"},
        ),
        (
            locations.FOCUSED,
            "cqc",
            LODGE,
            ((2023, 3, 7), (2023, 3, 9)),
            {"overall": "Inadequate", "safe": "Inadequate", "well_led": "Inspected but not rated"},
        ),
        (locations.ASSESSMENT, "cqc assessment", LODGE, ((2024, 7, 23), (2024, 8, 12)), ASSESSED),
        (locations.ASSESSMENT_PAGE, "cqc assessment", LODGE, ((2024, 7, 23), (2024, 8, 12)), ASSESSED),
    ],
    ids=["standards", "quality", "trust", "focused", "assessment", "page"],
)
def test_each_shape_of_report_is_read(
    content: bytes,
    framework: str,
    who: tuple[str, str | None, str],
    days: tuple[tuple[int, int, int], tuple[int, int, int]],
    judgements: dict[str, str],
) -> None:
    report = read_report(content, "1-1000000001.pdf")
    claim = report.claim
    assert claim is not None
    assert (report.regulator, report.framework, claim.urn) == ("cqc", framework, "1-1000000001")
    assert (claim.setting_name, claim.provider_name, claim.setting_kind) == who
    assert (claim.first_day, claim.last_day) == (dt.date(*days[0]), dt.date(*days[1]))
    assert dict(claim.judgements) == judgements
    assert not any(word in report.text for word in ("EX4", "555019", "Quillfeather"))


@pytest.mark.parametrize("known_first", [True, False])
def test_a_report_without_number_joins_the_only_location_of_its_name(store: Store, known_first: bool) -> None:
    with store.writing() as connection:
        if known_first:
            reports.save(connection, read_report(PAGE, "1-1000000002"), digest="other", at=AT)
        reports.save(connection, read_report(PAGE), digest=digest_of(PAGE), at=AT)
    with store.reading() as connection:
        assert len(connection.execute(inspections.select()).all()) == int(known_first)
        names = [one.name for one in connection.execute(settings.select())]
    assert names == (["Lark at Home"] if known_first else [])
