"""The statutory requirements of a report: regulation, title, text, due date, compliance notice, page."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from crawler.reports.days import DAY, day
from crawler.reports.document import Document, Paragraph
from crawler.reports.headings import HEADING, STATUTORY
from storage.records import Requirement

_STATUTORY: Final = re.compile(STATUTORY + ":?")
_NUMBERED: Final = re.compile(
    r"(?:^|(?<=\n)|(?<=\s))(?:Reg(?:ulation|\.)?\s*)?(\d{1,2})(?: \(\d{4}\))?\s*:\s+(?=[A-Z])"
)
_CITED: Final = re.compile(r"\((?:Regulations?|Reg\.?)\s*(\d{1,2})\b(?:[^()]|\([^()]{0,12}\))*\)")
_DUE: Final = re.compile(rf"(?<!by )(?<!on )({DAY})\s*$|\b(\d{{2}}/\d{{2}}/\d{{4}})\b", re.MULTILINE)
_NOTE: Final = re.compile(r"\*\s*(?:This|These) requirements? (?:is|are) subject to a compliance notice\.?")
_COLUMNS: Final = re.compile(r"\b(?:Reg\.?\s+)?Requirements?\s+Due [Dd]ate\b")
_TITLE: Final = re.compile(
    r"(.+?)\s*(?=\n|\*|$|\s(?:In meeting|In particular|In order|The registered (?:person|provider)|"
    r"The [\w\s’',-]{3,60} standard is|Ensure|This (?:is|includes|specifically)))",
    re.DOTALL,
)
_PREAMBLE: Final = re.compile(r"\b(?:Reg\.?\s+)?Requirements?\s+Due [Dd]ate\b|\bgiven timescales?\.")
_ACT: Final = re.compile(r"^(?:\d{1,2}\s*)?\(\d{4}\)\s*")  # "30 (2001)": the regulation before its text
_BEHIND: Final = re.compile(rf"[\s.*]*(?:{DAY}[\s*]*)?(?:This specifically[^\n]*\s*)?(?:{DAY}[\s*]*)?")
_STAR: Final = re.compile(r"\s*\*+")


def requirements(document: Document) -> tuple[Requirement, ...]:
    """What the registered person must do, in the report's order."""
    table = _Table(_paragraphs(document))
    marks = list(_NUMBERED.finditer(table.text))
    entries = _numbered(table, marks) if marks else _cited(table)
    return tuple(entries)


class _Table:
    """The text of the section, a line a paragraph, and the page of each character."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        parts: list[str] = []
        self._pages: list[tuple[int, int]] = []
        length = 0
        for paragraph in paragraphs:
            self._pages += [(length + begin, page) for begin, page in paragraph.pages]
            parts.append(paragraph.text)
            length += len(paragraph.text) + 1
        self.text = "\n".join(parts)

    def page(self, offset: int) -> int:
        return next(page for begin, page in reversed(self._pages) if begin <= offset)


def _paragraphs(document: Document) -> list[Paragraph]:
    """From the heading "Statutory requirements" to the next heading."""
    begun = itertools.dropwhile(lambda one: not _STATUTORY.fullmatch(one.text), document.paragraphs)
    inside = itertools.takewhile(
        lambda one: not HEADING.fullmatch(one.text), itertools.islice(begun, 1, None)
    )
    return list(inside)


def _numbered(table: _Table, marks: Sequence[re.Match[str]]) -> Iterator[Requirement]:
    """Entries that begin with the regulation's number: ``12: The protection of children standard``."""
    for mark, following in itertools.pairwise([*marks, None]):
        assert mark is not None
        body = table.text[mark.end() : following.start() if following else len(table.text)]
        yield _entry(int(mark[1]), body, table.page(mark.start()), titled=True)


def _cited(table: _Table) -> Iterator[Requirement]:
    """Entries that end with the regulation's number: ``… from harm. (Regulation 12 (1))  28 May 2024``."""
    cited = list(_CITED.finditer(table.text))
    first = cited[0].start() if cited else 0
    start = max((found.end() for found in _PREAMBLE.finditer(table.text, 0, first)), default=0)
    for mark, following in itertools.pairwise([*cited, None]):
        assert mark is not None
        behind = _BEHIND.match(table.text, mark.end())
        end = behind.end() if behind else mark.end()
        body = table.text[start : end if following else len(table.text)]
        lead = len(body) - len(body.lstrip())
        yield _entry(int(mark[1]), body, table.page(start + lead), titled=False)
        start = end


def _entry(regulation: int, body: str, page: int, *, titled: bool) -> Requirement:
    body = _COLUMNS.sub("", _NOTE.sub("", body))
    body = _ACT.sub("", body.strip())
    due = _DUE.search(body)
    body = (body[: due.start()] + body[due.end() :] if due else body).strip()
    title = _TITLE.match(body) if titled else None
    behind = body[title.end() :] if title else body
    return Requirement(
        regulation=regulation,
        title=" ".join(title[1].split()) if title else None,
        text=" ".join(_DUE.sub("", _STAR.sub(" ", behind)).split()) or (title[1] if title else ""),
        due=day(due[0]) if due else None,
        compliance_notice="*" in body,
        page=page,
    )
