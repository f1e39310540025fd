"""A regulator's file, read whole: the sheet that fits, its rows as records, or one reason to refuse it."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crawler.extract.tables import Sheet, Table, locate, read
from crawler.regulators import values
from crawler.regulators.columns import Placed, known_headings, place
from crawler.regulators.declared import Regulator, TableKind
from crawler.regulators.rows import BadRow, Oddities, Row, lines_with_more, rejected
from storage.errors import RefusedFile
from storage.ids import digest_of
from storage.imports import RejectedRow
from storage.records import InspectionClaim, RegisterRow, SettingChange

_ENOUGH = 4  # known headings in a line before it counts as a header
_CALLED = {
    "register": "a register; use `onrecord import register … --as-of DATE`",
    "inspections": "a table of inspections; use `onrecord import inspections`",
    "changes": "a list of joiners and leavers; use `onrecord import changes`",
}
_HOLDING = ("day", "registered", "published", "places", "status", "sector", "local_authority", "owner")
"""Columns whose cells can be told from those of others."""
_YEAR_AND_HALF = 550  # days: a year's table spans less, a register's latest inspections more
_TITLE_DAY = re.compile(r"as at (\d{1,2}) ([A-Za-z]{3,9}) (\d{4})", re.I)


@dataclass(kw_only=True)
class Reading:
    """What a file gave: records with their lines, rows set aside, and what was strange."""

    name: str
    kind: TableKind
    rows: list[tuple[int, RegisterRow]] = field(default_factory=list)
    claims: list[tuple[int, InspectionClaim]] = field(default_factory=list)
    changes: list[SettingChange] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    rows_read: int = 0
    rows_kept: int = 0
    findings: dict[str, Any] = field(default_factory=dict)

    def content(self) -> str:
        """A digest of all that was read: the same table as CSV and in a workbook has the same."""
        said = [repr(record) for _, record in [*self.rows, *self.claims]]
        said += [repr(change) for change in self.changes]
        return digest_of("\n".join(sorted(said)).encode())


@dataclass(frozen=True, kw_only=True)
class Found:
    """A sheet's table with its columns placed, and the kind of table that it is."""

    table: Table
    placed: Placed
    kind: TableKind
    sure: bool
    cut_off: bool


def read_file(
    name: str, content: bytes, regulator: Regulator, wanted: TableKind, *, in_child: bool = False
) -> Reading:
    """Read a file as a table of the wanted kind; RefusedFile names the fault that rules it out."""
    if wanted not in regulator.layouts:
        raise RefusedFile(name, f"tables of {wanted} by {regulator.name} are not known here")
    found, left = choose(name, read(name, content, in_child=in_child), regulator, wanted)
    reading = Reading(name=name, kind=wanted)
    if left:
        reading.findings["sheets_left"] = left
    if found.placed.unplaced:
        reading.findings["unplaced"] = list(found.placed.unplaced)
    if found.placed.guessed:
        reading.findings["guessed"] = found.placed.guessed
    if day := title_day(found.table):
        reading.findings["title_day"] = day.isoformat()
    odd = Oddities()
    _read_rows(reading, found, regulator, wanted, odd)
    reading.findings |= odd.told()
    _check_columns(reading, found, regulator, odd)
    _check_half(reading, found)
    return reading


def choose(
    name: str, sheets: Sequence[Sheet], regulator: Regulator, wanted: TableKind
) -> tuple[Found, list[str]]:
    """The sheet that fits best, and the names of those left."""
    found = [one for sheet in sheets if (one := _find(sheet, regulator))]
    fitting = [one for one in found if one.kind == wanted or not one.sure]
    layout = regulator.layouts[wanted]
    placed = [(one, place(one.table.header, regulator, wanted)) for one in fitting]
    whole = [(one, columns) for one, columns in placed if not columns.missing(layout)]
    if whole:
        best, columns = max(whole, key=lambda pair: (len(pair[1].columns), len(pair[0].table.rows)))
        if best.cut_off:
            _check_end(name, best)
        chosen = Found(table=best.table, placed=columns, kind=wanted, sure=True, cut_off=best.cut_off)
        return chosen, [sheet.name for sheet in sheets if sheet.name != best.table.sheet]
    if placed:
        missing = min((columns.missing(layout) for _, columns in placed), key=len)
        named = " and ".join(f"“{heading}”" for heading in missing)
        raise RefusedFile(name, f"the column {named} is missing, or under a name not known here")
    if found:
        raise RefusedFile(name, f"is {_CALLED[found[0].kind]}")
    sought = ", ".join(f"“{meaning.seen[0]}”" for meaning in layout.required())
    raise RefusedFile(name, f"no header found; sought a line with the columns {sought}")


def _find(sheet: Sheet, regulator: Regulator) -> Found | None:
    """The table in a sheet, if it holds one of any kind."""

    def score(header: Sequence[str]) -> int:
        known = known_headings(header, regulator)
        return known if known >= _ENOUGH else 0

    table = locate(sheet, score)
    if table is None:
        return None
    as_changes = place(table.header, regulator, "changes") if "changes" in regulator.layouts else None
    if as_changes and {"joiner", "leaver"} & as_changes.columns.keys():
        return Found(table=table, placed=as_changes, kind="changes", sure=True, cut_off=sheet.cut_off)
    placed = place(table.header, regulator, "register")
    kind, sure = _kind(table, placed, regulator)
    return Found(table=table, placed=placed, kind=kind, sure=sure, cut_off=sheet.cut_off)


