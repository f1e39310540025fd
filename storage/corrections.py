"""Mistakes that people report on public pages: kept, decided by an operator, told once they are."""

import datetime as dt
from typing import Any, Final, Literal

import sqlalchemy as sa

from storage import assertions, audit, changes
from storage.errors import NotFound, UsageMistake
from storage.ids import random_id
from storage.schema.press import articles
from storage.schema.work import corrections

State = Literal["upheld", "refused"]
LONGEST: Final = 2_000
_LONGEST_CONTACT: Final = 200
_MOST_OPEN: Final = 20  # on one mention; who adds to that adds nothing


def report(
    connection: sa.Connection,
    article_id: str,
    mention: int,
    *,
    said: str,
    at: dt.datetime,
    contact: str = "",
    suppress: bool = False,
) -> str | None:
    """Keep a report; its id, None where so many are open on it that this one adds nothing.

    ``suppress``: take the link from public view until somebody has decided. UsageMistake for an empty one.
    """
    said, contact = said.strip(), " ".join(contact.split())
    if not said or len(said) > LONGEST or len(contact) > _LONGEST_CONTACT:
        raise UsageMistake(f"say what is wrong, in at most {LONGEST:,} characters")
    open_ones = (corrections.c.article_id == article_id) & (corrections.c.state == "open")
    count = connection.execute(sa.select(sa.func.count()).select_from(corrections).where(open_ones))
    if count.scalar_one() >= _MOST_OPEN:
        return None
    id_ = random_id("correction")
    row = {"id": id_, "article_id": article_id, "mention": mention, "said": said, "contact": contact or None}
    connection.execute(sa.insert(corrections).values(**row, at=at, state="open", suppressed=suppress))
    if suppress:
        _changed(connection, article_id, at)
    return id_


def suppress(connection: sa.Connection, id_: str, *, on: bool, who: str, at: dt.datetime) -> None:
    """Take the link from public view at once, or let it back."""
    row = get(connection, id_)
    connection.execute(sa.update(corrections).where(corrections.c.id == id_).values(suppressed=on))
    done = "taken from public view" if on else "let back into public view"
    _tell(connection, row, done, (who, at))


def decide(
    connection: sa.Connection, id_: str, state: State, answer: str, *, who: str, at: dt.datetime
) -> None:
    """Uphold it, and the link stays out of public view until it is decided anew; or refuse it."""
    row, answer = get(connection, id_), " ".join(answer.split())
    if row["state"] != "open":
        raise UsageMistake("that was decided before")
    if not answer or len(answer) > LONGEST:
        raise UsageMistake("say what was decided; the answer is listed in public, so name no home and nobody")
    values = {"state": state, "answer": answer, "decided_by": who, "decided_at": at}
    connection.execute(
        sa.update(corrections).where(corrections.c.id == id_).values(**values, suppressed=state == "upheld")
    )
    _tell(connection, row, f"correction {state}", (who, at), reason=answer)


def get(connection: sa.Connection, id_: str) -> dict[str, Any]:
    """The correction; NotFound."""
    row = connection.execute(sa.select(corrections).where(corrections.c.id == id_)).mappings().first()
    if row is None:
        raise NotFound(f"there is no correction {id_!r}")
    return dict(row)


def listed(connection: sa.Connection, *, limit: int = 200) -> list[sa.Row[Any]]:
    """Corrections with the outlet they are about, open ones first, the oldest of them first."""
    query = (
        sa.select(corrections, articles.c.outlet, articles.c.published, articles.c.restriction)
        .outerjoin(articles, articles.c.id == corrections.c.article_id)
        .order_by(
            corrections.c.state != "open", corrections.c.decided_at.desc().nulls_last(), corrections.c.at
        )
        .limit(limit)
    )
    return list(connection.execute(query))


def _tell(
    connection: sa.Connection,
    row: dict[str, Any],
    done: str,
    by: tuple[str, dt.datetime],
    *,
    reason: str | None = None,
) -> None:
    who, at = by
    told = {"mention": row["mention"], "article": row["article_id"]}
    audit.note(connection, done, "correction", row["id"], who=who, at=at, reason=reason, details=told)
    if row["article_id"]:
        _changed(connection, row["article_id"], at)


def _changed(connection: sa.Connection, article_id: str, at: dt.datetime) -> None:
    changes.note(connection, "article", [article_id], at)
    assertions.follow(connection, [article_id], at)
