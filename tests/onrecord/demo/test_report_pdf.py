"""The demo's own PDFs, read as any other report, say what they were made of."""

import datetime as dt
from dataclasses import replace

import pytest

from crawler.reports.reading import read_report
from onrecord.demo.report_pdf import DemoReport, DemoRequirement, Kind, report_pdf

D = dt.date

REPORT = DemoReport(
    urn="9900101",
    provider="Larkmoor Children’s Care (North) Limited",
    kind="full",
    first_day=D(2023, 12, 29),
    last_day=D(2024, 1, 3),
    published=D(2024, 2, 12),
    capacity=4,
    needs=("emotional and/or behavioural difficulties", "learning disabilities"),
    about=("Three children were living here when inspectors came.",),
    overall="Inadequate",
    protection="Inadequate",
    leadership="Requires improvement to be good",
    last_inspection=D(2023, 2, 7),
    last_judgement="Good",
    history=((D(2023, 2, 7), "Full", "Good"), (D(2022, 1, 11), "Full", "Requires improvement to be good")),
    requirements=(
        DemoRequirement(
            regulation=12,
            title="The protection of children standard",
            text="The registered person must ensure that “staff” know how to act. " * 12,
            due=D(2024, 3, 1),
            compliance_notice=True,
        ),
        DemoRequirement(
            regulation=40,
            title="Notification of a serious event",
            text="The registered person must tell the inspectorate at once.",
            due=D(2024, 3, 1),
        ),
    ),
    recommendations=("The registered person should warm the kitchen – soon.",),
    sections=(
        (
            "Overall experiences and progress of children and young people: inadequate",
            ("Children don’t like the damp. It is cold in the rooms upstairs. " * 12,) * 3,
        ),
        ("How well children and young people are helped and protected: inadequate", ("Risks are missed.",)),
        ("The effectiveness of leaders and managers: requires improvement to be good", ("Leaders try.",)),
    ),
    manager_since="May 2022",
    provider_address="Suite 9, Station Road, Exampleton EX4 5MP",
    responsible_individual="Ada Quillfeather",
    manager="Ben Ottershaw",
    inspector="Cora Winterbottom, social care inspector",
)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert report_pdf(REPORT) == report_pdf(REPORT)


def test_a_full_report_gives_its_fields_back() -> None:
    report = read_report(report_pdf(REPORT))
    assert dict(report.facts) == {
        "urn": "9900101",
        "provider": "Larkmoor Children’s Care (North) Limited",
        "kind": "Full inspection",
        "start": "2023-12-29",
        "end": "2024-01-03",
        "overall": "Inadequate",
        "protection": "Inadequate",
        "leadership": "Requires improvement to be good",
        "capacity": 4,
        "needs": ["emotional and/or behavioural difficulties", "learning disabilities"],
        "last_inspection": "2023-02-07",
        "last_judgement": "Good",
        "enforcement_since_last": "none",
        "history": [
            ["2023-02-07", "Full", "Good"],
            ["2022-01-11", "Full", "Requires improvement to be good"],
        ],
        "requirements": [12, 40],
        "compliance_notice": [12],
        "requirements_due": "2024-03-01",
        "registered_manager_since": "May 2022",
        "provider_town": "Exampleton",
        "also_registered_with": None,
    }
    assert report.pages > 2


def test_its_requirements_are_whole_and_know_their_pages() -> None:
    report = read_report(report_pdf(REPORT))
    assert [(r.regulation, r.title, r.due, r.compliance_notice) for r in report.requirements] == [
        (r.regulation, r.title, r.due, r.compliance_notice) for r in REPORT.requirements
    ]
    assert [r.text for r in report.requirements] == [r.text.strip() for r in REPORT.requirements]
    assert {r.page for r in report.requirements} <= {1, 2}


def test_its_narrative_is_whole_and_nobody_is_named() -> None:
    report = read_report(report_pdf(REPORT))
    for heading, paragraphs in REPORT.sections:
        (section,) = [one for one in report.sections if one.heading == heading]
        inside = report.text[section.start : section.end]
        assert all(paragraph.strip() in inside for paragraph in paragraphs)
    assert [
        name
        for name in ("Quillfeather", "Ottershaw", "Winterbottom", "Station Road", "EX4")
        if name in report.text
    ] == []


@pytest.mark.parametrize(
    ("kind", "title", "judgement"),
    [
        ("interim", "Interim inspection", "Declined effectiveness"),
        ("monitoring", "Monitoring visit", None),
        ("assurance", "Assurance visit", None),
    ],
)
def test_the_other_kinds_have_their_own_order(kind: Kind, title: str, judgement: str | None) -> None:
    made = replace(
        REPORT,
        kind=kind,
        overall=judgement,
        protection=None,
        leadership=None,
        sections=(("Findings from this visit", ("Good progress is seen. Little was outstanding.",)),),
    )
    report = read_report(report_pdf(made))
    assert report.claim is not None
    assert (report.claim.kind, report.facts["kind"]) == (kind, title)
    assert dict(report.claim.judgements) == ({"overall": judgement} if judgement else {})
    assert report.facts["protection"] is None
    assert (report.facts["start"], report.facts["last_judgement"]) == ("2023-12-29", "Good")
    assert report.facts["requirements"] == [12, 40]
    assert len(report.facts["history"]) == 2
