"""``onrecord token``: what is in force is listed with the private feeds, and any of it can be ended."""

import json

import pytest
from typer.testing import CliRunner

from onrecord.application import app
from storage import people, subscriptions
from storage.dates import utc_now
from storage.store import Store
from tests.engines import address_of


def run(store: Store, *arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--archive", address_of(store)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("by", ["id", "secret"])
def test_a_private_feed_is_listed_and_revoked(store: Store, by: str) -> None:
    now = utc_now()
    with store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "reader", at=now)
        secret = subscriptions.subscribe(connection, user, "authority", "Bolton", at=now)
    run(store, "token", "add", "--label", "notebook")
    told = run(store, "token", "list")
    assert "feed of Ada Moss: authority Bolton" in told
    assert "notebook" in told
    assert secret not in told
    held = {row["purpose"]: row for row in json.loads(run(store, "token", "list", "--json"))}
    run(store, "token", "revoke", held["feed"]["id"] if by == "id" else secret)
    with store.reading() as connection:
        assert subscriptions.opened_by(connection, secret, at=now) is None
        assert subscriptions.of(connection, user) == []
    assert "Ada Moss" not in run(store, "token", "list")
