"""How inspections were judged, year by year: counts, and the figures made of them."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from archive import telling
from archive.figures import Figure, Series
from storage.schema.inspections import inspections
from storage.vocabulary import GRADES

Mix = Mapping[int, Mapping[str, int]]
"""Year → judgement → how many full inspections."""

FEWEST: Final = 5
"""Inspections below which no share is told: one home more or less would turn it."""


def mix(connection: sa.Connection, where: sa.ColumnElement[bool] | None = None) -> Mix:
    """Full inspections by the year of their first day and the overall judgement."""
    year = sa.extract("year", inspections.c.first_day)
    query = sa.select(year, inspections.c.overall, sa.func.count()).where(
        inspections.c.kind == "full", inspections.c.first_day.is_not(None)
    )
    if where is not None:
        query = query.where(where)
    found: dict[int, dict[str, int]] = {}
    for when, judgement, count in connection.execute(query.group_by(year, inspections.c.overall)):
        if judgement in GRADES:
            found.setdefault(int(when), {})[judgement] = count
    return found


def mixed(inspected: Iterable[tuple[str, dt.date | None, str | None]]) -> Mix:
    """The same of (kind, first day, overall judgement) each, where they were read already."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for kind, day, judgement in inspected:
        if kind == "full" and day and judgement in GRADES:
            found[day.year][judgement] += 1
    return found


def years_figure(counts: Mix, of: str) -> Figure:
    """Judgements of full inspections, year by year, stacked."""
    years = _years(counts)
    shown = [grade for grade in GRADES if any(grade in row for row in counts.values())]
    return Figure(
        id="mix",
        title="Judgements year by year",
        told=f"Full inspections of {of} by overall judgement.",
        shape="stacked",
        of="Year",
        labels=[str(year) for year in years],
        series=[
            Series(
                name=grade,
                values=[counts.get(year, {}).get(grade, 0) for year in years],
                tone=telling.grade(grade),
            )
            for grade in shown
        ],
    )


def against_figure(counts: Mix, name: str, england: Mix) -> Figure:
    """The share judged good or outstanding, beside that of every home held here."""
    years = _years(counts)
    return Figure(
        id="against",
        title="Good or outstanding, beside everywhere",
        told=f"Share of a year's full inspections; years with fewer than {FEWEST} inspections have none.",
        shape="line",
        of="Year",
        labels=[str(year) for year in years],
        series=[
            Series(name=name, values=[good_share(counts.get(year, {})) for year in years]),
            Series(
                name="All authorities",
                values=[good_share(england.get(year, {})) for year in years],
                tone="neutral",
            ),
        ],
        unit="%",
    )


def good_share(counts: Mapping[str, int]) -> float | None:
    """Percent judged good or outstanding; None of too few."""
    total = sum(counts.values())
    if total < FEWEST:
        return None
    return round(100 * (counts.get("Good", 0) + counts.get("Outstanding", 0)) / total)


def _years(counts: Mix) -> Sequence[int]:
    return range(min(counts), max(counts) + 1) if counts else ()