def _kind(table: Table, placed: Placed, regulator: Regulator) -> tuple[TableKind, bool]:
    """Register or inspections, by what stands above and in the header, else by the rows."""
    told = " ".join(
        [table.sheet.replace("_", " "), *table.titles, *(c.replace("\n", " ") for c in table.header)]
    )
    both: tuple[TableKind, ...] = ("inspections", "register")
    says = [kind for kind in both if regulator.title_says[kind].search(told)]
    if len(says) == 1:
        return says[0], True
    if "day" not in placed.columns:
        return "register", True
    rows = [Row(line, placed, regulator, Oddities()) for line in table.rows]
    urns = Counter(row.text("urn") for row in rows)
    events = {(row.text("urn"), row.text("event_number"), row.text("day")) for row in rows}
    repeated = len(events) - len(urns)
    kinds = [row.text("inspection_kind") or "" for row in rows]
    others = sum(regulator.inspection_kinds.get(kind.lower(), "full") != "full" for kind in kinds)
    if repeated >= max(3, len(rows) // 50) or others >= max(3, len(rows) // 20):
        return "inspections", True
    days = sorted(day for row in rows if (day := row.read("day", values.day)))
    if not days or len(days) < 0.98 * len(rows):
        return "register", True
    middle = days[len(days) // 50 : len(days) - len(days) // 50]
    return "register", (middle[-1] - middle[0]).days > _YEAR_AND_HALF


def _check_end(name: str, found: Found) -> None:
    usual = Counter(len(line.cells) for line in found.table.rows).most_common(1)
    last = found.table.rows[-1] if found.table.rows else None
    if last and usual and len(last.cells) < min(usual[0][0], len(found.table.header)):
        raise RefusedFile(
            name,
            f"is cut off: line {last.number}, the last, ends after {len(last.cells)} of {usual[0][0]} cells",
        )


def title_day(table: Table) -> dt.date | None:
    """The day that the titles say the table is *as at*."""
    for title in (*table.titles, table.sheet.replace("_", " ")):
        if found := _TITLE_DAY.search(title):
            try:
                return values.day(" ".join(found.groups()))
            except ValueError:
                continue
    return None


def _read_rows(
    reading: Reading, found: Found, regulator: Regulator, wanted: TableKind, odd: Oddities
) -> None:
    shifted = lines_with_more(found.table.rows, len(found.table.header))
    for line in found.table.rows:
        row = Row(line, found.placed, regulator, odd)
        reading.rows_read += 1
        try:
            if line.number in shifted:
                raise BadRow("more cells than the header has columns")
            _take(reading, row, wanted)
            reading.rows_kept += 1
        except BadRow as reason:
            reading.rejected.append(rejected(row, str(reason), regulator))


def _take(reading: Reading, row: Row, wanted: TableKind) -> None:
    setting = row.setting()
    if wanted == "changes":
        reading.changes += row.changes()
        reading.rows.append((row.line.number, setting))
        return
    claim, previous = row.claim(), row.claim("previous_")
    if wanted == "inspections" and claim is None:
        raise BadRow("no inspection")
    reading.rows.append((row.line.number, setting))
    if claim and wanted == "inspections":
        claim = replace(claim, provider_name=setting.owner, capacity=setting.places)
    reading.claims += [
        (row.line.number, replace(one, setting_kind=setting.kind)) for one in (claim, previous) if one
    ]


def _check_columns(reading: Reading, found: Found, regulator: Regulator, odd: Oddities) -> None:
    """A column most of whose cells are not what its heading says: columns were swapped or shifted."""
    for name in _HOLDING:
        if odd.filled[name] >= 5 and odd.unreadable[name] * 2 > odd.filled[name]:
            heading = " ".join(found.table.header[found.placed.columns[name][0]].split())
            raise RefusedFile(reading.name, f"the column “{heading}” does not hold what it names")
    rows = [row for _, row in reading.rows]
    regional = sum((row.local_authority or "").lower() in regulator.regions - {"london"} for row in rows)
    if regional * 2 > len(rows):
        raise RefusedFile(reading.name, "the column of local authorities holds regions")
    strange = sum(row.kind == "other" for row in rows)
    if strange * 2 > len(rows):
        raise RefusedFile(reading.name, "most rows have a kind of provision that is not known here")


def _check_half(reading: Reading, found: Found) -> None:
    if not reading.rows_read:
        raise RefusedFile(reading.name, f"no rows below the header (line {found.table.header_line})")
    if reading.rows_kept * 2 < reading.rows_read:
        reason, count = Counter(row.reason for row in reading.rejected).most_common(1)[0]
        raise RefusedFile(
            reading.name,
            f"only {reading.rows_kept} of {reading.rows_read} rows can be read; {count} have: {reason}",
        )
