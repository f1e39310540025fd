"""How often an alert would have told something lately, so that nobody is surprised by what they asked for."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from starlette.datastructures import QueryParams

from archive import asking
from storage.batches import select_where_in
from storage.follows import Followed
from storage.schema.assertions import assertions as log
from storage.schema.press import articles
from storage.schema.registers import providers
from storage.search.found import Search
from storage.search.searching import SearchIndex

_SPANS: Final = (30, 90)
_HITS: Final = 1_000  # the newest hits of a search that are looked at
_NEW: Final = ("asserted", "changed", "restored")


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Stories of the last 30 and 90 days; ``more``: at least so many."""

    month: int
    quarter: int
    more: bool = False


def expected(connection: sa.Connection, what: Followed, target: str, *, at: dt.datetime) -> Rate | None:
    """The rate of a record that is followed; None for a lead, whose past is not known."""
    if what == "lead":
        return None
    month, quarter = (
        connection.scalar(
            sa.select(sa.func.count(sa.distinct(sa.func.coalesce(articles.c.story_id, log.c.article_id))))
            .join(articles, articles.c.id == log.c.article_id)
            .outerjoin(providers, providers.c.id == log.c.provider_id)
            .where(
                log.c.event.in_(_NEW),
                log.c.at >= at - dt.timedelta(days=days),
                articles.c.restriction.is_(None),
                _column(what) == target,
            )
        )
        or 0
        for days in _SPANS
    )
    return Rate(month=month, quarter=quarter)


def searched(index: SearchIndex, target: str) -> list[str]:
    """The newest hits of a search; QueryFault where it cannot run."""
    asked = asking.read_search(QueryParams(target))
    newest = Search(query=asked.query, filters=asked.filters, sort="newest")
    return [hit.id for hit in index.listed(newest, _HITS)]


def expected_of(connection: sa.Connection, hits: list[str], *, at: dt.datetime) -> Rate:
    """The rate of a search that has these hits."""
    query = sa.select(articles.c.id, articles.c.story_id, articles.c.first_seen)
    seen = {
        row["story_id"] or row["id"]: row["first_seen"]
        for row in select_where_in(connection, query, articles.c.id, hits)
    }
    month, quarter = (
        sum(first >= at - dt.timedelta(days=days) for first in seen.values()) for days in _SPANS
    )
    return Rate(month=month, quarter=quarter, more=len(hits) == _HITS and quarter >= len(seen))


def _column(what: Followed) -> sa.ColumnElement[str | None]:
    columns: dict[str, sa.ColumnElement[str | None]] = {
        "provider": log.c.provider_id,
        "setting": log.c.setting_id,
        "authority": log.c.authority,
        "outlet": articles.c.outlet,
        "group": providers.c.group_name,
    }
    return columns[what]
