"""One row of a regulator's table as records; what is wrong with it said by name.

Of a row that is set aside only what was recognised is kept (its number, kind, day): a shifted row may hold
an address anywhere.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from crawler.extract.tables import Line
from crawler.regulators import values
from crawler.regulators.columns import Placed
from crawler.regulators.declared import Regulator
from storage.imports import RejectedRow
from storage.names import is_name
from storage.records import InspectionClaim, RegisterRow, SettingChange
from storage.schema.inspections import GRADED
from storage.vocabulary import WITHHELD_KINDS, Area, InspectionKind

T = TypeVar("T")
_REDACTED = "redacted"
_GARBLED = 2  # typed cells that cannot be read before a row counts as shifted
_FORGIVEN = frozenset(
    {"kind", "inspection_kind", "published", "event_number", *GRADED}
    | {f"previous_{name}" for name in ("inspection_kind", "published", "event_number", *GRADED)}
)
"""Cells whose strange content is a finding and no sign of a shifted row: words may be new any year."""
_FORMULA = re.compile(r"=|@\w*\(")  # @Wendside Ltd is a name
_TOLD_FROM = 3  # a strange word is named in the findings once it occurs this often


class BadRow(Exception):
    """A row that cannot be taken; the message is its reason."""


@dataclass(kw_only=True)
class Oddities:
    """What was strange in the cells of a table, counted."""

    unreadable: Counter[str] = field(default_factory=Counter)
    words: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    filled: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, Any]:
        """The same for ``--json``; rare words stay unsaid, since a misplaced cell may be an address."""
        words = {
            name: {text: count for text, count in counted.most_common(10) if count >= _TOLD_FROM}
            for name, counted in self.words.items()
        }
        told = {"unreadable": dict(self.unreadable), "unknown_words": {k: v for k, v in words.items() if v}}
        return {name: value for name, value in told.items() if value}


class Row:
    """The cells of one line, read by field."""

    def __init__(self, line: Line, placed: Placed, regulator: Regulator, odd: Oddities) -> None:
        self.line, self._placed, self._regulator, self._odd = line, placed, regulator, odd
        self._garbled = 0
        self.text = self._texts().get  # of a field: its first cell that is not blank

    def _texts(self) -> dict[str, str]:
        cells, texts = self.line.cells, {}
        for name, positions in self._placed.columns.items():
            for position in positions:
                if position < len(cells) and not values.blank(cells[position]):
                    texts[name] = values.plain(cells[position])
                    break
        return texts

    def read(self, name: str, reader: Callable[[str], T | None]) -> T | None:
        """The field through a reader of ``crawler.regulators.values``; None, counted, when unreadable."""
        text = self.text(name)
        if text is None:
            return None
        self._odd.filled[name] += 1
        try:
            return reader(text)
        except ValueError:
            self._odd.unreadable[name] += 1
            self._odd.words[name][text[:60]] += not any(sign.isdigit() for sign in text)
            self._garbled += name not in _FORGIVEN
            return None

    def urn(self) -> str:
        found = (self.text("urn") or "").upper().replace(" ", "")
        found = found.removesuffix(".0")
        if not found:
            raise BadRow("no URN")
        if not self._regulator.urn.fullmatch(found):
            raise BadRow("the URN is not one of a setting")
        return found

    def kind(self) -> str:
        text = self.text("kind")
        if text is None:
            raise BadRow("no kind of provision")
        known = self.read("kind", lambda cell: values.one_of_several(cell, self._regulator.kinds))
        return known or "other"

    def setting(self) -> RegisterRow:
        """What the row says of the setting."""
        kind = self.kind()
        row = RegisterRow(
            urn=self.urn(),
            kind=kind,
            name=self._name(kind),
            status=self.read("status", lambda cell: values.word(cell, self._regulator.statuses)),
            local_authority=self._place("local_authority"),
            region=self._region(),
            constituency=self.text("constituency"),
            places=self.read("places", values.number) or None,
            sector=self.read("sector", lambda cell: values.word(cell, self._regulator.sectors)),
            owner=self._owner(),
            registered=self.read("registered", values.day),
        )
        if self._garbled >= _GARBLED:
            raise BadRow("several cells do not hold what their column names")
        return row

    def claim(self, prefix: str = "") -> InspectionClaim | None:
        """The inspection in the row's columns, or in its *previous* ones; None where there is none."""
        first = self.read(f"{prefix}day", values.day)
        text = self.text(f"{prefix}inspection_kind")
        if first is None and text is None:
            return None
        if first is None:
            raise BadRow("an inspection without a readable day")
        kind = self._inspection_kind(f"{prefix}inspection_kind") or "full"
        return InspectionClaim(
            urn=self.urn(),
            kind=kind,
            first_day=first,
            last_day=first,
            published=self.read(f"{prefix}published", lambda cell: _not_before(first, values.day(cell))),
            event_number=self.read(f"{prefix}event_number", _event_number),
            judgements=dict(self._judged(prefix, kind)),
            local_authority=self._place("local_authority"),
        )

    def changes(self) -> list[SettingChange]:
        """The openings and closings in a row of joiners and leavers."""
        urn = self.urn()
        days = {
            name: self.read(name, values.day) for name in ("registered", "resigned", "closed", "cancelled")
        }
        status = self.read("status", lambda cell: values.word(cell, self._regulator.statuses))
        if self.text("leaver") and days["closed"] and not days["resigned"] and not days["cancelled"]:
            days[self._regulator.endings.get(status or "", "closed")] = days["closed"]
            if status in self._regulator.endings and status != "Closed":
                days["closed"] = None
        if days["closed"] and (days["resigned"] or days["cancelled"]):
            days["closed"] = None
        found = [SettingChange(urn=urn, change=name, day=when) for name, when in days.items() if when]
        if not found:
            raise BadRow("neither an opening nor a closing")
        return found

    def _inspection_kind(self, name: str) -> InspectionKind | None:
        text = self.text(name)
        if text is None:
            return None
        kinds = self._regulator.inspection_kinds
        known = self.read(name, lambda cell: values.word(cell, kinds))
        return known or "other"  # type: ignore[return-value]

    def _judged(self, prefix: str, kind: InspectionKind) -> Iterator[tuple[Area, str]]:
        known = self._regulator.progress if kind == "interim" else self._regulator.grades
        for area in GRADED:
            if self.text(f"{prefix}{area}") in {None, "0"}:
                continue
            grade = self.read(f"{prefix}{area}", lambda cell: values.word(cell, known))
            if grade is not None:
                yield area, grade

    def _name(self, kind: str) -> str | None:
        name = self.text("name")
        if kind in WITHHELD_KINDS or name is None or name.lower() == _REDACTED:
            return None
        return name

    def _owner(self) -> str | None:
        if _FORMULA.match(self.text("owner") or ""):
            raise BadRow("the owner is a formula")
        owner = self.read("owner", _not_redacted)
        return owner if is_name(owner) else None

    def _region(self) -> str | None:
        region = re.sub(r"\s*\(.*\)$", "", self._place("region") or "")
        return self._regulator.region_names.get(region.lower(), region) or None

    def _place(self, name: str) -> str | None:
        place = self.read(name, _not_redacted)
        if place is None:
            return None
        if any(sign.isdigit() for sign in place):
            raise BadRow("a number where the authority or region should be")
        return place


def _not_redacted(cell: str) -> str:
    if cell.lower() == _REDACTED:
        raise ValueError("the regulator redacts names and addresses, and this is neither")
    return cell


def _event_number(cell: str) -> str | None:
    text = values.plain(cell).removesuffix(".0")
    if not text.isalnum():  # 1.02E+07: a spreadsheet rounded it, and it names nothing any more
        raise ValueError(f"{text!r} is no number of an inspection")
    return text if text != "0" else None


def _not_before(first: dt.date, published: dt.date | None) -> dt.date | None:
    if published and published < first:
        raise ValueError("published before it was inspected")
    return published


def rejected(row: Row, reason: str, regulator: Regulator) -> RejectedRow:
    """A row set aside: its line, its number where that is one, and why."""
    urn = (row.text("urn") or "").upper()
    known = urn if regulator.urn.fullmatch(urn) else None
    return RejectedRow(line=row.line.number, reason=reason, urn=known)


def lines_with_more(lines: Sequence[Line], width: int) -> set[int]:
    """Lines that hold anything behind the last column of the header: their cells have shifted."""
    return {line.number for line in lines if any(cell.strip() for cell in line.cells[width:])}
