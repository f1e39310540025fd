"""Copies that changed a fact: near-copies of one story of which two contradict one another."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final
from urllib.parse import quote

import sqlalchemy as sa

from archive.reading.kept import Kept
from archive.reading.leads.shape import EVERY, Asked, Cell, Choice, Found, Lead, Options, Row, part
from archive.telling import published
from storage.batches import select_where_in
from storage.schema.press import article_versions, articles
from storage.schema.stories import story_facts

_FACTS: Final[Options] = (
    *EVERY,
    ("judgement", "judgement"),
    ("area_judgement", "judgement of an area"),
    ("earlier_judgement", "earlier judgement"),
    ("operator", "operator"),
    ("visit", "day of the visit"),
    ("capacity", "places"),
    ("residents", "children living there"),
    ("registration", "registration"),
    ("published", "publication"),
    ("urn", "URN"),
)
Said = Mapping[str, frozenset[str]]
"""Article → the values it gives for one fact."""


def find(connection: sa.Connection, asked: Asked, kept: Kept) -> Found:
    """Newest story first, one line a story and fact."""
    fact = asked.chosen["fact"]
    rows = kept.of(connection, "changed", _rows)
    return part([row for name, row in rows if not fact or name == fact], asked)


def contrary(said: Said) -> tuple[str, str] | None:
    """Two articles that share no value, the first such pair; None where each pair agrees in some value."""
    return next((pair for pair in combinations(sorted(said), 2) if not said[pair[0]] & said[pair[1]]), None)


def changed(connection: sa.Connection) -> Iterator[tuple[str, str, Said]]:
    """Story, fact and what each copy says of it, where two copies contradict one another."""
    shown = articles.c.story_id.is_not(None) & articles.c.restriction.is_(None)
    told = (
        sa.select(articles.c.story_id, story_facts.c.fact)
        .join(story_facts, story_facts.c.article_id == articles.c.id)
        .where(shown)
        .group_by(articles.c.story_id, story_facts.c.fact)
        .having(
            sa.func.count(sa.distinct(story_facts.c.value)) > 1,
            sa.func.count(sa.distinct(story_facts.c.article_id)) > 1,
        )
    )
    pairs = {(row.story_id, row.fact) for row in connection.execute(told)}
    query = (
        sa.select(articles.c.story_id, articles.c.id, story_facts.c.fact, story_facts.c.value)
        .join(story_facts, story_facts.c.article_id == articles.c.id)
        .where(shown)
    )
    said: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in select_where_in(connection, query, articles.c.story_id, sorted({story for story, _ in pairs})):
        if (row["story_id"], row["fact"]) in pairs:
            said[row["story_id"], row["fact"]][row["id"]].add(row["value"])
    for (story, fact), by_article in said.items():
        held = {article: frozenset(values) for article, values in by_article.items()}
        if contrary(held):
            yield story, fact, held


def _rows(connection: sa.Connection) -> Sequence[tuple[str, Row]]:
    found = list(changed(connection))
    pairs = [(fact, said, contrary(said)) for _, fact, said in found]
    wanted = {article for _, _, pair in pairs if pair for article in pair}
    latest = (article_versions.c.article_id == articles.c.id) & (
        article_versions.c.number == articles.c.latest_version
    )
    query = sa.select(articles.c.id, articles.c.outlet, articles.c.published, article_versions.c.title).join(
        article_versions, latest
    )
    shown = {row["id"]: row for row in select_where_in(connection, query, articles.c.id, wanted)}
    told = dict(_FACTS)
    made = []
    for fact, said, pair in pairs:
        if pair:
            first, second = sorted(
                (shown[one] for one in pair), key=lambda row: (row["published"] or "9", row["id"])
            )
            cells = (
                Cell(text=first["title"] or "Untitled", link=f"/articles/{quote(first['id'], safe='')}"),
                Cell(text=published(first["published"])),
                Cell(text=told.get(fact, fact.replace("_", " "))),
                Cell(text=_say(first["outlet"], said[first["id"]])),
                Cell(
                    text=_say(second["outlet"], said[second["id"]]),
                    link=f"/articles/{quote(second['id'], safe='')}",
                ),
            )
            made.append((first["published"] or "", fact, cells))
    made.sort(key=lambda one: one[0], reverse=True)
    return [(fact, cells) for _, fact, cells in made]


def _say(outlet: str | None, values: frozenset[str]) -> str:
    return f"{outlet or 'unknown outlet'}: {', '.join(sorted(values))}"


LEAD: Final = Lead(
    name="changed",
    title="Copies that changed a fact",
    told="Near-copies of one story of which two give different values for the same fact, and share none."
    " A copy that only leaves a fact out is not listed.",
    columns=("Story", "Published", "Fact", "One copy", "Another"),
    choices=(Choice(name="fact", title="Fact", options=_FACTS),),
    find=find,
)
