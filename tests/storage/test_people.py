"""Accounts, one-time links, sessions and tokens; nothing secret is kept."""

import datetime as dt

import pytest
import sqlalchemy as sa

from storage import people
from storage.errors import NotFound, UsageMistake
from storage.schema.people import keys, users
from storage.store import Store

NOW = dt.datetime(2024, 6, 3, 9, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
PASSWORD = "correct horse battery"


def test_a_password_opens_its_account_only(store: Store) -> None:
    with store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "reviewer", at=NOW, password=PASSWORD)
        people.add_user(connection, "No Password", "reader", at=NOW)
        assert people.check_password(connection, "Ada Moss", PASSWORD) == user
        assert people.check_password(connection, "Ada Moss", "wrong") is None
        assert people.check_password(connection, "Nobody", PASSWORD) is None
        assert people.check_password(connection, "No Password", "") is None
        people.disable(connection, "Ada Moss", at=NOW)
        assert people.check_password(connection, "Ada Moss", PASSWORD) is None


def test_a_link_signs_in_once_and_the_first_becomes_operator(store: Store) -> None:
    with store.writing() as connection:
        link = people.sign_in_link(connection, at=NOW)
        session = people.use_link(connection, link, at=LATER, name="Ada Moss")
        assert session
        person = people.bearer(connection, "session", session, at=LATER)
        assert person
        assert (person.name, person.role, person.may("reviewer")) == ("Ada Moss", "operator", True)
        assert people.use_link(connection, link, at=LATER, name="Eve") is None
        assert people.bearer(connection, "token", session, at=LATER) is None, "a session is no token"


def test_links_and_sessions_expire(store: Store) -> None:
    with store.writing() as connection:
        link = people.sign_in_link(connection, at=NOW)
        late = NOW + people.LINK_LASTS + dt.timedelta(seconds=1)
        assert people.use_link(connection, link, at=late, name="Late") is None
        user = people.add_user(connection, "Ada", "reader", at=NOW)
        session = people.start_session(connection, user, at=NOW)
        assert people.bearer(connection, "session", session, at=NOW + people.SESSION_LASTS) is None


def test_disabling_ends_every_session(store: Store) -> None:
    with store.writing() as connection:
        user = people.add_user(connection, "Ada", "reader", at=NOW)
        session = people.start_session(connection, user, at=NOW)
        people.disable(connection, "Ada", at=LATER)
        assert people.bearer(connection, "session", session, at=LATER) is None


def test_a_token_can_be_revoked_once(store: Store) -> None:
    with store.writing() as connection:
        token = people.issue(connection, "token", "reader", at=NOW, label="notebook")
        held = people.bearer(connection, "token", token, at=NOW)
        assert held
        assert (held.name, held.role) == ("notebook", "reader")
        people.end(connection, held.key_id, at=NOW)
        assert people.bearer(connection, "token", token, at=NOW) is None
        with pytest.raises(NotFound):
            people.end(connection, held.key_id, at=NOW)


def test_no_secret_is_kept(store: Store) -> None:
    with store.writing() as connection:
        user = people.add_user(connection, "Ada", "operator", at=NOW, password=PASSWORD)
        secrets = [
            people.start_session(connection, user, at=NOW),
            people.issue(connection, "token", "reader", at=NOW),
            people.sign_in_link(connection, at=NOW, user_id=user),
            PASSWORD,
        ]
        kept = str([*connection.execute(sa.select(keys)), *connection.execute(sa.select(users))])
    assert all(len(secret) >= 20 and secret not in kept for secret in secrets)


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "a\nb\x1b[31m", "x" * 201])
def test_an_unfit_name_is_refused(store: Store, name: str) -> None:
    with store.writing() as connection, pytest.raises(UsageMistake):
        people.add_user(connection, name, "reader", at=NOW)


def test_a_taken_name_and_a_short_password_are_refused(store: Store) -> None:
    with store.writing() as connection:
        people.add_user(connection, "Ada", "reader", at=NOW)
        with pytest.raises(UsageMistake, match="already"):
            people.add_user(connection, " Ada ", "reader", at=NOW)
        with pytest.raises(UsageMistake, match="password"):
            people.add_user(connection, "Bea", "reader", at=NOW, password="short")
        with pytest.raises(UsageMistake, match="role"):
            people.as_role("king")
