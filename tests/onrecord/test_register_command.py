"""``onrecord register`` shows a register as it stood on a day, by kind."""

import datetime as dt
import json

import pytest
from typer.testing import CliRunner

from onrecord.application import app
from storage import inspections
from storage.errors import NotFound, UsageMistake
from storage.records import InspectionClaim
from storage.store import Store
from tests.engines import address_of
from tests.storage.test_registers import AT, a_row, an_import, march, take


def shown(store: Store, what: str, day: str) -> list[dict[str, object]]:
    words = ["register", what, "--as-of", day, "--regulator", "ofsted", "--archive", address_of(store)]
    told = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    rows: list[dict[str, object]] = json.loads(told.stdout)
    said = CliRunner().invoke(app, words, catch_exceptions=False).stdout
    assert said.endswith(f"\n{len(rows)} {what} of ofsted on {day}\n")
    return rows


@pytest.fixture
def two_years(store: Store) -> Store:
    """A home that changed hands and grew, one that closed, and inspections of the first."""
    take(store, march(2022), a_row(places=3), a_row("SC700002", places=2))
    take(store, march(2023), a_row(places=5, owner="Sable Moor Care Ltd"))
    with store.writing() as connection:
        for year, overall in ((2021, "good"), (2022, "inadequate")):
            day = dt.date(year, 11, 2)
            claim = InspectionClaim(
                urn="SC700001", kind="full", first_day=day, last_day=day, judgements={"overall": overall}
            )
            made = an_import(connection, day, "inspections")
            inspections.save_claims(connection, "ofsted", [claim], origin="table", origin_id=made.id, at=AT)
    return store


def test_settings_providers_and_inspections_are_those_of_the_day(two_years: Store) -> None:
    before, after = "2022-12-01", "2023-12-01"
    assert [(row["urn"], row["places"]) for row in shown(two_years, "settings", before)] == [
        ("SC700001", 3),
        ("SC700002", 2),
    ]
    assert [(row["urn"], row["places"]) for row in shown(two_years, "settings", after)] == [("SC700001", 5)]
    assert shown(two_years, "providers", before) == [
        {"provider": "Lantern Hill Care Ltd", "settings": 2, "places": 5}
    ]
    assert [row["provider"] for row in shown(two_years, "providers", after)] == ["Sable Moor Care Ltd"]
    judged = [shown(two_years, "inspections", day)[0]["overall"] for day in ("2022-04-01", after)]
    assert judged == ["good", "inadequate"]


def test_a_day_before_any_register_and_no_day_are_told_in_a_line(two_years: Store) -> None:
    with pytest.raises(NotFound, match="no whole register of ofsted up to 2020-01-01"):
        shown(two_years, "settings", "2020-01-01")
    with pytest.raises(UsageMistake, match="give the day as 2025-03-31"):
        shown(two_years, "settings", "March")
