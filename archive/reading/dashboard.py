"""The archive in figures: links by week, coverage by month and judgement, what waits for people, sources."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from archive import telling
from archive.figures import Figure, Series
from storage.schema.crawl import runs, sources
from storage.schema.inspections import inspections
from storage.schema.links import links
from storage.schema.press import articles
from storage.vocabulary import GRADES

_WEEKS: Final = 26
_MONTHS: Final = 24
_SOURCES: Final = 20
_BACKLOG: Final = (
    ("asserted", "Linked, not checked"),
    ("several_fit", "Several records fit"),
    ("not_in_register", "Not in the registers held"),
    ("too_little", "Says too little"),
)


def figures(connection: sa.Connection, today: dt.date) -> tuple[Figure, ...]:
    """Every figure of the dashboard, of the moment that the connection sees."""
    return (
        links_by_week(connection, today),
        coverage_by_month(connection, today),
        backlog(connection),
        sources_health(connection, today),
    )


def links_by_week(connection: sa.Connection, today: dt.date) -> Figure:
    """Stories by the week in which their standing link was made."""
    monday = today - dt.timedelta(days=today.weekday())
    begun = monday - dt.timedelta(weeks=_WEEKS - 1)
    day = sa.func.date(links.c.decided_at)
    query = (
        sa.select(day, links.c.confirmed, sa.func.count(sa.distinct(links.c.article_id)))
        .join(articles, articles.c.id == links.c.article_id)
        .where(*_asserted(), links.c.decided_at >= dt.datetime.combine(begun, dt.time(), dt.UTC))
        .group_by(day, links.c.confirmed)
    )
    weeks = [begun + dt.timedelta(weeks=number) for number in range(_WEEKS)]
    counts = {(week, sure): 0 for week in weeks for sure in (True, False)}
    for when, sure, count in connection.execute(query):
        made = dt.date.fromisoformat(str(when))
        week = made - dt.timedelta(days=made.weekday())
        if (week, bool(sure)) in counts:
            counts[week, bool(sure)] += count
    return Figure(
        id="links",
        title="Links made, week by week",
        told="Stories by the week in which the link that stands was made; a link made anew counts again.",
        shape="stacked",
        of="Week from",
        labels=[f"{week.day} {week:%b %Y}" for week in weeks],
        series=[
            Series(name="By software", values=[counts[week, False] for week in weeks]),
            Series(name="Confirmed", values=[counts[week, True] for week in weeks], tone="for"),
        ],
    )


def coverage_by_month(connection: sa.Connection, today: dt.date) -> Figure:
    """Linked stories by their month and the inspection's judgement."""
    months = _months(today)
    # Written out, not bound: PostgreSQL takes two bound numbers for two different groups.
    month = sa.func.substr(articles.c.published, sa.literal_column("1"), sa.literal_column("7"))
    query = (
        sa.select(month, inspections.c.overall, sa.func.count(sa.distinct(articles.c.id)))
        .select_from(articles.join(links, links.c.article_id == articles.c.id))
        .join(inspections, inspections.c.id == links.c.inspection_id)
        .where(*_asserted(), articles.c.published >= months[0])
        .group_by(month, inspections.c.overall)
    )
    counts = {(when, overall): count for when, overall, count in connection.execute(query)}
    graded = [grade for grade in GRADES if any(overall == grade for _, overall in counts)]
    other = [
        sum(n for (when, overall), n in counts.items() if when == one and overall not in GRADES)
        for one in months
    ]
    rows = [
        Series(name=grade, values=[counts.get((one, grade), 0) for one in months], tone=telling.grade(grade))
        for grade in graded
    ]
    return Figure(
        id="coverage",
        title="Coverage, month by month",
        told="Stories linked to an inspection, by month and by the inspection's overall judgement.",
        shape="stacked",
        of="Month",
        labels=[f"{dt.date.fromisoformat(f'{one}-01'):%b %Y}" for one in months],
        series=[*rows, Series(name="Not graded", values=other, tone="neutral")],
    )


def backlog(connection: sa.Connection) -> Figure:
    """What the linker said and nobody has looked at yet, by its answer."""
    query = (
        sa.select(links.c.answer, sa.func.count())
        .join(articles, articles.c.id == links.c.article_id)
        .where(
            links.c.answer.in_([name for name, _ in _BACKLOG]),
            links.c.status.in_(("linked", "none")),
            links.c.rank.is_(None),
            links.c.decided_by == "linker",
            links.c.confirmed.is_(False),
            articles.c.restriction.is_(None),
        )
        .group_by(links.c.answer)
    )
    counts: Mapping[str, int] = dict(connection.execute(query).all())
    return Figure(
        id="backlog",
        title="Waiting for people",
        told="Links and open questions that no person has decided yet, by what the software said.",
        shape="bar",
        of="Answer",
        labels=[told for _, told in _BACKLOG],
        series=[Series(name="Undecided", values=[counts.get(name, 0) for name, _ in _BACKLOG])],
        across=True,
    )


def sources_health(connection: sa.Connection, today: dt.date) -> Figure:
    """Crawls of the last month by source: done and failed; those that failed most first."""
    since = dt.datetime.combine(today - dt.timedelta(days=30), dt.time(), dt.UTC)
    failed = sa.func.sum(sa.case((runs.c.outcome == "failed", 1), else_=0))
    query = (
        sa.select(sources.c.title, sa.func.count(), failed, sa.func.sum(runs.c.stored))
        .join(sources, sources.c.id == runs.c.source_id)
        .where(runs.c.started >= since, runs.c.kind == "crawl", runs.c.ended.is_not(None))
        .group_by(sources.c.id, sources.c.title)
        .order_by(failed.desc(), sources.c.title)
        .limit(_SOURCES)
    )
    rows: Sequence[sa.Row[*tuple[Any, ...]]] = connection.execute(query).all()
    return Figure(
        id="sources",
        title="Sources",
        told=f"Crawls of the last 30 days; the {_SOURCES} sources that failed most come first.",
        shape="stacked",
        of="Source",
        labels=[row[0] for row in rows],
        series=[
            Series(name="Crawls done", values=[row[1] - row[2] for row in rows], tone="for"),
            Series(name="Crawls failed", values=[row[2] for row in rows], tone="against"),
        ],
        across=True,
    )


def _asserted() -> tuple[sa.ColumnElement[bool], ...]:
    return links.c.status == "linked", links.c.rank.is_(None), articles.c.restriction.is_(None)


def _months(today: dt.date) -> list[str]:
    last = today.year * 12 + today.month - 1
    return [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(last - _MONTHS + 1, last + 1)]
