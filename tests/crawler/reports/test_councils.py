"""Reports on councils' services for children: which council, when, five grades; the number told elsewhere."""

import datetime as dt
from pathlib import Path

import pytest

from crawler.errors import Unreadable
from crawler.extract.pool import Pool
from crawler.reports.councils import authority
from crawler.reports.importing import import_reports
from crawler.reports.reading import read_report
from storage import reports
from storage.ids import digest_of
from storage.schema.inspections import inspections
from storage.schema.registers import settings
from storage.store import Store
from tests.crawler.reports.letters import letter_pdf

AT = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
BETTER = "Requires improvement to be good"
NARRATIVE = (
    "Social workers know the children of Larkshire well. Plans are clear. Since 2019 the council has built "
    "a team for those who leave care. In 2020, leaders were judged inadequate by others, which they are not."
)
ILACS = letter_pdf(
    [
        ("Inspection of Larkshire County Council local authority children’s services", 26),
        ("Inspection dates: 27 January to 7 February 2025", 12),
        ("Lead inspector: Ada Quillfeather, His Majesty’s Inspector", 12),
    ],
    (
        ("Judgement", "Grade"),
        ("The impact of leaders on social work practice with children and families", "Good"),
        ("The experiences and progress of children who need help and protection", BETTER),
        ("The experiences and progress of children in care", "Outstanding"),
        ("The experiences and progress of care leavers", "Inadequate"),
        ("Overall effectiveness", BETTER),
    ),
    [(NARRATIVE, 12), ("What needs to improve?", 14), ("The recording of visits.", 12)],
    head="Inspection of Larkshire local authority children’s services",
    pages=6,
)  # fmt: skip
BEFORE_2023 = letter_pdf(
    [
        ("Royal Borough of Fernhollow upon Wend", 26),
        ("Inspection of children’s social care services", 16),
        ("Inspection dates: 4 March 2019 to 8 March 2019", 12),
        ("Lead inspector: Ada Quillfeather", 12),
        ("Her Majesty’s Inspector", 12),
    ],
    (
        ("Judgement", "Grade"),
        ("The impact of leaders on social work practice with children and families", "Good"),
        ("The experiences and progress of children who need help and protection", "Good"),
        ("The experiences and progress of children in care and care leavers", "Outstanding"),
        ("Overall effectiveness", "Good"),
    ),
    [(NARRATIVE, 12)],
)
SINGLE = letter_pdf(
    [
        ("Larkshire Metropolitan Borough Council", 26),
        ("Inspection of services for children in need of help and protection, children looked after", 14),
        ("and", 14),
        ("Review of the effectiveness of the Local Safeguarding Children Board1", 14),
        ("Inspection date: 2 September 2014 – 24 September 2014", 14),
        ("Report published: 14 November 2014", 14),
        ("The overall judgement is that children’s services require improvement", 14),
    ],
    (
        ("1. Children who need help and protection", "Requires Improvement"),
        ("2. Children looked after and achieving permanence", "Good"),
        ("2.1 Adoption performance", "Outstanding"),
        ("2.2 Experiences and progress of care leavers", "Good"),
        ("3. Leadership, management and governance", "Requires Improvement"),
    ),
    [
        (NARRATIVE, 12),
        ("Information about this inspection", 16),
        ("Inspectors read files.", 12),
        ("The inspection team", 14),
        ("Lead inspector: Ada Quillfeather HMI", 12),
        ("Quality assurance manager: Ben Ottershaw", 12),
    ],
)  # fmt: skip
FOCUSED = letter_pdf(
    [
        ("Focused visit to Larkshire County Council children’s services", 20),
        ("This letter summarises the findings of a focused visit to Larkshire on 11 and 12 June 2024.", 12),
        ("His Majesty’s Inspectors for this visit were Ada Quillfeather and Ben Ottershaw.", 12),
    ],
    (),
    [(NARRATIVE, 12)],
)


def test_a_letter_gives_dates_five_grades_and_the_council() -> None:
    report = read_report(ILACS, "80999_children-s-services-inspection-18-march-2025.pdf")
    assert report.framework == "ilacs"
    assert report.claim is not None
    assert dict(report.claim.judgements) == {
        "leadership": "Good",
        "protection": BETTER,
        "in_care": "Outstanding",
        "care_leavers": "Inadequate",
        "overall": BETTER,
    }
    claim = report.claim
    assert (claim.urn, claim.kind, claim.setting_kind) == (
        "80999",
        "full",
        "local authority children's services",
    )
    assert (claim.first_day, claim.last_day) == (dt.date(2025, 1, 27), dt.date(2025, 2, 7))
    assert (claim.published, claim.local_authority) == (dt.date(2025, 3, 18), "Larkshire")
    assert claim.provider_name == claim.setting_name == "Larkshire County Council"
    assert "Quillfeather" not in report.text
    assert report.text.count("Inspection of Larkshire local") == 0, "the running head"


