"""When each person last looked at what is new, as a place in the change sequence."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from storage.schema.people import users
from storage.schema.work import looks


@dataclass(frozen=True, kw_only=True)
class Look:
    """News are changes after ``seq`` that were made after ``at``."""

    seq: int
    at: dt.datetime


def last(connection: sa.Connection, user_id: str) -> Look:
    """The person's last look; before the first, the beginning of their account."""
    row = connection.execute(sa.select(looks.c.seq, looks.c.at).where(looks.c.user_id == user_id)).first()
    if row is not None:
        return Look(seq=row.seq, at=row.at)
    made = connection.execute(sa.select(users.c.made_at).where(users.c.id == user_id)).scalar_one()
    return Look(seq=0, at=made)


def mark(connection: sa.Connection, user_id: str, look: Look) -> None:
    """Note that the person has seen everything up to there; never back."""
    held = sa.select(looks.c.seq).where(looks.c.user_id == user_id)
    before = connection.execute(held).scalar()
    values = {"seq": look.seq, "at": look.at}
    if before is None:
        connection.execute(sa.insert(looks).values(user_id=user_id, **values))
    elif look.seq >= before:
        connection.execute(sa.update(looks).where(looks.c.user_id == user_id).values(**values))
