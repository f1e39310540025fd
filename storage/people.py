"""The people who sign in: accounts with a role, one-time sign-in links, sessions and tokens.

Of passwords only an Argon2 hash is kept, of every other secret its SHA-256; a secret has 256 random bits,
so that nothing slower is needed. What a person may do depends on the role alone.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

import argon2
import sqlalchemy as sa

from storage.errors import NotFound, UsageMistake
from storage.ids import digest_of, random_id
from storage.schema.people import keys, users

Role = Literal["reader", "reviewer", "operator"]
Purpose = Literal["sign-in", "session", "token", "feed"]
ROLES: Final[tuple[Role, ...]] = ("reader", "reviewer", "operator")
"""Each may do what those before it may."""

SESSION_LASTS: Final = dt.timedelta(days=14)
LINK_LASTS: Final = dt.timedelta(hours=24)
SHORTEST_PASSWORD: Final = 10
_LONGEST = 200  # characters of a name or a password; Argon2 of a megabyte is an attack

_hasher = argon2.PasswordHasher()


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone, or a program, who may be here: by session or by token."""

    name: str
    role: Role
    key_id: str
    user_id: str | None

    def may(self, role: Role) -> bool:
        """Whether the person's role reaches as far as the one needed."""
        return ROLES.index(self.role) >= ROLES.index(role)


@cache
def _nobody() -> str:
    """A hash checked against when there is no such user; made when first needed: it takes 0.1 s of CPU."""
    return _hasher.hash(secrets.token_hex(16))


def as_role(text: str) -> Role:
    """The role of that name; UsageMistake."""
    for role in ROLES:
        if role == text:
            return role
    raise UsageMistake(f"{text!r} is no role; choose {', '.join(ROLES)}")


def add_user(
    connection: sa.Connection, name: str, role: Role, *, at: dt.datetime, password: str | None = None
) -> str:
    """Add an account and return its id; UsageMistake for a name that is taken or unfit."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise UsageMistake("a user needs a name of printable letters")
    if connection.execute(sa.select(users.c.id).where(users.c.name == name)).first():
        raise UsageMistake(f"there is a user {name!r} already")
    user_id = random_id("user")
    values = {"id": user_id, "name": name, "role": role, "made_at": at}
    connection.execute(sa.insert(users).values(**values, password_hash=_hashed(password)))
    return user_id


def set_password(connection: sa.Connection, user_id: str, password: str) -> None:
    """Give the account another password."""
    connection.execute(sa.update(users).where(users.c.id == user_id).values(password_hash=_hashed(password)))


def list_users(connection: sa.Connection) -> list[sa.Row[Any]]:
    """Every account as (id, name, role, disabled, made_at), by name."""
    columns = (users.c.id, users.c.name, users.c.role, users.c.disabled, users.c.made_at)
    return list(connection.execute(sa.select(*columns).order_by(users.c.name)))


def find_user(connection: sa.Connection, name: str) -> str:
    """The id of the account of that name; NotFound."""
    found: str | None = connection.execute(sa.select(users.c.id).where(users.c.name == name)).scalar()
    if found is None:
        raise NotFound(f"there is no user {name!r}; `onrecord user list` names them")
    return found


def disable(connection: sa.Connection, name: str, *, at: dt.datetime) -> None:
    """Close the account, its sessions and tokens; NotFound."""
    user_id = find_user(connection, name)
    connection.execute(sa.update(users).where(users.c.id == user_id).values(disabled=True))
    open_ones = (keys.c.user_id == user_id) & keys.c.ended_at.is_(None)
    connection.execute(sa.update(keys).where(open_ones).values(ended_at=at))


def check_password(connection: sa.Connection, name: str, password: str) -> str | None:
    """The account's id when the password is right; takes as long for a user that is not there."""
    row = connection.execute(sa.select(users).where(users.c.name == name)).first()
    stored = row.password_hash if row is not None and row.password_hash else _nobody()
    try:
        _hasher.verify(stored, password[:_LONGEST])
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return None
    if row is None or row.password_hash is None or row.disabled:
        return None
    user_id: str = row.id
    return user_id


