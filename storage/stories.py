"""Stories: articles that are near-copies of one another, by their likeness and by what people decided.

People's decisions stand whatever is found alike later: articles they merged are one story, articles they
parted never are, and each decision can be undone. The grouping depends on the pairs and the decisions
alone, not on the order in which articles came.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

import sqlalchemy as sa

from storage import changes, links, retold
from storage.batches import batches, select_where_in
from storage.errors import NotFound, StorageError
from storage.ids import opaque_id
from storage.records import Fact
from storage.schema.press import articles, stories
from storage.schema.stories import story_decisions, story_facts
from storage.sketches import pairs_of

Decided = Literal["merge", "split", "undo"]
Pair = tuple[str, str]


@dataclass(kw_only=True)
class ByHand:
    """What people decided, taken together: the later word on two articles holds."""

    merged: set[Pair] = field(default_factory=set)
    apart: set[Pair] = field(default_factory=set)

    def bonds(self, ids: Iterable[str]) -> set[str]:
        """The articles that people merged with one of these."""
        wanted = set(ids)
        return {one for pair in self.merged for one in pair if wanted & set(pair)} - wanted


def merge(
    connection: sa.Connection, ids: Sequence[str], *, who: str, at: dt.datetime, reason: str | None = None
) -> int:
    """Make these articles, with their stories, one story; the decision's number."""
    if len(set(ids)) < 2:
        raise StorageError("name at least two articles to make one story of")
    whole = sorted(_with_copies(connection, ids))
    return _decide(connection, "merge", {"articles": whole, "others": []}, (who, at, reason))


def split(
    connection: sa.Connection, ids: Sequence[str], *, who: str, at: dt.datetime, reason: str | None = None
) -> int:
    """Part these articles from the rest of their story; the decision's number."""
    others = sorted(_with_copies(connection, ids) - set(ids))
    if not others:
        raise StorageError("there is nothing to part: these articles are in no story with any other")
    return _decide(connection, "split", {"articles": sorted(set(ids)), "others": others}, (who, at, reason))


def undo(connection: sa.Connection, seq: int, *, who: str, at: dt.datetime) -> int:
    """Take a decision back as if it had never been made; the undoing's own number."""
    row = (
        connection.execute(sa.select(story_decisions).where(story_decisions.c.seq == seq)).mappings().first()
    )
    if row is None or row["decision"] == "undo":
        raise NotFound(f"there is no decision {seq} on stories; `onrecord story decisions` lists them")
    told = {"articles": row["articles"], "others": row["others"], "undoes": seq}
    return _decide(connection, "undo", told, (who, at, None))


def decisions(connection: sa.Connection) -> list[dict[str, Any]]:
    """What people decided, oldest first, each with whether it was ``undone``."""
    rows = connection.execute(sa.select(story_decisions).order_by(story_decisions.c.seq)).mappings().all()
    undone = {row["undoes"] for row in rows if row["undoes"]}
    return [dict(row) | {"undone": row["seq"] in undone} for row in rows]


def regroup(connection: sa.Connection, touched: Iterable[str], at: dt.datetime) -> set[str]:
    """Make the stories of these articles anew; every article of them, now or before."""
    hand = _by_hand(connection)
    # One that is restricted is in no story, so that no list of copies can tell of it.
    query = sa.select(articles.c.id, articles.c.story_id, articles.c.first_seen)
    open_ones = query.where(articles.c.restriction.is_(None))
    around = _closure(connection, touched, hand)
    rows = {row["id"]: row for row in select_where_in(connection, open_ones, articles.c.id, around)}
    around = set(rows)
    groups = _joined(around, pairs_of(connection, around), hand)
    placed: dict[str, str | None] = {}
    for group in groups:
        first = min(group, key=lambda id_: (rows[id_]["first_seen"], id_))
        for id_ in group:
            placed[id_] = opaque_id("story", first) if len(group) > 1 else None
    _place(connection, rows, placed, at)
    return around


def copies(connection: sa.Connection, ids: Iterable[str]) -> dict[str, list[str]]:
    """The articles of each article's story by story, itself among them; itself alone where it has none."""
    query = sa.select(articles.c.id, articles.c.story_id)
    rows = select_where_in(connection, query, articles.c.id, ids)
    of_story: dict[str, list[str]] = defaultdict(list)
    wanted = [row["story_id"] for row in rows if row["story_id"]]
    for row in select_where_in(connection, query, articles.c.story_id, wanted):
        of_story[row["story_id"]].append(row["id"])
    return {row["id"]: sorted(of_story.get(row["story_id"], [row["id"]])) for row in rows}


