"""The outbox of alerts: what is to be sent, written in the transaction that decided it.

A message keeps ids alone; its words are put together when it is sent, so nothing that was restricted or
erased meanwhile is in it. An attempt is noted before it is made, with the moment of the next one: whoever
is killed in between leaves a message that is sent again, under the same id. Messages of one alert leave in
order; a message that could not be delivered for days is dead, and the next one goes.
"""

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

import sqlalchemy as sa

from storage.errors import NotFound
from storage.ids import random_id
from storage.schema.alerts import outbox

Kind = Literal["news", "test", "confirm", "notice"]
State = Literal["waiting", "delivered", "dead", "empty"]
Item = Mapping[str, Any]
LEASE: Final = dt.timedelta(minutes=2)
"""Longer than any attempt may take: until then nobody else tries the message."""
_FIRST_WAIT: Final = dt.timedelta(seconds=30)
_LONGEST_WAIT: Final = dt.timedelta(hours=6)
_FURTHEST: Final = dt.timedelta(days=8)
"""No message waits longer than a week: one that seems to was written by a clock that ran ahead."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message. ``items``: what it tells, by ids; ``fault``: why the last attempt failed."""

    seq: int
    id: str
    alert_id: str | None
    kind: Kind
    items: list[dict[str, Any]]
    state: State
    made_at: dt.datetime
    due_at: dt.datetime
    attempts: int
    first_tried_at: dt.datetime | None
    ended_at: dt.datetime | None
    fault: str | None


def put(
    connection: sa.Connection,
    alert_id: str | None,
    kind: Kind,
    items: Sequence[Item],
    *,
    at: dt.datetime,
    due: dt.datetime,
) -> str:
    """Add a message and return its id."""
    id_ = random_id("msg")
    values = {"id": id_, "alert_id": alert_id, "kind": kind, "items": [dict(item) for item in items]}
    times = {"made_at": at, "due_at": due, "attempts": 0, "state": "waiting"}
    connection.execute(sa.insert(outbox).values(**values, **times))
    return id_


def open_one(connection: sa.Connection, alert_id: str) -> Message | None:
    """The alert's newest message of news, where nobody has tried to send it: it can take more."""
    query = _rows().where(outbox.c.alert_id == alert_id, outbox.c.state == "waiting")
    row = connection.execute(query.order_by(outbox.c.seq.desc()).limit(1)).first()
    newest = Message(**row._mapping) if row else None
    return newest if newest and newest.kind == "news" and not newest.attempts else None


def append(connection: sa.Connection, message: Message, items: Sequence[Item]) -> None:
    """Let the message tell these too."""
    whole = [*message.items, *(dict(item) for item in items)]
    connection.execute(sa.update(outbox).where(outbox.c.id == message.id).values(items=whole))


def due(
    connection: sa.Connection, alert_ids: Iterable[str | None] | None = None, *, at: dt.datetime
) -> list[Message]:
    """The messages to be sent now, oldest first: of each alert the first that waits, where it is due.

    ``alert_ids``: of these alerts alone; None among them stands for the operator.
    """
    earlier = outbox.alias()
    before = (
        sa.select(earlier.c.seq)
        .where(
            earlier.c.alert_id == outbox.c.alert_id,
            earlier.c.state == "waiting",
            earlier.c.seq < outbox.c.seq,
        )
        .exists()
    )
    query = _rows().where(outbox.c.state == "waiting", _is_due(at), ~before).order_by(outbox.c.seq)
    if alert_ids is not None:
        named = sa.func.coalesce(outbox.c.alert_id, "")
        query = query.where(named.in_([id_ or "" for id_ in alert_ids]))
    return [Message(**row._mapping) for row in connection.execute(query)]