def issue(
    connection: sa.Connection,
    purpose: Purpose,
    role: Role,
    *,
    at: dt.datetime,
    user_id: str | None = None,
    lasts: dt.timedelta | None = None,
    label: str | None = None,
) -> str:
    """Make a key and return its secret, which is shown once and never kept."""
    secret = secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(keys).values(
            id=random_id("key"),
            user_id=user_id,
            purpose=purpose,
            secret_hash=_digest(secret),
            role=role,
            label=label,
            made_at=at,
            expires=at + lasts if lasts else None,
        )
    )
    return secret


def bearer(connection: sa.Connection, purpose: Purpose, secret: str, *, at: dt.datetime) -> Person | None:
    """Whoever holds that secret; None when it is unknown, ended, expired or of someone disabled."""
    query = (
        sa.select(keys, users.c.name, users.c.role.label("user_role"), users.c.disabled)
        .outerjoin(users, users.c.id == keys.c.user_id)
        .where(
            keys.c.secret_hash == _digest(secret),
            keys.c.purpose == purpose,
            keys.c.ended_at.is_(None),
            sa.or_(keys.c.expires.is_(None), keys.c.expires > at),
        )
    )
    row = connection.execute(query).first()
    if row is None or row.disabled:
        return None
    name = row.name or row.label or purpose
    role = as_role(row.user_role if row.user_role and purpose == "session" else row.role)
    return Person(name=name, role=role, key_id=row.id, user_id=row.user_id)


def end(connection: sa.Connection, key_id: str, *, at: dt.datetime) -> None:
    """End a session, a token or a sign-in link; NotFound when there is none to end."""
    open_one = (keys.c.id == key_id) & keys.c.ended_at.is_(None)
    if not connection.execute(sa.update(keys).where(open_one).values(ended_at=at)).rowcount:
        raise NotFound(f"there is no key {key_id!r} that could be ended; `onrecord token list` names them")


def list_tokens(connection: sa.Connection) -> list[sa.Row[Any]]:
    """Tokens and addresses of feeds in force as (id, purpose, label, role, made_at, expires, user)."""
    columns = (keys.c.id, keys.c.purpose, keys.c.label, keys.c.role, keys.c.made_at, keys.c.expires)
    open_ones = keys.c.purpose.in_(["token", "feed"]) & keys.c.ended_at.is_(None)
    query = sa.select(*columns, users.c.name.label("user")).outerjoin(users, users.c.id == keys.c.user_id)
    return list(connection.execute(query.where(open_ones).order_by(keys.c.made_at)))


def sign_in_link(
    connection: sa.Connection, *, at: dt.datetime, user_id: str | None = None, role: Role = "operator"
) -> str:
    """The secret of a one-time link; without a user, whoever uses it first opens an account of that role."""
    if user_id is not None:
        role = as_role(connection.execute(sa.select(users.c.role).where(users.c.id == user_id)).scalar_one())
    return issue(connection, "sign-in", role, at=at, user_id=user_id, lasts=LINK_LASTS)


def start_session(connection: sa.Connection, user_id: str, *, at: dt.datetime) -> str:
    """A new session's secret for the account."""
    role = as_role(connection.execute(sa.select(users.c.role).where(users.c.id == user_id)).scalar_one())
    return issue(connection, "session", role, at=at, user_id=user_id, lasts=SESSION_LASTS)


def use_link(
    connection: sa.Connection, secret: str, *, at: dt.datetime, name: str, password: str | None = None
) -> str | None:
    """Spend a one-time link and return a session's secret; None when it is spent, expired or no such."""
    held = bearer(connection, "sign-in", secret, at=at)
    if held is None:
        return None
    user_id = held.user_id
    if user_id is None:
        user_id = add_user(connection, name, held.role, at=at, password=password)
    elif password:
        set_password(connection, user_id, password)
    end(connection, held.key_id, at=at)
    return start_session(connection, user_id, at=at)


def _hashed(password: str | None) -> str | None:
    if password is None:
        return None
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST:
        raise UsageMistake(f"a password has {SHORTEST_PASSWORD} to {_LONGEST} characters")
    return _hasher.hash(password)


def _digest(secret: str) -> str:
    return digest_of(secret.encode("utf-8", "replace"))
