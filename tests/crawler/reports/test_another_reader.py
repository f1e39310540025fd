"""Where one reader of PDFs gets nothing, or gibberish, another tries; what both fail on says so in one line."""

import datetime as dt
from pathlib import Path

import pytest

from crawler.errors import Crashed, NotExtracted, TooSlow, Unreadable
from crawler.extract.pdf import garbled, read_pdf
from crawler.extract.pool import Pool
from crawler.extract.worker import Limits
from crawler.reports.importing import Taken, import_reports
from crawler.reports.reading import needs_another, read_report, read_report_again
from storage.store import Store
from tests.crawler.extract.pdfs import a_pdf
from tests.crawler.reports.letters import letter_pdf
from tests.crawler.reports.test_councils import ILACS
from tests.crawler.reports.test_frameworks import CASES, Case

AT = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
WITHOUT_PAGES = ILACS.replace(b"/Pages 1 0 R", b"/Pagex 1 0 R")
"""A catalogue that names no tree of pages: pdfium gives up, though every page is there."""
CUT_SHORT = ILACS[: len(ILACS) // 2]


def take(store: Store, tmp_path: Path, content: bytes) -> Taken:
    path = tmp_path / "80999_letter-18-march-2025.pdf"
    path.write_bytes(content)
    with Pool(workers=1) as pool:
        (taken,) = import_reports(store, [path], at=AT, pool=pool)
    return taken


def test_a_report_that_one_reader_fails_on_is_read_by_the_other(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotExtracted):
        read_report(WITHOUT_PAGES)
    taken = take(store, tmp_path, WITHOUT_PAGES)
    assert taken.refused is None
    assert dict(taken.facts) == dict(read_report(ILACS, "80999_letter-18-march-2025.pdf").facts)


def test_what_both_fail_on_is_refused_with_the_reason_of_the_first(store: Store, tmp_path: Path) -> None:
    refused = take(store, tmp_path, CUT_SHORT).refused
    assert refused is not None
    assert "damaged or cut short" in refused
    assert "\n" not in refused


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_both_readers_find_the_same_facts(case: Case) -> None:
    content = letter_pdf(case.top, case.grades, case.body)
    one, other = read_report(content), read_report_again(content)
    assert (one.claim, one.facts) == (other.claim, other.facts)
    assert (one.framework, one.pages) == (other.framework, other.pages)


def test_gibberish_is_told_from_prose() -> None:
    shifted = "".join(
        chr(ord(sign) + 3) if sign.isalpha() else sign for sign in "the home is warm and good " * 20
    )
    shown = a_pdf(f"BT /F1 8 Tf 10 700 Td ({shifted}) Tj ET")
    with pytest.raises(NotExtracted, match="garbled"):
        read_pdf(shown)
    assert garbled([[line for page in read_pdf(ILACS) for line in page]]) is False


@pytest.mark.parametrize(
    ("content", "failure", "again"),
    [
        (ILACS, NotExtracted("no words"), True),
        (ILACS, Crashed("the process died"), True),
        (ILACS, TooSlow("too long"), True),
        (ILACS, Unreadable("it is no inspection report that we know"), False),
        (b"<html></html>", Crashed("the process died"), False),
    ],
)
def test_when_another_reader_is_asked(content: bytes, failure: Exception, again: bool) -> None:
    assert needs_another(content, failure) is again  # type: ignore[arg-type]


def spin(_: bytes) -> None:
    while True:
        pass


def test_a_document_may_have_limits_of_its_own() -> None:
    with Pool(workers=1, limits=Limits(wall=60, cpu=60)) as pool:
        with pytest.raises(TooSlow, match=r"0\.3 s"):
            pool.run(spin, b"", limits=Limits(wall=0.3, cpu=60))
        assert pool.run(len, b"four", limits=Limits(memory=1 << 29)) == 4
