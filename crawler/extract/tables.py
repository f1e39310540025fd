"""Any CSV file or workbook, as sheets of numbered lines of text cells; faults of the file refused by name.

    content ── read ──► Sheet(name, lines) ── locate(sheet, score) ──► Table(header, rows, titles above)

CSV: UTF-8 with or without a byte-order mark, UTF-16, Windows-1252, Mac Roman; comma, semicolon, tab or bar.
Workbooks (XLSX, XLS, ODS) are read in a child process, since a small one can unfold to gigabytes.
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.errors import ExtractionFailed
from storage.errors import RefusedFile

_HEADER_WITHIN = 40  # lines; the deepest header seen is on the fourth
_MOST_UNPACKED = 400 * 2**20  # bytes; the largest yearly workbook so far unfolds to 76 MB
_NOT_TABLES = (
    (b"%PDF", "is a PDF, not a table; use `onrecord import reports` for reports"),
    (b"\x1f\x8b", "is compressed; unpack it first"),
    (b"{", "is JSON, not a table"),
    (b"\x89PNG", "is a picture, not a table"),
)
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<?xml")
_PRINTED = frozenset("’‘“”–—…£€éèêëáàâäãåíìîïóòôöõúùûüçñøßæœÉ°½¼ŵŷ®©·•\xa0")
"""What English registers hold beyond ASCII; a wrong guess of the encoding shows other signs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One row of cells, and the line of the file on which it begins, counted from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet of a workbook, or a whole CSV file (its name is then empty)."""

    name: str
    lines: tuple[Line, ...]
    cut_off: bool = False
    """The file ends in the middle of a line."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A sheet whose header was found: what stands above it, its cells, and the rows that are not blank."""

    sheet: str
    titles: tuple[str, ...]
    header: tuple[str, ...]
    header_line: int
    rows: tuple[Line, ...]


def read(name: str, content: bytes, *, in_child: bool = False) -> list[Sheet]:
    """The sheets of a file; RefusedFile with the reason when it is no table.

    ``in_child``: we are in a process that may be killed already, and a workbook needs no other.
    """
    start = content[:2000].lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if not start:
        raise RefusedFile(name, "the file is empty")
    if start.startswith(_HTML):
        raise RefusedFile(name, "is a web page, not a table; download the file itself")
    for mark, reason in _NOT_TABLES:
        if start.startswith(mark.lower()):
            raise RefusedFile(name, reason)
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _workbook(name, content, in_child=in_child)
    return [_csv(name, _decoded(name, content))]


def locate(sheet: Sheet, score: Callable[[Sequence[str]], int]) -> Table | None:
    """The table whose header is the line that ``score`` likes best; None where it likes none.

    A group title above the header (``Previous inspection``, ``,`` …) is put before each cell it spans
    when it says *previous*, since such groups repeat the names of the columns.
    """
    lines = [line for line in sheet.lines if any(cell.strip() for cell in line.cells)]
    scored = [(score(_spanned(lines, n)), -n) for n in range(min(len(lines), _HEADER_WITHIN))]
    best, at = max(scored, default=(0, 0))
    if best <= 0:
        return None
    header = _spanned(lines, -at)
    while header and not header[-1].strip():
        header = header[:-1]
    return Table(
        sheet=sheet.name,
        titles=tuple(cell.strip() for line in lines[:-at] for cell in line.cells if cell.strip()),
        header=header,
        header_line=lines[-at].number,
        rows=tuple(lines[1 - at :]),
    )


def _spanned(lines: Sequence[Line], index: int) -> tuple[str, ...]:
    cells = lines[index].cells
    above = lines[index - 1].cells if index else ()
    if not any("previous" in cell.lower() for cell in above) or len([c for c in above if c.strip()]) < 2:
        return cells
    spanned, group = [], ""
    for number, cell in enumerate(cells):
        group = (above[number].strip() if number < len(above) else "") or group
        previous = "previous" in group.lower() and "previous" not in cell.lower() and cell.strip()
        spanned.append(f"Previous {cell.strip()}" if previous else cell)
    return tuple(spanned)


def _decoded(name: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise RefusedFile(name, "is neither a table of text nor a workbook")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return max(_guesses(content), key=lambda guess: guess[0])[1]


def _guesses(content: bytes) -> Iterator[tuple[int, str]]:
    """(plausibility, text) in each encoding that spreadsheet programs write, the likeliest first."""
    beyond = bytes(byte for byte in content if byte > 127)
    for encoding in ("cp1252", "mac_roman"):
        signs = beyond.decode(encoding, errors="replace")
        plausible = sum(1 if sign in _PRINTED else -1 for sign in signs)
        yield plausible, content.decode(encoding, errors="replace")


def _csv(name: str, text: str) -> Sheet:
    delimiter = _delimiter(text)
    try:
        lines = tuple(_records(text, delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise RefusedFile(name, "is cut off: it ends inside a quoted cell") from None
        try:
            lines = tuple(_records(text, delimiter, strict=False))
        except csv.Error as other:
            raise RefusedFile(name, f"is no CSV file that can be read ({other})") from None
    return Sheet(name="", lines=lines, cut_off=not text.endswith(("\n", "\r")))


def _records(text: str, delimiter: str, *, strict: bool) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    begins = 1
    for cells in reader:
        yield Line(number=begins, cells=tuple(cells))
        begins = reader.line_num + 1


def _delimiter(text: str) -> str:
    first = text[:20_000]
    return max((",", ";", "\t", "|"), key=first.count)


def _workbook(name: str, content: bytes, *, in_child: bool) -> list[Sheet]:
    from crawler.extract.pool import Pool  # noqa: PLC0415 (a CSV file needs no child)

    if content.startswith(b"PK"):
        _check_unpacked(name, content)
    if in_child:
        return sheets_of(content)
    try:
        with Pool(workers=1) as pool:
            return pool.run(sheets_of, content)
    except ExtractionFailed as error:
        raise RefusedFile(name, f"the workbook cannot be read: {error}") from None


def _check_unpacked(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        raise RefusedFile(name, "is a damaged workbook or zip file; download it again") from None
    if unpacked > _MOST_UNPACKED:
        raise RefusedFile(name, f"unfolds to {unpacked / 2**20:.0f} MB, which no register does")


def sheets_of(content: bytes) -> list[Sheet]:
    """Every sheet of a workbook; run in a child process."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 (the parent never needs it)

    book = CalamineWorkbook.from_object(io.BytesIO(content))
    return [
        Sheet(
            name=title,
            lines=tuple(
                Line(number=number, cells=tuple(_text(cell) for cell in cells))
                for number, cells in enumerate(
                    book.get_sheet_by_name(title).to_python(skip_empty_area=False), start=1
                )
            ),
        )
        for title in book.sheet_names
    ]


def _text(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
