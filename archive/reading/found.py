"""What a search found, made ready to be shown: facets as choices, months as a chart, rows for a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive import asking, telling
from archive.figures import Figure, Series
from storage.batches import batches
from storage.schema.inspections import reports
from storage.schema.press import articles
from storage.search.counting import SHOWN, Counts
from storage.search.found import Results, Search
from storage.search.hits import Hit

ROW_FIELDS: Final = (
    *("kind", "id", "title", "outlet", "published", "link", "urn", "local_authority"),
    *("provider", "judgement", "original", "url"),
)
_MOST_MONTHS: Final = 48  # bars beyond this are thinner than an eye can tell apart: years then


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A value of a facet: how it is told, how many hits have it, and where choosing it leads."""

    value: str
    told: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, kw_only=True)
class Facet:
    """A facet beside the hits; ``more`` leads to all its values where not all are listed."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    more: str | None


def facets(asked: Search, results: Results) -> list[Facet]:
    """The facets that can narrow the search, or that do."""
    shown = []
    for name, title in asking.TITLES.items():
        counts = results.facets[name]
        held = asked.filters.get(name, ())
        if not held and (not counts or (len(counts) == 1 and counts[0][1] == results.total)):
            continue
        if not held and name == "month" and len(counts) == 1:
            continue
        more = asking.address(asked, path="/search/values", facet=name) if len(counts) >= SHOWN else None
        shown.append(Facet(name=name, title=title, choices=choices(asked, name, counts), more=more))
    return shown


def choices(asked: Search, facet: str, counts: Counts) -> tuple[Choice, ...]:
    """The values of a facet; those chosen stand first, also where no hit has them any more."""
    held = asked.filters.get(facet, ())
    known = dict(counts)
    ordered = [*held, *(value for value, _ in counts if value not in held)]
    return tuple(
        Choice(
            value=value,
            told=telling.facet_value(value, facet),
            count=known.get(value, 0),
            chosen=value in held,
            address=asking.toggled(asked, facet, value),
        )
        for value in ordered
    )


def over_time(asked: Search, results: Results) -> Figure | None:
    """How many hits each month has, newest first, or each year where there are many; None for a few."""
    if len(results.months) < 2:
        return None
    by_year = len(_every_month(results.months)) > _MOST_MONTHS
    counts = _years(results.months) if by_year else _every_month(results.months)
    facet = "year" if by_year else "month"
    counted = sum(count for _, count in counts)
    undated = results.total - counted
    beside = f"; {undated:,} more have no exact date" if undated else ""
    return Figure(
        id="over-time",
        title=f"Found by {facet}",
        told=f"{counted:,} articles and reports from {telling.published(results.months[0][0])}"
        f" to {telling.published(results.months[-1][0])}{beside}.",
        shape="bar",
        of=facet.capitalize(),
        labels=[telling.published(value) for value, _ in reversed(counts)],
        series=[Series(name="Found", values=[count for _, count in reversed(counts)])],
        links=[asking.only(asked, facet, value) for value, _ in reversed(counts)],
    )


def rows(connection: sa.Connection, hits: Sequence[Hit], base: str) -> list[dict[str, Any]]:
    """The hits as a table has them: titles, outlets, dates and links, never a text."""
    original = _originals(connection, hits)
    return [
        {
            "kind": hit.kind,
            "id": hit.id,
            "title": "".join(piece.text for piece in hit.title),
            "outlet": hit.outlet,
            "published": hit.published,
            "link": hit.link,
            "urn": "; ".join(hit.urns),
            "local_authority": "; ".join(dict.fromkeys(hit.authorities)),
            "provider": "; ".join(dict.fromkeys(hit.providers)),
            "judgement": "; ".join(hit.judgements),
            "original": original.get(hit.id),
            "url": f"{base}/{hit.kind}s/{hit.id}",
        }
        for hit in hits
    ]


def _originals(connection: sa.Connection, hits: Sequence[Hit]) -> dict[str, str]:
    """Where each was first published."""
    found: dict[str, str] = {}
    for table in (articles, reports):
        for some in batches([hit.id for hit in hits]):
            query = sa.select(table.c.id, table.c.url).where(table.c.id.in_(some), table.c.url.is_not(None))
            found |= {row.id: row.url for row in connection.execute(query)}
    return found


def _every_month(counts: Counts) -> Counts:
    """The months from the first to the last, also those in which nothing was found."""
    known = dict(counts)
    first, last = (_ordinal(counts[place][0]) for place in (0, -1))
    names = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
    return tuple((name, known.get(name, 0)) for name in names)


def _years(counts: Counts) -> Counts:
    known: dict[str, int] = {}
    for month, count in counts:
        known[month[:4]] = known.get(month[:4], 0) + count
    first, last = int(min(known)), int(max(known))
    if last - first > _MOST_MONTHS:  # a date misprinted by centuries must not push the others aside
        return tuple(sorted(known.items()))[-_MOST_MONTHS:]
    return tuple((f"{year:04}", known.get(f"{year:04}", 0)) for year in range(first, last + 1))


def _ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1
