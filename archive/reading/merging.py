"""What may be one provider, what a merge or a split would change, and what was decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from rapidfuzz import fuzz

from storage import articles as stored_articles
from storage import regrouping, stories
from storage.batches import select_where_in
from storage.errors import NotFound
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.press import article_versions, articles
from storage.schema.registers import provider_names, providers, settings

_NEAR: Final = 92.0  # of 100: "Larkspur Care North" and "Larkspur Care (North)", not "… South"
_NEIGHBOURS: Final = 6  # names compared on each side, in the order of their letters
_Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two providers that may be one, and what speaks for it."""

    one: _Row
    other: _Row
    why: str


@dataclass(frozen=True, kw_only=True)
class Weight:
    """A provider and what hangs on it."""

    provider: _Row
    spellings: tuple[str, ...]
    settings: int
    inspections: int
    links: int


@dataclass(frozen=True, kw_only=True)
class Copy:
    """An article in a story, as a merge or split lists it."""

    id: str
    title: str | None
    outlet: str | None


def offered(connection: sa.Connection, *, limit: int = 50) -> list[Pair]:
    """Living providers with one company number or nearly one name, but for those a person parted."""
    columns = (providers.c.id, providers.c.name, providers.c.name_key, providers.c.company_number)
    rows = connection.execute(sa.select(*columns).where(providers.c.merged_into.is_(None))).all()
    parted = {
        frozenset((one["provider_id"], one["other_id"]))
        for one in regrouping.decisions(connection)
        if one["decision"] == "split" and not one["undone"]
    }
    found: dict[frozenset[str], Pair] = {}
    for pair in (*_same_number(rows), *_near_names(rows)):
        both = frozenset((pair.one.id, pair.other.id))
        if both not in parted:
            found.setdefault(both, pair)
    return list(found.values())[:limit]


def weight(connection: sa.Connection, provider_id: str) -> Weight:
    """What would go over with the provider; NotFound for one that is not there or was merged before."""
    living = (providers.c.id == provider_id) & providers.c.merged_into.is_(None)
    provider = connection.execute(sa.select(providers).where(living)).first()
    if provider is None:
        raise NotFound("there is no such provider, or it was merged into another")
    names = sa.select(provider_names.c.name).where(provider_names.c.provider_id == provider_id).distinct()
    counted = (
        connection.execute(
            sa.select(sa.func.count()).select_from(table).where(table.c.provider_id == provider_id)
        ).scalar_one()
        for table in (settings, inspections, links)
    )
    of_settings, of_inspections, of_links = counted
    return Weight(
        provider=provider,
        spellings=tuple(sorted(connection.execute(names).scalars())),
        settings=of_settings,
        inspections=of_inspections,
        links=of_links,
    )


def story(connection: sa.Connection, reference: str) -> list[Copy]:
    """The copies of an article's story, the article first; by id, address or external id. NotFound."""
    article = stored_articles.find(connection, reference)
    ids = stories.copies(connection, [article])[article]
    query = (
        sa.select(articles.c.id, articles.c.outlet, article_versions.c.title)
        .join(article_versions, article_versions.c.article_id == articles.c.id)
        .where(article_versions.c.number == articles.c.latest_version, articles.c.restriction.is_(None))
    )
    found = [Copy(**row) for row in select_where_in(connection, query, articles.c.id, ids)]
    if all(copy.id != article for copy in found):
        raise NotFound(f"there is no article {reference[:60]!r}")
    return sorted(found, key=lambda copy: (copy.id != article, copy.outlet or "", copy.id))


def _same_number(rows: Sequence[_Row]) -> Iterator[Pair]:
    by_number: dict[str, _Row] = {}
    for row in rows:
        if row.company_number:
            first = by_number.setdefault(row.company_number, row)
            if first is not row:
                yield Pair(one=first, other=row, why=f"both have company number {row.company_number}")


def _near_names(rows: Sequence[_Row]) -> Iterator[Pair]:
    """Names that begin alike, or end alike: neighbours by their letters, and by their letters backwards."""
    for ordered in (
        sorted(rows, key=lambda row: row.name_key),
        sorted(rows, key=lambda row: row.name_key[::-1]),
    ):
        for place, row in enumerate(ordered):
            for other in ordered[place + 1 : place + 1 + _NEIGHBOURS]:
                if not _contradict(row, other) and fuzz.ratio(row.name_key, other.name_key) >= _NEAR:
                    yield Pair(one=row, other=other, why="their names are nearly the same")


def _contradict(one: _Row, other: _Row) -> bool:
    numbers = {one.company_number, other.company_number} - {None}
    return len(numbers) > 1
