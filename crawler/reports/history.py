"""The table of earlier inspections, row by row or column by column as the text extraction left it."""

import re
from typing import Final

from crawler.reports.days import DAY, day
from crawler.reports.grades import JUDGEMENT, judgement
from crawler.reports.headings import HISTORY

_KIND: Final = r"(?:Full|Interim|Monitoring|Assurance|Key|Random|Emergency|Follow-up)"
_ROW: Final = re.compile(rf"({DAY})\s+({_KIND})(?:\s+(?:inspection|visit))?(?:\s+(?i:({JUDGEMENT}))\b)?")
_CELL: Final = re.compile(rf"(?P<day>{DAY})|(?P<kind>\b{_KIND}\b)|(?i:(?P<judgement>\b{JUDGEMENT}\b))")
_HEADING: Final = re.compile(rf"^{HISTORY}\s*$", re.MULTILINE)
_TABLE = 1500  # characters: the table lists four inspections, or a dozen at most

Past = tuple[str, str, str | None]
"""ISO day, kind as printed, judgement."""


def history(flat: str) -> list[Past]:
    """Earlier inspections as the report lists them, newest first as printed."""
    heading = _HEADING.search(flat)
    if heading is None:
        return []
    table = flat[heading.end() : heading.end() + _TABLE]
    end = re.search(
        r"^(?:What does|Statutory|Inspection judgements|Children[’']s home|The Office)", table, re.M
    )
    table = table[: end.start()] if end else table
    rows = _rows(table)
    return rows if rows else _columns(table)


def _rows(table: str) -> list[Past]:
    found = []
    for row in _ROW.finditer(table):
        when = day(row[1])
        if when:
            found.append((when.isoformat(), row[2], judgement(row[3])))
    return found


def _columns(table: str) -> list[Past]:
    cells: dict[str, list[str]] = {"day": [], "kind": [], "judgement": []}
    for cell in _CELL.finditer(table):
        cells[cell.lastgroup or ""].append(cell[0])
    days = [found.isoformat() for found in map(day, cells["day"]) if found]
    if not days or not len(days) == len(cells["kind"]) == len(cells["judgement"]):
        return []
    return list(zip(days, cells["kind"], map(judgement, cells["judgement"]), strict=True))
