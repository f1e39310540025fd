"""Invented reports as PDFs: a title, lines, a table of grades, narrative; each framework orders them so."""

from collections.abc import Sequence

from fpdf import FPDF
from fpdf.enums import XPos, YPos

Line = tuple[str, int]  # words, size in points
Rows = tuple[tuple[str, str], ...]


class _Letter(FPDF):
    def __init__(self, head: str) -> None:
        super().__init__(format="A4")
        self.head = head
        self.core_fonts_encoding = "windows-1252"
        self.set_margins(22, 20)
        self.set_auto_page_break(True, 24)
        self.set_font("Helvetica", size=12)
        self.add_page()

    def header(self) -> None:
        """A running head on every page but the first."""
        if self.page_no() > 1 and self.head:
            self.set_font("Helvetica", size=8)
            self.cell(0, 8, self.head, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def footer(self) -> None:
        """The page's number."""
        self.set_y(-16)
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, str(self.page_no()), align="R")


def letter_pdf(
    top: Sequence[Line], grades: Rows, body: Sequence[Line], *, head: str = "", pages: int = 1
) -> bytes:
    """``top``, the table of grades, then ``body`` as often as it takes to fill the pages."""
    page = _Letter(head)
    for words, size in top:
        _say(page, words, size)
    page.set_font("Helvetica", size=12)
    if grades:
        with page.table(col_widths=(60, 40), text_align="LEFT", line_height=6) as table:
            for row in grades:
                table.row(row)
    while True:
        for words, size in body:
            _say(page, words, size)
        if page.page_no() >= pages:
            return bytes(page.output())


def _say(page: FPDF, words: str, size: int) -> None:
    page.set_font("Helvetica", size=size)
    page.multi_cell(0, size * 0.5, words, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(3)
