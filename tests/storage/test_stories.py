"""Stories from pairs found alike and from what people decided, in any order and undone again."""

import datetime as dt
from collections.abc import Iterable
from itertools import permutations

import pytest
import sqlalchemy as sa

from storage import articles, sketches, stories
from storage.errors import NotFound, StorageError
from storage.records import Article, Fact
from storage.schema.press import articles as articles_table
from storage.schema.press import stories as stories_table
from storage.store import Store

AT = dt.datetime(2025, 6, 1, 9, tzinfo=dt.UTC)


def save(store: Store, *names: str) -> dict[str, str]:
    """An article a name; their ids."""
    with store.writing() as connection:
        return {
            name: articles.save(
                connection, Article(url=f"https://{name}.example/story", text=f"Told by {name}."), at=AT
            ).article_id
            for name in names
        }


def found_alike(store: Store, ids: dict[str, str], *pairs: str, likeness: float = 0.9) -> None:
    """Keep pairs such as ``"ab"`` and group what they touch."""
    with store.writing() as connection:
        told = {(min(ids[one], ids[other]), max(ids[one], ids[other])): likeness for one, other in pairs}
        sketches.keep_pairs(connection, told)
        stories.regroup(connection, {id_ for pair in told for id_ in pair}, AT)


def groups(store: Store, ids: dict[str, str]) -> set[str]:
    """The stories, each as its articles' names in order; single articles left out."""
    names = {id_: name for name, id_ in ids.items()}
    with store.reading() as connection:
        held = stories.copies(connection, ids.values())
    return {"".join(sorted(names[one] for one in told)) for told in held.values() if len(told) > 1}


def decide(store: Store, what: str, ids: Iterable[str]) -> int:
    with store.writing() as connection:
        way = stories.merge if what == "merge" else stories.split
        return way(connection, list(ids), who="ruth", at=AT)


def undo(store: Store, seq: int) -> None:
    with store.writing() as connection:
        stories.undo(connection, seq, who="ruth", at=AT)


def test_pairs_make_stories(store: Store) -> None:
    ids = save(store, *"abcde")
    found_alike(store, ids, "ab", "bc", "de")
    assert groups(store, ids) == {"abc", "de"}


def test_the_order_of_the_pairs_does_not_matter(store: Store) -> None:
    ids = save(store, *"abcd")
    found = set()
    for order in permutations(["ab", "bc", "cd"]):
        with store.writing() as connection:
            sketches.keep(connection, {id_: (1, []) for id_ in ids.values()})
            stories.regroup(connection, ids.values(), AT)
        for pair in order:
            found_alike(store, ids, pair)
        with store.reading() as connection:
            found.add(tuple(connection.execute(sa.select(articles_table.c.story_id)).scalars()))
    assert len(found) == 1


def test_a_story_without_copies_is_none(store: Store) -> None:
    ids = save(store, *"ab")
    found_alike(store, ids, "ab")
    with store.writing() as connection:
        sketches.keep(connection, {ids["a"]: (2, [])})
        stories.regroup(connection, ids.values(), AT)
    assert groups(store, ids) == set()
    with store.reading() as connection:
        assert connection.execute(sa.select(stories_table.c.id)).all() == []


def test_merged_by_hand_and_undone(store: Store) -> None:
    ids = save(store, *"abcd")
    found_alike(store, ids, "ab", "cd")
    seq = decide(store, "merge", [ids["a"], ids["c"]])
    assert groups(store, ids) == {"abcd"}
    undo(store, seq)
    assert groups(store, ids) == {"ab", "cd"}


def test_split_by_hand_stands_when_a_copy_of_both_comes(store: Store) -> None:
    ids = save(store, *"abcd")
    found_alike(store, ids, "ab", "bc")
    seq = decide(store, "split", [ids["c"]])
    found_alike(store, ids, "bd", likeness=0.95)
    found_alike(store, ids, "cd", likeness=0.8)
    assert groups(store, ids) == {"abd"}
    undo(store, seq)
    assert groups(store, ids) == {"abcd"}


def test_the_later_word_holds(store: Store) -> None:
    ids = save(store, *"ab")
    found_alike(store, ids, "ab")
    decide(store, "split", [ids["a"]])
    decide(store, "merge", ids.values())
    assert groups(store, ids) == {"ab"}


def test_what_cannot_be_decided_is_said(store: Store) -> None:
    ids = save(store, *"ab")
    with pytest.raises(StorageError, match="nothing to part"):
        decide(store, "split", [ids["a"]])
    with pytest.raises(StorageError, match="at least two"):
        decide(store, "merge", [ids["a"]])
    with pytest.raises(NotFound, match="no decision 7"):
        undo(store, 7)


def test_decisions_are_kept_with_their_undoing(store: Store) -> None:
    ids = save(store, *"ab")
    undo(store, decide(store, "merge", ids.values()))
    with store.reading() as connection:
        kept = stories.decisions(connection)
    assert [(one["decision"], one["who"], one["undone"]) for one in kept] == [
        ("merge", "ruth", True),
        ("undo", "ruth", False),
    ]


def test_copies_differ_in_what_only_some_of_them_say(store: Store) -> None:
    ids = save(store, *"abc")
    found_alike(store, ids, "ab", "bc")

    def fact(fact: str, value: str) -> Fact:
        return Fact(fact=fact, value=value, field="text", start=0, end=4, text="Told")

    said = {
        ids["a"]: [fact("judgement", "Inadequate"), fact("capacity", "4")],
        ids["b"]: [fact("judgement", "Inadequate"), fact("capacity", "5")],
        ids["c"]: [fact("judgement", "Inadequate")],
    }
    with store.writing() as connection:
        stories.keep_facts(connection, said)
        differing = stories.differences(connection, ids["c"])
    assert {fact: set(values) for fact, values in differing.items()} == {"capacity": {"4", "5"}}
    assert [one["article_id"] for one in differing["capacity"]["5"]] == [ids["b"]]
