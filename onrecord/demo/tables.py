"""The regulator's tables as it publishes them: registers as at a day, inspections in a year.

Each year has its own quirks, as the real ones have: title lines above the header, another encoding, columns
renamed or with line breaks in their names, empty columns at the end.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from onrecord.demo.frontmatter import table
from onrecord.demo.settings import WITHHELD, Setting, Visit

_NOTE: Final = "This table is part of a demonstration: every provider, home and inspection in it is invented."
_COLUMNS: Final[Mapping[str, list[str]]] = table("tables.toml")


@dataclass(frozen=True, kw_only=True)
class Table:
    """One published file; ``as_of`` is None for a table of inspections."""

    file_name: str
    title: str
    content: bytes
    as_of: dt.date | None = None


def tables(settings: Sequence[Setting]) -> list[Table]:
    """Two registers and two tables of inspections."""
    return [
        _register(settings, dt.date(2024, 3, 31), spelling=0, encoding="cp1252"),
        _register(settings, dt.date(2025, 3, 31), spelling=-1, encoding="utf-8-sig"),
        _inspections(settings, 2023, encoding="utf-8-sig"),
        _inspections(settings, 2024, encoding="utf-8"),
    ]


def _register(settings: Sequence[Setting], as_of: dt.date, *, spelling: int, encoding: str) -> Table:
    header, rows = [*_COLUMNS["provider"], *_COLUMNS["latest"]], []
    with_previous = as_of.year == 2024
    if with_previous:
        header += _COLUMNS["previous"]
    for setting in settings:
        if setting.registered > as_of or (setting.closed and setting.closed <= as_of):
            continue
        full = [
            visit for visit in setting.visits if visit.kind == "Full inspection" and visit.first <= as_of
        ][::-1]
        row = [*_of_setting(setting, spelling), *_of_visit(setting, full[0] if full else None)]
        if with_previous:
            row += _of_visit(setting, full[1] if len(full) > 1 else None)
        rows.append(row)
    title = f"Children's social care data, a demonstration – Provider level as at {as_of.day} {as_of:%B %Y}"
    content = _csv(title, _with_line_breaks(header) if as_of.year == 2025 else header, rows, encoding)
    return Table(
        file_name=f"provider_at_{as_of:%B_%Y}.csv".lower(), title=title, content=content, as_of=as_of
    )


def _inspections(settings: Sequence[Setting], year: int, *, encoding: str) -> Table:
    first, last = dt.date(year, 4, 1), dt.date(year + 1, 3, 31)
    rows = [
        [*_of_setting(setting, 0 if year == 2023 else -1), *_of_visit(setting, visit)]
        for setting in settings
        for visit in setting.visits
        if first <= visit.first <= last
    ]
    title = f"Children's social care data, a demonstration – Provider level in year {year}-{(year + 1) % 100}"
    names = _COLUMNS["in_year"]
    if year == 2024:
        names = [name.replace("Inspection", " Inspection") for name in names]
    content = _csv(title, [*_COLUMNS["provider"], *names], rows, encoding)
    return Table(file_name=f"provider_in_year_{year}_{(year + 1) % 100}.csv", title=title, content=content)


def _of_setting(setting: Setting, spelling: int) -> list[str]:
    withheld = setting.kind in WITHHELD
    hidden = "REDACTED" if withheld else ""
    said: Mapping[str, str] = {
        "Web link": "Social Care Provider Webpage",
        "URN": setting.urn,
        "Provision type": setting.kind,
        "Registration date": _day(setting.registered),
        "Registration status": "Active",
        "Name": hidden or setting.name or "",
        "Address 1": hidden,
        "Address 2": hidden,
        "Town": hidden or setting.town or "",
        "County": hidden,
        "Postcode": hidden,
        "Ofsted region": _ofsted_region(setting.region),
        "Government Office Region": setting.region,
        "Local authority": setting.authority,
        "Parliamentary constituency": setting.constituency,
        "Sector": setting.owner.sector,
        "Places": str(setting.places or "NULL"),
        "Short-break-only children's home": "Yes" if setting.short_breaks else " ",
        "Organisation which owns the provider": setting.owner.names[spelling],
    }
    return [said.get(column, "") for column in _COLUMNS["provider"]]


def _of_visit(setting: Setting, visit: Visit | None) -> list[str]:
    if visit is None:
        return [""] * len(_COLUMNS["latest"])
    overall, protection, leadership = visit.grades or ("", "", "")
    return [
        visit.kind,
        _day(visit.first),
        _day(visit.published),
        visit.event_number(setting.urn),
        overall,
        "",
        "",
        protection,
        leadership,
    ]


def _csv(title: str, header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    out, empty = io.StringIO(newline=""), [""] * 3
    writer = csv.writer(out)
    for line in ([title], [_NOTE], header, *rows):
        writer.writerow([*line, *[""] * (len(header) - len(line)), *empty])
    return out.getvalue().encode(encoding)


def _with_line_breaks(header: Sequence[str]) -> list[str]:
    broken = ("Latest full inspection d", "Overall")
    return [f"\n{name}" if name.startswith(broken) else name for name in header]


def _ofsted_region(region: str) -> str:
    return "North East, Yorkshire and the Humber" if region == "Yorkshire and The Humber" else region


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