def test_before_2023_care_leavers_had_no_grade_of_their_own() -> None:
    facts = read_report(BEFORE_2023).facts
    assert (facts["in_care"], facts.get("care_leavers"), facts["overall"]) == ("Outstanding", None, "Good")
    assert facts["local_authority"] == "Fernhollow upon Wend"
    assert (facts["start"], facts["end"], facts["urn"]) == ("2019-03-04", "2019-03-08", None)


def test_the_single_inspection_framework_tells_its_overall_judgement_in_a_sentence() -> None:
    report = read_report(SINGLE, "/provider/44/80999")
    facts = report.facts
    assert report.framework == "single inspection"
    assert (facts["overall"], facts["leadership"], facts["protection"]) == (BETTER, BETTER, BETTER)
    assert (facts["in_care"], facts["adoption"], facts["care_leavers"]) == ("Good", "Outstanding", "Good")
    assert (facts["start"], facts["end"], facts["published"]) == ("2014-09-02", "2014-09-24", "2014-11-14")
    assert not any(name in report.text for name in ("Quillfeather", "Ottershaw"))


def test_a_focused_visit_is_another_kind_and_has_no_grades() -> None:
    report = read_report(FOCUSED, "80999.pdf")
    assert report.claim is not None
    assert (report.claim.kind, dict(report.claim.judgements)) == ("other", {})
    assert (report.facts["start"], report.facts["end"]) == ("2024-06-11", "2024-06-12")
    assert not any(name in report.text for name in ("Quillfeather", "Ottershaw"))


@pytest.mark.parametrize(
    ("printed", "known_as"),
    [
        ("City of Larkshire Metropolitan Borough Council", "Larkshire"),
        ("London Borough of Fernhollow", "Fernhollow"),
        ("Borough of Lark and Wend", "Lark and Wend"),
        ("Royal Borough of Fernhollow upon Wend", "Fernhollow upon Wend"),
        ("City of London", "City of London"),
        ("Larkshire", "Larkshire"),
    ],
)
def test_the_authority_is_the_council_without_its_style(printed: str, known_as: str) -> None:
    assert authority(printed) == known_as


def test_the_page_of_a_report_that_is_gone_is_no_report() -> None:
    page = b"<!DOCTYPE html><html><body><h1>Report not found</h1><p>Try another.</p></body></html>"
    with pytest.raises(Unreadable, match="not there any more"):
        read_report(page)


def test_the_number_is_taken_from_the_name_and_kept_when_the_name_is_lost(
    store: Store, tmp_path: Path
) -> None:
    named, bare = tmp_path / "80999_letter-18-march-2025.pdf", tmp_path / "letter.pdf"
    named.write_bytes(ILACS)
    bare.write_bytes(ILACS)
    with Pool(workers=1) as pool:
        (first,) = import_reports(store, [named], at=AT, pool=pool)
        (again,) = import_reports(store, [bare], at=AT, pool=pool)
    assert (first.facts["urn"], again.facts["urn"], again.new) == ("80999", "80999", False)
    with store.reading() as connection:
        (setting,) = connection.execute(settings.select()).all()
        (inspection,) = connection.execute(inspections.select()).all()
    assert (setting.urn, setting.name, setting.local_authority) == (
        "80999",
        "Larkshire County Council",
        "Larkshire",
    )
    assert (inspection.in_care, inspection.care_leavers) == ("Outstanding", "Inadequate")


def test_another_report_on_a_council_that_is_known_joins_it_without_a_number(store: Store) -> None:
    with store.writing() as connection:
        known, unnamed = read_report(ILACS, "80999_letter.pdf"), read_report(FOCUSED)
        reports.save(connection, known, digest=digest_of(ILACS), at=AT)
        reports.save(connection, unnamed, digest=digest_of(FOCUSED), at=AT)
    with store.reading() as connection:
        found = connection.execute(inspections.select()).all()
        (setting,) = connection.execute(settings.select()).all()
    assert {one.setting_id for one in found} == {setting.id}
    assert sorted(one.kind for one in found) == ["full", "other"]
