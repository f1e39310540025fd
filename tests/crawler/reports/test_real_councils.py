"""The shared real reports on councils' services against another parser's extraction of them."""

import csv
import datetime as dt
from pathlib import Path
from typing import Final

import pytest

from crawler.errors import Unreadable
from crawler.reports.reading import read_report, read_report_again
from storage.records import Report

pytestmark = pytest.mark.real

NOT_A_REPORT: Final = "80429_children-s-services-inspection-19-october-2012.pdf"
"""The site's page "Report not found", saved as if it were the PDF; the other parser has no grade of it."""

UNREAD_BY_THEM: Final = "data_unreadable"
"""What the other parser says of the single inspection framework (2014-17), whose dates it leaves blank and
whose overall judgement, told in a sentence, it does not seek: the documents are right, and we give all."""

AREAS: Final = {
    "overall": "overall_effectiveness_grade",
    "leadership": "impact_of_leaders_grade",
    "protection": "help_and_protection_grade",
    "in_care": "in_care_grade",
    "care_leavers": "care_leavers_grade",
}


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / "data/ilacs/expected.csv").open(encoding="utf-8") as table:
        return list(csv.DictReader(table))


@pytest.fixture(scope="module")
def read(shared: Path, rows: list[dict[str, str]]) -> dict[str, Report]:
    folder = shared / "data/ilacs"
    names = [row["file"] for row in rows if row["file"] != NOT_A_REPORT]
    return {name: read_report((folder / name).read_bytes(), name) for name in names}


def test_the_page_that_is_no_report_is_refused(shared: Path) -> None:
    with pytest.raises(Unreadable, match="not there any more"):
        read_report((shared / "data/ilacs" / NOT_A_REPORT).read_bytes())


def test_dates_grades_council_and_number_agree(rows: list[dict[str, str]], read: dict[str, Report]) -> None:
    apart = []
    for row in rows:
        if row["file"] in read:
            facts = read[row["file"]].facts
            apart += [
                (row["file"], name, said, facts.get(name))
                for name, said in expected(row)
                if facts.get(name) != said
            ]
    assert apart == []
    assert len(read) == 35


def expected(row: dict[str, str]) -> list[tuple[str, str | None]]:
    """What the other parser read, in our words; without what it could not read."""
    said: list[tuple[str, str | None]] = [("urn", row["urn"])]
    said += [("published", iso(row["publication_date"], "%d/%m/%y"))]
    for name, column in (("start", "inspection_start_date"), ("end", "inspection_end_date")):
        said += [(name, iso(row[column], "%d/%m/%Y"))] if row[column] else []
    if UNREAD_BY_THEM not in row.values():
        said += [(area, grade(row[column])) for area, column in AREAS.items()]
    return said


def iso(written: str, form: str) -> str:
    return dt.datetime.strptime(written, form).replace(tzinfo=dt.UTC).date().isoformat()


def grade(written: str) -> str | None:
    if written == "inspection_pre_dates_judgement":
        return None
    return {"requires improvement": "Requires improvement to be good"}.get(written, written.capitalize())


def test_what_they_could_not_read_has_dates_and_all_five_grades(
    rows: list[dict[str, str]], read: dict[str, Report]
) -> None:
    unread = [row["file"] for row in rows if UNREAD_BY_THEM in row.values() and row["file"] in read]
    assert len(unread) == 9
    for name in unread:
        report = read[name]
        assert report.framework == "single inspection"
        assert all(report.facts.get(area) for area in AREAS), name
        assert report.facts["start"] < report.facts["end"] < report.facts["published"]


def test_the_authority_is_the_one_named(rows: list[dict[str, str]], read: dict[str, Report]) -> None:
    said = {name: report.facts["local_authority"].lower() for name, report in read.items()}
    assert said == {row["file"]: row["local_authority"] for row in rows if row["file"] in read}


def test_no_inspector_is_named_in_what_is_searched(read: dict[str, Report]) -> None:
    for name, report in read.items():
        assert "Lead inspector" not in report.text, name
        assert "Quality assurance manager" not in report.text, name


def test_another_reader_of_pdfs_finds_the_same(shared: Path, read: dict[str, Report]) -> None:
    """Every sixth of them, since it takes a second each."""
    for name in sorted(read)[::6]:
        again = read_report_again((shared / "data/ilacs" / name).read_bytes(), name)
        assert dict(again.facts) == dict(read[name].facts), name
