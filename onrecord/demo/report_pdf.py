"""Fictional inspection reports as PDF, in the layout in which the regulator publishes real ones.

    report_pdf(DemoReport(urn="9900101", provider="…", kind="full", …)) -> bytes

The same report gives the same bytes, so that repeating the demo changes nothing.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos

from crawler.reports.numbers import in_words

Kind = Literal["full", "interim", "monitoring", "assurance"]

_TITLES: Final = {
    "full": "Full inspection",
    "interim": "Interim inspection",
    "monitoring": "Monitoring visit",
    "assurance": "Assurance visit",
}


@dataclass(frozen=True, kw_only=True)
class DemoRequirement:
    """What the home must do, by the number of the regulation."""

    regulation: int
    title: str
    text: str
    due: dt.date
    compliance_notice: bool = False


@dataclass(frozen=True, kw_only=True)
class DemoReport:
    """A fictional report; ``sections`` are (heading, paragraphs) of the narrative in their order.

    Interim reports take ``overall`` as one of the three words on effectiveness; monitoring and assurance
    visits take no judgements at all.
    """

    urn: str
    provider: str
    kind: Kind
    first_day: dt.date
    last_day: dt.date
    published: dt.date
    sections: Sequence[tuple[str, Sequence[str]]]
    capacity: int
    needs: Sequence[str] = ()
    about: Sequence[str] = ()  # further paragraphs under "Information about this children's home"
    overall: str | None = None
    protection: str | None = None
    leadership: str | None = None
    last_inspection: dt.date | None = None
    last_judgement: str | None = None
    enforcement: str = "none"
    history: Sequence[tuple[dt.date, str, str]] = ()  # day, kind as a word, judgement
    requirements: Sequence[DemoRequirement] = ()
    recommendations: Sequence[str] = ()
    manager_since: str | None = None  # "May 2022"; None: no registered manager in post
    provider_address: str = "1 Example Street, Exampleton EX1 1EX"
    responsible_individual: str = "Post withheld"
    manager: str = "Post withheld"
    inspector: str = "Post withheld, social care inspector"


def report_pdf(report: DemoReport) -> bytes:
    """The report as a PDF of A4 pages."""
    page = _Pages(report.urn)
    page.set_creation_date(dt.datetime.combine(report.published, dt.time(), dt.UTC))
    page.set_title(f"Inspection report for children's home: {report.urn}")
    for part in _PARTS[report.kind]:
        part(page, report)
    return bytes(page.output())


class _Pages(FPDF):
    """A4 pages in a core font, with the running title that the regulator puts at the foot of each."""

    def __init__(self, urn: str) -> None:
        super().__init__(format="A4")
        self.urn = urn
        self.core_fonts_encoding = "windows-1252"  # curly quotes and dashes, without shipping a font
        self.set_margins(22, 20)
        self.set_auto_page_break(True, 24)
        self.set_font("Helvetica", size=11)
        self.add_page()

    def footer(self) -> None:
        """The running title and the number of the page."""
        self.set_y(-16)
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, f"Inspection report for children's home: {self.urn}    {self.page_no()}", align="R")

    def say(self, text: str, *, size: int = 11, bold: bool = False) -> None:
        """A paragraph across the page."""
        self.set_font("Helvetica", "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2.5)

    def grid(self, rows: Sequence[Sequence[str]], widths: tuple[int, ...]) -> None:
        """A ruled table; its first row is repeated on a further page."""
        self.set_font("Helvetica", size=10)
        with self.table(
            col_widths=widths, text_align="LEFT", borders_layout=TableBordersLayout.ALL, line_height=5
        ) as table:
            for cells in rows:
                table.row(list(cells))
        self.ln(4)


def _heading(page: _Pages, report: DemoReport) -> None:
    page.say(report.urn, size=20, bold=True)
    page.say(f"Registered provider: {report.provider}")
    page.say(_TITLES[report.kind], size=14)
    page.say("Inspected under the social care common inspection framework")


def _about(page: _Pages, report: DemoReport) -> None:
    page.say("Information about this children's home", size=14, bold=True)
    children = "child" if report.capacity == 1 else "children"
    needs = f" with {_listed(report.needs)}" if report.needs else ""
    page.say(
        f"The home is registered to provide care for up to {in_words(report.capacity)} {children}{needs}."
    )
    for paragraph in report.about:
        page.say(paragraph)
    since = report.manager_since
    page.say(
        f"The manager has been registered with Ofsted since {since}."
        if since
        else "There is no registered manager in post."
    )


def _dates(page: _Pages, report: DemoReport) -> None:
    first, last = report.first_day, report.last_day
    what = "Visit" if report.kind == "assurance" else "Inspection"
    if first == last:
        page.say(f"{what} date: {_day(first)}", bold=True)
        return
    begin = str(first.day)
    if first.year != last.year:
        begin = _day(first)
    elif first.month != last.month:
        begin = f"{first.day} {first:%B}"
    page.say(f"{what} dates: {begin} to {_day(last)}", bold=True)


def _judgements(page: _Pages, report: DemoReport) -> None:
    rows = (
        (
            "Overall experiences and progress of children and young people, taking into account",
            report.overall,
        ),
        ("How well children and young people are helped and protected", report.protection),
        ("The effectiveness of leaders and managers", report.leadership),
    )
    page.set_font("Helvetica", size=11)
    with page.table(col_widths=(70, 30), borders_layout=TableBordersLayout.NONE, line_height=6) as table:
        for words, grade in rows:
            table.row([words, (grade or "").lower()])
    page.ln(4)


def _progress(page: _Pages, report: DemoReport) -> None:
    page.say("This inspection", size=14, bold=True)
    page.say(
        "The effectiveness of the home and the progress and experiences of children and young people since "
        "the most recent full inspection"
    )
    page.say(f"At this interim inspection, Ofsted judges that it has {(report.overall or '').lower()}.")


def _before(page: _Pages, report: DemoReport) -> None:
    if report.last_inspection:
        page.say(f"Date of last inspection: {_day(report.last_inspection)}")
    if report.last_judgement:
        page.say(f"Overall judgement at last inspection: {report.last_judgement.lower()}")
    page.say(f"Enforcement action since last inspection: {report.enforcement}")


def _history(page: _Pages, report: DemoReport) -> None:
    if not report.history:
        return
    page.say("Recent inspection history", size=14, bold=True)
    rows = [(f"{day:%d/%m/%Y}", kind, judgement) for day, kind, judgement in report.history]
    page.grid([("Inspection date", "Inspection type", "Inspection judgement"), *rows], (30, 30, 40))


def _improve(page: _Pages, report: DemoReport) -> None:
    if not report.requirements and not report.recommendations:
        return
    page.say("What does the children's home need to do to improve?", size=14, bold=True)
    if report.requirements:
        page.say("Statutory requirements", size=12, bold=True)
        rows = [
            (
                f"{one.regulation}: {one.title}{' *' if one.compliance_notice else ''}\n{one.text}",
                f"{one.due:%d/%m/%Y}",
            )
            for one in report.requirements
        ]
        page.grid([("Requirement", "Due date"), *rows], (78, 22))
    if any(one.compliance_notice for one in report.requirements):
        page.say("* These requirements are subject to a compliance notice.")
    if report.recommendations:
        page.say("Recommendations", size=12, bold=True)
        for recommendation in report.recommendations:
            page.say(f"\u2022 {recommendation}")


def _narrative(page: _Pages, report: DemoReport) -> None:
    if report.kind == "full":
        page.say("Inspection judgements", size=14, bold=True)
    for heading, paragraphs in report.sections:
        page.say(heading, size=12, bold=True)
        for paragraph in paragraphs:
            page.say(paragraph)


def _details(page: _Pages, report: DemoReport) -> None:
    page.say("Information about this inspection", size=14, bold=True)
    page.say(
        "Inspectors looked at how children live in this home and what difference its care makes to them."
    )
    page.say("Children's home details", size=14, bold=True)
    page.say(f"Unique reference number: {report.urn}")
    page.say("Provision sub-type: Children's home")
    page.say(f"Registered provider: {report.provider}")
    page.say(f"Registered provider address: {report.provider_address}")
    page.say(f"Responsible individual: {report.responsible_individual}")
    page.say(f"Registered manager: {report.manager}")
    page.say("Inspector", size=12, bold=True)
    page.say(report.inspector)
    page.say("This document is part of a demonstration; every home, provider and person in it is invented.")


_Part = Callable[[_Pages, DemoReport], None]
_PARTS: Final[dict[Kind, tuple[_Part, ...]]] = {
    "full": (_heading, _about, _dates, _judgements, _before, _history, _improve, _narrative, _details),
    "interim": (_heading, _about, _dates, _before, _progress, _history, _narrative, _improve, _details),
    "monitoring": (_heading, _about, _dates, _before, _narrative, _improve, _history, _details),
    "assurance": (_heading, _about, _dates, _before, _narrative, _improve, _history, _details),
}


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _listed(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
