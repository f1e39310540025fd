"""Which entries a feed of a record has: the tellings of the assertion log, a syndicated story once.

A telling is one mention of one story. It is told apart by what the log's first row on it says, which never
changes; so an entry keeps its place, and an archive of so many entries its members, whatever is linked,
withdrawn, restricted or erased later.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from storage.assertions import COLUMNS, Assertion
from storage.batches import select_where_in
from storage.retold import REGROUPED, telling_of
from storage.schema.assertions import assertions as log

ARCHIVED: Final = 50
"""Tellings of one archive document."""
_Key = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a feed is about. ``ever``: rows of the log that were in it; ``holds``: whether one that is the
    newest of its mention still is. ``public``: it is for everybody."""

    ever: sa.ColumnElement[bool]
    holds: Callable[[Assertion], bool]
    public: bool = False


@dataclass(kw_only=True)
class Telling:
    """One entry: its name, when it came, the mentions that tell it as they came, its newest change.

    ``about``: each setting, beside its owner of then, that it was ever about. ``left_at``: when the mention
    that told it last went over to another, by what people decided on stories.
    """

    name: tuple[str, int]
    first: int
    first_at: dt.datetime
    members: list[_Key] = field(default_factory=list)
    about: set[tuple[str, str | None]] = field(default_factory=set)
    last: int = 0
    left_at: dt.datetime | None = None

    def leave(self, key: _Key, row: sa.Row[*tuple[Any, ...]]) -> None:
        """Let a mention go to another telling; of the one that was shown readers are told."""
        if self.members[0] == key:
            self.left_at, self.last = row.at, row.seq
        self.members.remove(key)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A telling as it stands: ``shown`` is the newest word on the mention that tells it, None when it ended.

    ``others``: articles that tell the same. ``updated``: when what is asserted last changed.
    """

    telling: Telling
    shown: Assertion | None
    others: tuple[str, ...]
    updated: dt.datetime


def tellings(connection: sa.Connection, scope: Scope) -> list[Telling]:
    """Every telling that was ever in the feed, in the order they came."""
    found: dict[tuple[str, int], Telling] = {}
    of_member: dict[_Key, Telling] = {}
    columns = (log.c.seq, log.c.at, log.c.article_id, log.c.mention, log.c.story, log.c.event)
    about = (log.c.setting_id, log.c.provider_id)
    for row in connection.execute(sa.select(*columns, *about).where(scope.ever).order_by(log.c.seq)):
        key, telling = (row.article_id, row.mention), of_member.get((row.article_id, row.mention))
        if telling is None or row.event == REGROUPED:
            if telling:
                telling.leave(key, row)
            name = (telling_of(row.article_id, row.story), row.mention)
            telling = found.setdefault(name, Telling(name=name, first=row.seq, first_at=row.at))
            telling.members.append(key)
            of_member[key] = telling
        telling.about |= _about(row)
    for key, last in _last(connection, scope):
        of_member[key].last = max(of_member[key].last, last)
    return sorted(found.values(), key=lambda one: one.first)


def chosen(all_: Sequence[Telling], archive: int | None) -> list[Telling]:
    """Those of an archive (from 1), or those of the feed itself: the newest, and what changed last."""
    if archive is not None:
        return list(all_[(archive - 1) * ARCHIVED : archive * ARCHIVED])
    whole = len(all_) // ARCHIVED
    newest = all_[max(0, whole - 1) * ARCHIVED :]
    changed = sorted(all_, key=lambda one: -one.last)[:ARCHIVED]
    return sorted({one.first: one for one in (*newest, *changed)}.values(), key=lambda one: one.first)


def standing(connection: sa.Connection, scope: Scope, some: Iterable[Telling]) -> list[Standing]:
    """How each of these tellings stands now."""
    some = list(some)
    newest = _newest(connection, scope, {article for one in some for article, _ in one.members})
    return [_standing(one, [newest[key] for key in one.members], scope) for one in some]


def _standing(telling: Telling, rows: Sequence[Assertion], scope: Scope) -> Standing:
    here = [row for row in rows if row.stands and scope.holds(row)]
    shown = here[0] if here else None
    # A copy that joins or leaves changes nothing that is asserted; the one that was shown does when it goes.
    before = rows if shown is None else rows[: rows.index(shown) + 1]
    return Standing(
        telling=telling,
        shown=shown,
        others=tuple(dict.fromkeys(row.article_id for row in here[1:])),
        updated=max(filter(None, (telling.left_at, *(row.at for row in before)))),
    )


def _about(row: sa.Row[*tuple[Any, ...]]) -> set[tuple[str, str | None]]:
    return {(row.setting_id, row.provider_id)} if row.setting_id else set()


def _last(connection: sa.Connection, scope: Scope) -> list[tuple[_Key, int]]:
    ever = sa.select(log.c.article_id, log.c.mention).where(scope.ever).distinct().subquery()
    same = (log.c.article_id == ever.c.article_id) & (log.c.mention == ever.c.mention)
    query = sa.select(log.c.article_id, log.c.mention, sa.func.max(log.c.seq)).join(ever, same)
    rows = connection.execute(query.group_by(log.c.article_id, log.c.mention))
    return [((article, mention), last) for article, mention, last in rows]


def _newest(connection: sa.Connection, scope: Scope, articles: Iterable[str]) -> dict[_Key, Assertion]:
    """The newest word on each mention; what was only kept from public view is no word to readers."""
    query = sa.select(*COLUMNS).order_by(log.c.seq)
    if not scope.public:
        query = query.where(log.c.event.not_in(["suppressed", "released"]))
    rows = select_where_in(connection, query, log.c.article_id, articles)
    return {(row["article_id"], row["mention"]): Assertion(**row) for row in rows}