def claim(connection: sa.Connection, message_id: str, *, at: dt.datetime) -> Message | None:
    """Take a due message to send it: nobody else does before the lease is over. None: another has it."""
    taken = (outbox.c.id == message_id) & (outbox.c.state == "waiting") & _is_due(at)
    values = {
        "due_at": at + LEASE,
        "attempts": outbox.c.attempts + 1,
        "first_tried_at": sa.func.coalesce(outbox.c.first_tried_at, sa.literal(at, outbox.c.due_at.type)),
    }
    if not connection.execute(sa.update(outbox).where(taken).values(values)).rowcount:
        return None
    return get(connection, message_id)


def get(connection: sa.Connection, message_id: str) -> Message:
    """A message; NotFound."""
    row = connection.execute(_rows().where(outbox.c.id == message_id)).first()
    if row is None:
        raise NotFound("there is no such message")
    return Message(**row._mapping)


def tells(connection: sa.Connection, message_id: str, items: Sequence[Item]) -> None:
    """What the message tells by now; one that tells nothing any more is done with."""
    values: dict[str, Any] = {"items": [dict(item) for item in items]}
    connection.execute(sa.update(outbox).where(outbox.c.id == message_id).values(**values))


def end(connection: sa.Connection, message_id: str, state: State, *, at: dt.datetime) -> None:
    """It was delivered, or there is nothing left to deliver."""
    values: dict[str, Any] = {"state": state, "ended_at": at, "fault": None}
    connection.execute(sa.update(outbox).where(outbox.c.id == message_id).values(**values))


def failed(
    connection: sa.Connection, message: Message, fault: str, *, at: dt.datetime, keep: dt.timedelta
) -> State:
    """Try it again later, or, once it was tried for as long as ``keep``, give it up; what it is now."""
    since = at - (message.first_tried_at or at)
    values: dict[str, Any] = {"fault": fault, "due_at": at + wait(message.attempts)}
    if since >= keep:
        values |= {"state": "dead", "ended_at": at}
    connection.execute(sa.update(outbox).where(outbox.c.id == message.id).values(**values))
    return "dead" if since >= keep else "waiting"


def wait(attempts: int) -> dt.timedelta:
    """How long after so many attempts the next is made: doubled each time, a fifth more or less."""
    doubled = _FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 20)
    spread: dt.timedelta = min(doubled, _LONGEST_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311  # hides nothing
    return spread


def retry(connection: sa.Connection, message_id: str, *, at: dt.datetime) -> Message:
    """Try a dead message again, as if for the first time; NotFound."""
    dead = (outbox.c.id == message_id) & (outbox.c.state == "dead")
    again = {"state": "waiting", "due_at": at, "first_tried_at": None, "ended_at": None}
    if not connection.execute(sa.update(outbox).where(dead).values(**again)).rowcount:
        raise NotFound("there is no such message that could be sent again")
    return get(connection, message_id)


def listed(
    connection: sa.Connection,
    alert_ids: Iterable[str] | None = None,
    *,
    states: Sequence[State] = ("waiting", "delivered", "dead"),
    limit: int = 50,
) -> list[Message]:
    """The newest messages of these alerts, of all where none are named."""
    query = _rows().where(outbox.c.state.in_(list(states)))
    if alert_ids is not None:
        query = query.where(outbox.c.alert_id.in_(list(alert_ids)))
    newest = query.order_by(outbox.c.seq.desc()).limit(limit)
    return [Message(**row._mapping) for row in connection.execute(newest)]


def failing(connection: sa.Connection) -> list[Message]:
    """The messages that were tried in vain and wait for another attempt."""
    in_vain = (outbox.c.state == "waiting") & outbox.c.fault.is_not(None)
    return [Message(**row._mapping) for row in connection.execute(_rows().where(in_vain))]


def notices(connection: sa.Connection, *, since: dt.datetime) -> list[Message]:
    """What the operator was told since then."""
    query = _rows().where(outbox.c.alert_id.is_(None), outbox.c.made_at >= since)
    return [Message(**row._mapping) for row in connection.execute(query)]


def _is_due(at: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.or_(outbox.c.due_at <= at, outbox.c.due_at > at + _FURTHEST)


def _rows() -> sa.Select[Any]:
    return sa.select(*(outbox.c[field.name] for field in fields(Message)))
