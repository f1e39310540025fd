"""Notes that colleagues leave on an article, a setting, a provider or an inspection; never shown in public.

A note is plain text. It is ended, not deleted, by whoever wrote it or by an operator.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal, get_args

import sqlalchemy as sa

from storage.errors import NotFound, UsageMistake
from storage.ids import random_id
from storage.schema.inspections import inspections
from storage.schema.people import users
from storage.schema.press import articles
from storage.schema.registers import providers, settings
from storage.schema.work import notes

Noted = Literal["article", "setting", "provider", "inspection"]
KINDS: Final[tuple[Noted, ...]] = get_args(Noted)
LONGEST: Final = 4_000
"""Characters of a note."""
_HELD: Final[dict[Noted, sa.Table]] = {
    "article": articles,
    "setting": settings,
    "provider": providers,
    "inspection": inspections,
}


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note that stands, and the name of who wrote it."""

    id: str
    what: Noted
    about: str
    user_id: str
    who: str
    text: str
    at: dt.datetime


def as_noted(text: str) -> Noted:
    """The kind of that name; UsageMistake."""
    for kind in KINDS:
        if kind == text:
            return kind
    raise UsageMistake(f"a note is about one of {', '.join(KINDS)}")


def add(
    connection: sa.Connection, user_id: str, what: Noted, about: str, text: str, *, at: dt.datetime
) -> str:
    """Leave a note and return its id; NotFound for an item that is not there or is restricted."""
    text = "\n".join(line.rstrip() for line in text.replace("\0", "").splitlines()).strip()
    if not text or len(text) > LONGEST:
        raise UsageMistake(f"a note has 1 to {LONGEST:,} characters")
    table = _HELD[what]
    there = sa.select(table.c.id).where(table.c.id == about)
    if what == "article":
        there = there.where(articles.c.restriction.is_(None))
    if connection.execute(there).first() is None:
        raise NotFound(f"there is no {what} {about[:60]!r}")
    id_ = random_id("note")
    values = {"id": id_, "what": what, "about": about, "user_id": user_id, "text": text, "at": at}
    connection.execute(sa.insert(notes).values(**values))
    return id_


def end(connection: sa.Connection, note_id: str, *, user_id: str, is_operator: bool, at: dt.datetime) -> Note:
    """Take a note off, as its author or as an operator, and return it; NotFound for anybody else."""
    query = _standing().where(notes.c.id == note_id)
    if not is_operator:
        query = query.where(notes.c.user_id == user_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("there is no such note, or it is another's: only its author or an operator ends it")
    connection.execute(sa.update(notes).where(notes.c.id == note_id).values(ended_at=at))
    return Note(**row._mapping)


def of(connection: sa.Connection, what: str, about: str) -> list[Note]:
    """The notes on an item, the oldest first."""
    here = (notes.c.what == what) & (notes.c.about == about)
    rows = connection.execute(_standing().where(here).order_by(notes.c.at, notes.c.id))
    return [Note(**row._mapping) for row in rows]


def find(
    connection: sa.Connection, words: str = "", *, before: dt.datetime | None = None, limit: int = 50
) -> list[Note]:
    """Notes that hold every word, in their text or their author's name, the newest first.

    Those on restricted articles are not among them. ``before`` for the next page.
    """
    restricted = sa.exists().where(
        notes.c.what == "article", articles.c.id == notes.c.about, articles.c.restriction.is_not(None)
    )
    query = _standing().where(~restricted).order_by(notes.c.at.desc(), notes.c.id)
    for word in words.lower().split()[:10]:
        held = notes.c.text + " " + users.c.name
        query = query.where(sa.func.lower(held).contains(word, autoescape=True))
    if before is not None:
        query = query.where(notes.c.at < before)
    return [Note(**row._mapping) for row in connection.execute(query.limit(limit))]


def _standing() -> sa.Select[tuple[str, str, str, str, str, str, dt.datetime]]:
    columns = (notes.c.id, notes.c.what, notes.c.about, notes.c.user_id, users.c.name.label("who"))
    return (
        sa.select(*columns, notes.c.text, notes.c.at)
        .join(users, users.c.id == notes.c.user_id)
        .where(notes.c.ended_at.is_(None))
    )
