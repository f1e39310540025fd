"""Articles that people made one story, or parted: the log says which telling each belongs to from then on.

A telling is what feeds carry once. Likeness that is found later never moves an article from one telling to
another, for readers have had it; what people decide does, and its undoing moves it back.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from storage.assertions import ENDED
from storage.batches import select_where_in
from storage.ids import opaque_id
from storage.schema.assertions import assertions

REGROUPED: Final = "regrouped"
_Key = tuple[str, int]
_Row = Mapping[str, Any]


def telling_of(article_id: str, story: str | None) -> str:
    """The telling of an article that was in a story, or in none: a story has its first article's id."""
    return story or opaque_id("story", article_id)


def regroup(connection: sa.Connection, groups: Iterable[Sequence[str]], at: dt.datetime) -> int:
    """Append a row for each mention whose telling is another, now that these are the stories; how many.

    The article that was asserted first keeps its telling, and its copies join that. What is asserted of
    none of them changes.
    """
    groups = list(groups)
    rows = _rows(connection, {id_ for group in groups for id_ in group})
    of_mention: dict[int, list[_Key]] = defaultdict(list)
    for key in rows:
        of_mention[key[1]].append(key)
    appended = [row | {"at": at} for keys in of_mention.values() for row in _moved(groups, rows, keys)]
    if appended:
        connection.execute(sa.insert(assertions), appended)
    return len(appended)


def _rows(connection: sa.Connection, ids: Iterable[str]) -> dict[_Key, list[_Row]]:
    """What the log says of each mention, oldest first, in the order in which they came."""
    held: dict[_Key, list[_Row]] = defaultdict(list)
    query = sa.select(assertions).order_by(assertions.c.seq)
    for row in sorted(select_where_in(connection, query, assertions.c.article_id, ids), key=_seq):
        held[row["article_id"], row["mention"]].append(row)
    return held


def _seq(row: _Row) -> int:
    seq: int = row["seq"]
    return seq


def _moved(
    groups: Sequence[Sequence[str]], rows: Mapping[_Key, Sequence[_Row]], keys: Sequence[_Key]
) -> Iterator[dict[str, Any]]:
    """Rows for those of one mention's articles that stand and whose telling changes."""
    group_of = {id_: number for number, group in enumerate(groups) for id_ in group}
    told: dict[int, str] = {}
    for key in keys:  # by when each was first asserted
        group, first = group_of[key[0]], rows[key][0]
        if group not in told:
            own = telling_of(first["article_id"], first["story"])
            # What its copies of before tell on, it leaves to them.
            told[group] = telling_of(first["article_id"], None) if own in told.values() else own
        newest = rows[key][-1]
        if newest["event"] not in ENDED and _telling(rows[key]) != told[group]:
            kept = {name: value for name, value in newest.items() if name != "seq"}
            yield kept | {"event": REGROUPED, "story": told[group]}


def _telling(rows: Sequence[_Row]) -> str:
    """Where a mention belongs by now: where people put it last, else where it came."""
    deciding = next((row for row in reversed(rows) if row["event"] == REGROUPED), rows[0])
    return telling_of(deciding["article_id"], deciding["story"])
