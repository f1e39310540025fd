"""Models by version, and which one links are made by."""

import datetime as dt

from storage import models
from storage.store import Store

AT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def a_model(version: str) -> models.Kept:
    return models.Kept(
        version=version,
        name=version.split("-", maxsplit=1)[0],
        fitted_on="labels: a folder (40)",
        weights={"visit": {"exact": 0.9}},
        calibration={"certain": 0.9},
        scores={"wrong": 0},
    )


def test_the_defaults_are_used_until_a_model_is(store: Store) -> None:
    with store.writing() as connection:
        models.keep(connection, a_model("defaults-1"), made_at=AT)
        assert models.in_use(connection) is None


def test_the_newest_model_taken_into_use_is_the_only_one(store: Store) -> None:
    with store.writing() as connection:
        models.keep(connection, a_model("fitted-1"), made_at=AT, use=True)
        models.keep(connection, a_model("fitted-2"), made_at=AT, use=True)
        models.keep(connection, a_model("fitted-3"), made_at=AT)
        held = models.in_use(connection)
    assert held is not None
    assert (held.version, held.name, held.weights) == ("fitted-2", "fitted", {"visit": {"exact": 0.9}})
    assert held.calibration["certain"] == 0.9


def test_an_older_model_can_be_used_again_and_so_can_the_defaults(store: Store) -> None:
    with store.writing() as connection:
        models.keep(connection, a_model("fitted-1"), made_at=AT, use=True)
        models.keep(connection, a_model("fitted-2"), made_at=AT, use=True)
        models.keep(connection, a_model("fitted-1"), made_at=AT, use=True)
        held = models.in_use(connection)
        assert held is not None
        assert held.version == "fitted-1"
        models.use_defaults(connection)
        assert models.in_use(connection) is None
