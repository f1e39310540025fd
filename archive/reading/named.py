"""How records of many kinds are called in one list: articles, settings, providers, inspections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from archive import telling
from storage.batches import select_where_in
from storage.schema.inspections import inspections
from storage.schema.press import article_versions, articles
from storage.schema.registers import providers, settings

_PLACED = (settings.c.kind, settings.c.name, settings.c.name_withheld, settings.c.local_authority)


def named(connection: sa.Connection, wanted: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """The title of each (kind, id) that is there and not restricted; what is withheld stays so."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, id_ in wanted:
        by_kind[kind].add(id_)
    found = {}
    for kind, query, column, told in _QUERIES:
        for row in select_where_in(connection, query, column, by_kind[kind]):
            found[kind, row["id"]] = told(row)
    return found


class Place:
    """A row as telling.setting_title reads it."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.kind: str = row["kind"]
        self.name: str | None = row["name"]
        self.name_withheld: bool = row["name_withheld"]
        self.local_authority: str | None = row["local_authority"]


def _setting(row: Mapping[str, Any]) -> str:
    return f"{telling.setting_title(Place(row))}, {row['urn']}"


def _inspection(row: Mapping[str, Any]) -> str:
    return f"{_setting(row)}: inspection of {telling.days(row['first_day'], row['last_day'])}"


_QUERIES = (
    (
        "article",
        sa.select(articles.c.id, article_versions.c.title)
        .join(article_versions, article_versions.c.article_id == articles.c.id)
        .where(article_versions.c.number == articles.c.latest_version, articles.c.restriction.is_(None)),
        articles.c.id,
        lambda row: row["title"] or "Untitled",
    ),
    ("setting", sa.select(settings.c.id, settings.c.urn, *_PLACED), settings.c.id, _setting),
    ("provider", sa.select(providers.c.id, providers.c.name), providers.c.id, lambda row: row["name"]),
    (
        "inspection",
        sa.select(
            inspections.c.id, inspections.c.first_day, inspections.c.last_day, settings.c.urn, *_PLACED
        ).join(settings, settings.c.id == inspections.c.setting_id),
        inspections.c.id,
        _inspection,
    ),
)
