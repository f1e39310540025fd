"""What the demo's archive holds, counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.schema.crawl import captures
from storage.schema.inspections import inspections, reports
from storage.schema.links import links
from storage.schema.press import article_versions, articles
from storage.schema.registers import providers, settings
from storage.store import Store

_COUNTED = {
    "articles": articles,
    "article_versions": article_versions,
    "reports": reports,
    "settings": settings,
    "providers": providers,
    "inspections": inspections,
    "captures": captures,
}


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Counts of records; ``linked`` by level of what is asserted, ``unlinked`` by the answer instead."""

    counts: Mapping[str, int]
    linked: Mapping[str, int]
    unlinked: Mapping[str, int]
    evidence_bytes: int

    def as_json(self) -> dict[str, Any]:
        """Flat, for machines."""
        return {
            **self.counts,
            "linked": dict(self.linked),
            "unlinked": dict(self.unlinked),
            "evidence_bytes": self.evidence_bytes,
        }

    def lines(self) -> list[str]:
        """For people."""
        count = self.counts
        linked = ", ".join(f"{number} to the {level}" for level, number in self.linked.items())
        unlinked = ", ".join(
            f"{number} {answer.replace('_', ' ')}" for answer, number in self.unlinked.items()
        )
        return [
            f"{count['articles']} articles in {count['article_versions']} versions;"
            f" {count['reports']} reports,"
            f" {count['settings']} settings of {count['providers']} providers,"
            f" {count['inspections']} inspections",
            f"Linked: {linked}. Not linked: {unlinked}.",
            f"Evidence: {count['captures']} captures, {self.evidence_bytes / 1e6:.1f} MB of WARC",
        ]


def contents(store: Store) -> Contents:
    """Count what the archive holds."""
    decisions = (links.c.rank.is_(None)) & (links.c.status != "withdrawn")
    with store.reading() as connection:
        return Contents(
            counts={
                name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for name, table in _COUNTED.items()
            },
            linked=_tally(connection, links.c.level, decisions & (links.c.status == "linked")),
            unlinked=_tally(connection, links.c.answer, decisions & (links.c.status == "none")),
            evidence_bytes=sum(file.stat().st_size for file in store.place.evidence.rglob("*.warc.gz")),
        )


def _tally(
    connection: sa.Connection, column: sa.Column[Any], condition: sa.ColumnElement[bool]
) -> dict[str, int]:
    """How often each value stands, the most frequent first."""
    number = sa.func.count().label("number")
    query = sa.select(column, number).where(condition).group_by(column).order_by(number.desc(), column)
    return {row[0]: row.number for row in connection.execute(query)}
