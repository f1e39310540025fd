"""Addresses of every kind of page of a generated archive, for the bench of the web archive."""

import random
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

import sqlalchemy as sa

from archive.leads import LEADS
from storage.schema.base import metadata
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import providers, settings
from storage.search.searching import SearchIndex
from storage.store import Store

EACH: Final = 60
"""Addresses of each kind."""
SAME_FOR_ALL: Final = (
    *("/", "/dashboard", "/authorities", "/outlets", "/leads", "/review", "/since", "/operator", "/about"),
    *("/following", "/notes", "/operator/runs", "/operator/failures", "/operator/merging"),
    *("/operator/orders", "/operator/audit"),
)
"""Pages with one address each."""

COUNTED: Final = ("/", "/dashboard", "/authorities", "/outlets", "/review", "/leads/falling")
"""Pages that show counts over the whole archive."""

_Make = Callable[[], str]


def by_kind(store: Store) -> dict[str, list[str]]:
    """Name of a kind of page → addresses of it; the same each time."""
    rng = random.Random(7)
    made = _searches(store, rng) | _records(store, rng) | _lists()
    return {name: [make() for _ in range(EACH)] for name, make in made.items()}


def _searches(store: Store, rng: random.Random) -> Mapping[str, _Make]:
    index = SearchIndex(store.place.index)._index().searcher()
    words = [word for word, _ in index.terms_with_prefix("plain", "", limit=4_000)]
    rare = [word for word in words[1_000:] if len(word) > 3]
    pair: _Make = lambda: f"{rng.choice(words[:400])}+{rng.choice(rare)}"  # noqa: E731
    return {
        "search, one word": lambda: f"/search?q={rng.choice(rare)}",
        "search, a frequent word": lambda: f"/search?q={rng.choice(words[:30])}",
        "search, two words": lambda: f"/search?q={pair()}",
        "search, OR and fields": lambda: (
            f"/search?q=({pair().replace('+', '+OR+')})+judgement:good+after:2019"
        ),
        "search, two facets": lambda: (
            f"/search?q={rng.choice(words[:400])}&judgement=Good&judgement=Inadequate"
            f"&region=Region+{rng.randrange(9)}"
        ),
        "search, newest": lambda: (
            f"/search?q={rng.choice(words[:400])}&sort=newest&page={rng.randrange(1, 40)}"
        ),
        "search, a beginning": lambda: f"/search?q={rng.choice(rare)[:3]}*",
        "search, misspelt": lambda: f"/search?q={_misspelt(rng, rng.choice(rare))}",
        "search, everything": lambda: f"/search?page={rng.randrange(1, 20)}",
        "values of a facet": lambda: f"/search/values?facet=provider&q={rng.choice(words[:400])}",
    }


def _records(store: Store, rng: random.Random) -> Mapping[str, _Make]:
    def one_of(table: str, column: str = "id") -> list[str]:
        chosen = metadata.tables[table].c[column]
        with store.reading() as connection:
            found = connection.scalars(sa.select(chosen).where(chosen.is_not(None)).distinct())
            return sorted(found)

    def largest(column: sa.Column[str]) -> list[str]:
        query = sa.select(column).where(column.is_not(None)).group_by(column)
        with store.reading() as connection:
            return list(connection.scalars(query.order_by(sa.func.count().desc()).limit(20)))

    def page(path: str, values: list[str], ending: str = "") -> _Make:
        return lambda: f"{path}/{quote(rng.choice(values), safe='')}{ending}"

    asserted = sa.select(links.c.article_id).where(links.c.status == "linked", links.c.rank.is_(None))
    with store.reading() as connection:
        linked = sorted(connection.scalars(asserted))
    return {
        "article": page("/articles", one_of("articles")),
        "evidence sheet": page("/articles", linked, "/sheet"),
        "setting": page("/settings", one_of("settings")),
        "provider": page("/providers", one_of("providers")),
        "provider, a big one": page("/providers", largest(settings.c.provider_id)),
        "group": page("/groups", one_of("providers", "group_name")),
        "group, a big one": page("/groups", largest(providers.c.group_name)),
        "authority": page("/authorities", one_of("settings", "local_authority")),
        "authority, a big one": page("/authorities", largest(settings.c.local_authority)),
        "outlet": page("/outlets", largest(articles.c.outlet)),
        "inspection": page("/inspections", one_of("inspections")),
        "review item": page("/review", linked, "/0"),
    }


def _lists() -> Mapping[str, _Make]:
    paths = (*SAME_FOR_ALL, *(f"/leads/{name}" for name in LEADS))
    return {path: (lambda path=path: path) for path in paths}  # type: ignore[misc]


def _misspelt(rng: random.Random, word: str) -> str:
    place = rng.randrange(1, len(word))
    return word[:place] + rng.choice("qxz") + word[place:]