def keep_facts(connection: sa.Connection, facts: Mapping[str, Sequence[Fact]]) -> None:
    """Put what each copy says in the place of what it said before."""
    for batch in batches(facts):
        connection.execute(sa.delete(story_facts).where(story_facts.c.article_id.in_(batch)))
    rows = [
        {"article_id": id_, "number": number, **vars(fact)}
        for id_, told in facts.items()
        for number, fact in enumerate(told)
    ]
    if rows:
        connection.execute(sa.insert(story_facts), rows)


def differences(connection: sa.Connection, article_id: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Where the copies of an article's story differ: fact → value → who says so, with the characters.

    A copy that leaves a fact out does not differ in it.
    """
    members = copies(connection, [article_id]).get(article_id, [])
    said: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    query = sa.select(story_facts).order_by(story_facts.c.article_id, story_facts.c.number)
    for row in connection.execute(query.where(story_facts.c.article_id.in_(members))).mappings():
        told = {name: row[name] for name in ("article_id", "field", "start", "end", "text")}
        said[row["fact"]][row["value"]].append(told)
    differing: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for fact, values in said.items():
        speakers = {one["article_id"] for told in values.values() for one in told}
        odd = {
            value: told for value, told in values.items() if {one["article_id"] for one in told} != speakers
        }
        if odd:
            differing[fact] = odd
    return differing


def _decide(
    connection: sa.Connection,
    decision: Decided,
    told: Mapping[str, Any],
    by: tuple[str, dt.datetime, str | None],
) -> int:
    who, at, reason = by
    row = {"decision": decision, "who": who, "at": at, "reason": reason, **told}
    made = connection.execute(sa.insert(story_decisions).values(**row))
    assert made.inserted_primary_key is not None
    around = regroup(connection, [*told["articles"], *told["others"]], at)
    now = copies(connection, around)
    links.unsettle(connection, around)
    links.settle(connection, now, at)
    retold.regroup(connection, {tuple(group) for group in now.values()}, at)
    return int(made.inserted_primary_key[0])


def _by_hand(connection: sa.Connection) -> ByHand:
    hand = ByHand()
    for row in decisions(connection):
        if row["undone"] or row["decision"] == "undo":
            continue
        if row["decision"] == "merge":
            pairs = set(combinations(sorted(row["articles"]), 2))
            hand.merged, hand.apart = hand.merged | pairs, hand.apart - pairs
        else:
            pairs = {(min(a, b), max(a, b)) for a in row["articles"] for b in row["others"]}
            hand.merged, hand.apart = hand.merged - pairs, hand.apart | pairs
    return hand


def _with_copies(connection: sa.Connection, ids: Iterable[str]) -> set[str]:
    return {one for members in copies(connection, ids).values() for one in members}


def _closure(connection: sa.Connection, touched: Iterable[str], hand: ByHand) -> set[str]:
    """Everything that likeness, people or the stories so far tie to these articles."""
    found: set[str] = set()
    edge = set(touched)
    while edge:
        found |= edge
        alike = {one for pair in pairs_of(connection, edge) for one in pair}
        edge = (alike | hand.bonds(edge) | _with_copies(connection, edge)) - found
    return found


def _joined(ids: Iterable[str], pairs: Mapping[Pair, float], hand: ByHand) -> list[set[str]]:
    """Groups joined by people first, then by likeness, the closest first; what people parted stays so."""
    group = {id_: {id_} for id_ in ids}
    by_likeness = sorted(pairs, key=lambda pair: (-pairs[pair], pair))
    for one, other in [*sorted(hand.merged), *by_likeness]:
        if one not in group or other not in group or group[one] is group[other]:
            continue
        if any((min(a, b), max(a, b)) in hand.apart for a in group[one] for b in group[other]):
            continue
        both = group[one] | group[other]
        group.update(dict.fromkeys(both, both))
    return list({id(members): members for members in group.values()}.values())


def _place(
    connection: sa.Connection,
    rows: Mapping[str, Mapping[str, Any]],
    placed: Mapping[str, str | None],
    at: dt.datetime,
) -> None:
    moved = {id_: story for id_, story in placed.items() if rows[id_]["story_id"] != story}
    wanted = {story for story in moved.values() if story}
    held = {row["id"] for row in select_where_in(connection, sa.select(stories.c.id), stories.c.id, wanted)}
    fresh = [{"id": story, "made_at": at, "made_by": "linker"} for story in sorted(wanted - held)]
    if fresh:
        connection.execute(sa.insert(stories), fresh)
    for id_, story in sorted(moved.items()):
        connection.execute(sa.update(articles).where(articles.c.id == id_).values(story_id=story))
    left = {rows[id_]["story_id"] for id_ in moved} - {None}
    for story in sorted(left):
        if connection.execute(sa.select(articles.c.id).where(articles.c.story_id == story)).first() is None:
            connection.execute(sa.delete(stories).where(stories.c.id == story))
    changes.note(connection, "article", sorted(moved), at)
