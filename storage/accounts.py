"""What an operator does with accounts: another role, closed and opened again, signed out everywhere."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from storage import people
from storage.errors import NotFound, UsageMistake
from storage.people import Role
from storage.schema.people import keys, users


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account; ``sessions``: how many are open, ``last_in``: when the newest was begun."""

    id: str
    name: str
    role: Role
    disabled: bool
    made_at: dt.datetime
    sessions: int
    last_in: dt.datetime | None


def accounts(connection: sa.Connection, *, at: dt.datetime) -> list[Account]:
    """Every account, by name."""
    is_open = keys.c.ended_at.is_(None) & sa.or_(keys.c.expires.is_(None), keys.c.expires > at)
    of_user = (keys.c.user_id == users.c.id) & (keys.c.purpose == "session")
    columns = (users.c.id, users.c.name, users.c.role, users.c.disabled, users.c.made_at)
    query = sa.select(
        *columns,
        sa.select(sa.func.count()).where(of_user, is_open).scalar_subquery().label("sessions"),
        sa.select(sa.func.max(keys.c.made_at)).where(of_user).scalar_subquery().label("last_in"),
    )
    return [Account(**row._mapping) for row in connection.execute(query.order_by(users.c.name))]


def get(connection: sa.Connection, user_id: str) -> sa.Row[str, str, str, bool]:
    """The account as (id, name, role, disabled); NotFound."""
    columns = (users.c.id, users.c.name, users.c.role, users.c.disabled)
    row = connection.execute(sa.select(*columns).where(users.c.id == user_id)).first()
    if row is None:
        raise NotFound("there is no such account")
    return row


def set_role(connection: sa.Connection, user_id: str, role: Role) -> None:
    """Give the account another role; UsageMistake where nobody would be left to run the archive."""
    if role != "operator":
        _another_operator(connection, user_id)
    connection.execute(sa.update(users).where(users.c.id == get(connection, user_id).id).values(role=role))


def close(connection: sa.Connection, user_id: str, *, at: dt.datetime) -> None:
    """Close the account, its sessions and tokens; UsageMistake for the last operator's."""
    _another_operator(connection, user_id)
    people.disable(connection, get(connection, user_id).name, at=at)


def reopen(connection: sa.Connection, user_id: str) -> None:
    """Let the person sign in again; what was signed out stays so."""
    connection.execute(
        sa.update(users).where(users.c.id == get(connection, user_id).id).values(disabled=False)
    )


def sign_out(connection: sa.Connection, user_id: str, *, at: dt.datetime) -> int:
    """End every session and unused sign-in link of the account; how many those were."""
    signing = keys.c.purpose.in_(["session", "sign-in"]) & keys.c.ended_at.is_(None)
    own = keys.c.user_id == get(connection, user_id).id
    return connection.execute(sa.update(keys).where(own, signing).values(ended_at=at)).rowcount


def _another_operator(connection: sa.Connection, user_id: str) -> None:
    others = (users.c.role == "operator") & users.c.disabled.is_(False) & (users.c.id != user_id)
    if connection.execute(sa.select(users.c.id).where(others).limit(1)).first() is None:
        raise UsageMistake("this is the only operator; make another one first")
