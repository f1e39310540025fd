"""Private addresses of feeds: a secret for one feed of one person, which opens nothing else.

A feed reader sends no cookies, so its address has to let it in. The secret has 256 random bits, is shown
once and kept as its SHA-256; it ends with the account, or when the person ends it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from storage import people
from storage.errors import NotFound, UsageMistake
from storage.follows import Followed, as_followed
from storage.schema.people import keys

MOST: Final = 200
"""Addresses of one person."""
_LONGEST: Final = 2_000  # characters of a target; a search's query string is the longest
_COLUMNS: Final = (keys.c.id, keys.c.user_id, keys.c.label, keys.c.made_at)


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """One private address; ``what`` and ``target`` name the feed as a follow names its thing."""

    id: str
    user_id: str
    what: Followed
    target: str
    made_at: dt.datetime


def subscribe(
    connection: sa.Connection, user_id: str, what: Followed, target: str, *, at: dt.datetime
) -> str:
    """Make an address and return its secret, which is shown once; UsageMistake for a target that is none."""
    if len(target) > _LONGEST or not (target or what == "search") or not (target or "-").isprintable():
        raise UsageMistake("there is no such feed: the target is empty or too long")
    if len(of(connection, user_id)) >= MOST:
        raise UsageMistake(f"nobody has more than {MOST} private feeds; end some first")
    return people.issue(connection, "feed", "reader", at=at, user_id=user_id, label=f"{what} {target}")


def opened_by(connection: sa.Connection, secret: str, *, at: dt.datetime) -> Subscription | None:
    """What the secret opens; None when it is unknown, ended, or of somebody whose account is closed."""
    person = people.bearer(connection, "feed", secret, at=at)
    if person is None:
        return None
    return _read(connection.execute(sa.select(*_COLUMNS).where(keys.c.id == person.key_id)).one())


def of(connection: sa.Connection, user_id: str) -> list[Subscription]:
    """The person's addresses in force, the newest first."""
    query = sa.select(*_COLUMNS).where(_lasting(user_id)).order_by(keys.c.made_at.desc(), keys.c.id)
    return [_read(row) for row in connection.execute(query)]


def end(connection: sa.Connection, user_id: str, id_: str, *, at: dt.datetime) -> None:
    """End one of the person's own addresses; NotFound."""
    own = _lasting(user_id) & (keys.c.id == id_)
    if not connection.execute(sa.update(keys).where(own).values(ended_at=at)).rowcount:
        raise NotFound("you have no such private feed")


def _lasting(user_id: str) -> sa.ColumnElement[bool]:
    return (keys.c.user_id == user_id) & (keys.c.purpose == "feed") & keys.c.ended_at.is_(None)


def _read(row: sa.Row[*tuple[Any, ...]]) -> Subscription:
    what, _, target = row.label.partition(" ")
    return Subscription(
        id=row.id, user_id=row.user_id, what=as_followed(what), target=target, made_at=row.made_at
    )
