"""From the bytes of a PDF to lines, and one clear reason where that cannot be."""

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission

from crawler.errors import Unreadable
from crawler.extract.pdf import read_pdf
from crawler.extract.pool import Pool
from tests.crawler.extract.pdfs import a_pdf


def words(content: bytes) -> list[list[str]]:
    return [[line.text for line in page] for page in read_pdf(content)]


def drawn(*lines: tuple[int, int, int, str]) -> bytes:
    """Lines at (x, y, size) on one page."""
    return a_pdf(" ".join(f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET" for x, y, size, text in lines))


def test_lines_come_with_their_place_and_size() -> None:
    (page,) = read_pdf(drawn((72, 700, 18, "Larkmoor"), (72, 660, 10, "is a home")))
    assert [(line.text, line.left, line.baseline, line.size) for line in page] == [
        ("Larkmoor", 72, 700, 18),
        ("is a home", 72, 660, 10),
    ]


def test_a_hyphen_that_ends_a_line_stays_and_ends_it() -> None:
    content = drawn((72, 700, 10, "The home is child-"), (72, 688, 10, "centred and warm"))
    assert words(content) == [["The home is child-", "centred and warm"]]


def test_words_that_stand_only_in_the_actual_text_of_marked_content_are_read() -> None:
    content = a_pdf("/Span << /ActualText (Good) >> BDC BT /F1 10 Tf 72 700 Td (\x01\x02\x03) Tj ET EMC")
    assert words(content) == [["Good"]]


def test_words_that_stand_only_in_the_tags_are_read() -> None:
    content = a_pdf(
        "/P << /MCID 0 >> BDC 72 700 100 10 re f EMC",
        page="/StructParents 0",
        catalog="/MarkInfo << /Marked true >> /StructTreeRoot 6 0 R",
        extra=[
            "<< /Type /StructTreeRoot /K 7 0 R /ParentTree 8 0 R >>",
            "<< /Type /StructElem /S /P /P 6 0 R /Pg 3 0 R /K 0 /ActualText (Inspected in May) >>",
            "<< /Nums [0 [7 0 R]] >>",
        ],
    )
    assert words(content) == [["Inspected in May"]]


def locked() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    pdf.cell(text="secret")
    pdf.set_encryption(owner_password="o", user_password="u", permissions=AccessPermission.none())
    return bytes(pdf.output())


def without_pages() -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\ntrailer << /Root 1 0 R /Size 3 >>\n%%EOF\n"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no PDF"),
        (b"<html>Not found</html>", "no PDF"),
        (b"%PDF-1.7\n" + b"\x00" * 500, "damaged"),
        (drawn((72, 700, 10, "Larkmoor"))[:120], "damaged"),
        (locked(), "password"),
        (without_pages(), "damaged|no pages"),
        (a_pdf("72 700 100 10 re f"), "no words"),
    ],
)
def test_what_cannot_be_read_says_why_in_one_line(content: bytes, told: str) -> None:
    with Pool(workers=1) as pool, pytest.raises(Unreadable, match=told) as caught:
        pool.run(read_pdf, content)
    assert "\n" not in str(caught.value)
