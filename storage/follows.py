"""What people follow: searches, providers, groups, settings, authorities, outlets and leads.

A follow names a thing by kind and target, nothing else, so that whoever tells of news (a page, a feed, an
alert) matches it the same way. Ending one keeps the row: when somebody followed what may be asked later.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal, get_args

import sqlalchemy as sa

from storage.errors import NotFound, UsageMistake
from storage.ids import random_id
from storage.schema.press import articles
from storage.schema.registers import providers, settings
from storage.schema.work import follows

Followed = Literal["search", "provider", "group", "setting", "authority", "outlet", "lead"]
KINDS: Final[tuple[Followed, ...]] = get_args(Followed)
MOST: Final = 500
"""Follows of one person: each is counted when the list is shown."""
_LONGEST: Final = 2_000  # characters of a target; a search's query string is the longest
_LONGEST_TITLE: Final = 200
_HELD: Final = {
    "provider": providers.c.id,
    "group": providers.c.group_name,
    "setting": settings.c.id,
    "authority": settings.c.local_authority,
    "outlet": articles.c.outlet,
}


@dataclass(frozen=True, kw_only=True)
class Follow:
    """One thing that a person follows; ``target``: a query string, an id or a name, as its kind has it."""

    id: str
    user_id: str
    what: Followed
    target: str
    title: str
    made_at: dt.datetime


def as_followed(text: str) -> Followed:
    """The kind of that name; UsageMistake."""
    for kind in KINDS:
        if kind == text:
            return kind
    raise UsageMistake(f"{text[:30]!r} cannot be followed; choose among {', '.join(KINDS)}")


def follow(
    connection: sa.Connection, user_id: str, what: Followed, target: str, title: str, *, at: dt.datetime
) -> str:
    """Follow it from now on and return the follow's id; twice is once.

    NotFound for a record that is not there, UsageMistake for a target that is none.
    """
    target, title = target.strip(), " ".join(title.split())[:_LONGEST_TITLE]
    if not target or len(target) > _LONGEST or not target.isprintable():
        raise UsageMistake("there is nothing to follow: the target is empty or too long")
    _must_be_there(connection, what, target)
    if held := find(connection, user_id, what, target):
        return held
    if len(of(connection, user_id)) >= MOST:
        raise UsageMistake(f"nobody follows more than {MOST} things; end some first")
    id_ = random_id("follow")
    values = {"id": id_, "user_id": user_id, "what": what, "target": target, "made_at": at}
    connection.execute(sa.insert(follows).values(**values, title=title or target[:_LONGEST_TITLE]))
    return id_


def unfollow(connection: sa.Connection, user_id: str, follow_id: str, *, at: dt.datetime) -> Follow:
    """End one of the person's own follows, and return what it was; NotFound."""
    own = _lasting(user_id) & (follows.c.id == follow_id)
    row = connection.execute(_rows().where(own)).first()
    if row is None:
        raise NotFound("you do not follow that")
    connection.execute(sa.update(follows).where(own).values(ended_at=at))
    return Follow(**row._mapping)


def find(connection: sa.Connection, user_id: str, what: str, target: str) -> str | None:
    """The id by which the person follows it; None when they do not."""
    this = (follows.c.what == what) & (follows.c.target == target)
    found: str | None = connection.execute(sa.select(follows.c.id).where(_lasting(user_id), this)).scalar()
    return found


def of(connection: sa.Connection, user_id: str) -> list[Follow]:
    """What the person follows, the newest first."""
    query = _rows().where(_lasting(user_id)).order_by(follows.c.made_at.desc(), follows.c.id)
    return [Follow(**row._mapping) for row in connection.execute(query)]


def lasting(connection: sa.Connection) -> list[Follow]:
    """What anybody follows, for whoever tells them of news."""
    query = _rows().where(follows.c.ended_at.is_(None)).order_by(follows.c.user_id, follows.c.id)
    return [Follow(**row._mapping) for row in connection.execute(query)]


def _rows() -> sa.Select[tuple[str, str, str, str, str, dt.datetime]]:
    return sa.select(
        follows.c.id, follows.c.user_id, follows.c.what, follows.c.target, follows.c.title, follows.c.made_at
    )


def _lasting(user_id: str) -> sa.ColumnElement[bool]:
    return (follows.c.user_id == user_id) & follows.c.ended_at.is_(None)


def _must_be_there(connection: sa.Connection, what: Followed, target: str) -> None:
    column = _HELD.get(what)
    if column is None:
        return
    if connection.execute(sa.select(column).where(column == target).limit(1)).first() is None:
        raise NotFound(f"there is no {what} {target[:60]!r} in this archive")
