"""The shared real and labelled reports: every field, and agreement with the registers."""

import csv
import io
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.extract.pool import Pool
from crawler.reports.reading import read_report
from storage.names import organisation_key
from storage.records import Report

pytestmark = pytest.mark.real

GRADES = {
    "overall": "overall experiences and progress",
    "protection": "how well children",
    "leadership": "effectiveness of leaders",
}


OF_THE_HOME = re.compile("organisation which owns|places")


def read_all(folder: Path) -> dict[str, Report]:
    with Pool() as pool:
        files = ((path.stem, path.read_bytes()) for path in sorted(folder.glob("*.pdf")))
        outcomes = dict(pool.each(read_report, files))
    failed = {name: str(found) for name, found in outcomes.items() if not isinstance(found, Report)}
    assert failed == {}
    return {name: found for name, found in outcomes.items() if isinstance(found, Report)}


@pytest.fixture(scope="module")
def read(shared: Path) -> dict[str, Report]:
    return read_all(shared / "eval/dev/reports")


def test_the_seed_report_says_exactly_what_is_expected(shared: Path) -> None:
    (text,) = (shared / "seeds").glob("002_*.txt")
    expected = json.loads((shared / "seeds/report_1247390.expected.json").read_text())
    del expected["register_agrees"]
    report = read_report(text.read_bytes())
    assert json.loads(json.dumps(dict(report.facts))) == expected
    assert "Responsible individual" not in report.text


def test_all_pdfs_are_read_quickly(shared: Path) -> None:
    began = time.monotonic()
    assert len(read_all(shared / "eval/dev/reports")) == 151
    assert time.monotonic() - began < 20


def test_every_pdf_gives_the_fields_that_its_kind_has(read: dict[str, Report]) -> None:
    always = (
        "provider",
        "overall",
        "protection",
        "leadership",
        "capacity",
        "needs",
        "enforcement_since_last",
    )
    lacking = [(name, field) for name, one in read.items() for field in always if not one.facts[field]]
    assert lacking == []
    for name, report in read.items():
        assert f"{report.facts['urn']}_{report.facts['start']}" == name
        has_history = "Recent inspection history" in report.text
        assert bool(report.facts["history"]) == bool(report.facts["last_inspection"]) == has_history
        assert all(one.due and one.title and one.text for one in report.requirements)
        assert bool(report.requirements) == ("Statutory requirements" in report.text)


def test_sentences_lie_where_they_say_and_the_people_are_left_out(read: dict[str, Report]) -> None:
    for report in read.values():
        assert all(report.text[one.start : one.end] == one.text for one in report.sentences)
        assert all(1 <= one.page <= report.pages for one in report.sentences)
        assert not any(word in report.text for word in ("Post holder", "Example Way", "EX1 1EX"))


def test_the_registers_agree(read: dict[str, Report], shared: Path) -> None:
    """Each report against the register rows that hold the same inspection."""
    rows = by_inspection(shared / "eval/dev/registers")
    agreed: dict[str, list[str]] = {"grades": [], "provider": [], "places": []}
    for name, report in read.items():
        same = rows.get((report.facts["urn"], report.facts["start"]), [])
        assert same, f"no register has {name}"
        for what, fits in comparisons(same, report):
            if fits:
                agreed[what].append(name)
    assert {what: len(names) for what, names in agreed.items() if len(names) < 149} == {}


def comparisons(same: list[dict[str, str]], report: Report) -> Iterator[tuple[str, bool]]:
    yield "grades", all(column(same[0], words) == report.facts[area] for area, words in GRADES.items())
    owners = {organisation_key(column(row, "organisation which owns")) for row in same}
    yield "provider", organisation_key(report.facts["provider"]) in owners
    yield "places", str(report.facts["capacity"]) in {column(row, "places") for row in same}


def column(row: dict[str, str], words: str) -> str:
    return next((value for name, value in row.items() if words in name), "")


def by_inspection(folder: Path) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The rows of all registers by URN and day of the inspection, the latest and the previous."""
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for path in sorted(folder.glob("*.csv")):
        for row in register_rows(path):
            latest = {name: value for name, value in row.items() if not name.startswith("previous")}
            previous = {name: value for name, value in row.items() if name not in latest or name == "urn"}
            for part in (latest, previous | {name: row[name] for name in latest if OF_THE_HOME.match(name)}):
                date = column(part, "full inspection date") or column(part, "inspection event date")
                date = date or column(part, "inspection date")
                if date.count("/") == 2:
                    found[row["urn"], "-".join(reversed(date.split("/")))].append(part)
    return found


def register_rows(path: Path) -> Iterator[dict[str, str]]:
    content = path.read_bytes()
    text = content.decode("utf-8-sig") if content.startswith(b"\xef\xbb\xbf") else content.decode("cp1252")
    lines = list(csv.reader(io.StringIO(text)))
    start = next(number for number, line in enumerate(lines) if "URN" in line)
    names = [" ".join(name.split()).lower() for name in lines[start]]
    yield from (dict(zip(names, line, strict=False)) for line in lines[start + 1 :])
