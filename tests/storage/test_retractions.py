"""A report read anew, under another day, kind or number: its claim leaves the inspection where it was."""

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from storage import changes, reports
from storage.inspections import save_claims
from storage.records import InspectionClaim, Report
from storage.schema.inspections import inspection_claims, inspections
from storage.schema.inspections import reports as reports_table
from storage.schema.links import links
from storage.schema.press import articles
from storage.schema.registers import settings
from storage.store import Store
from tests.storage.test_stored_reports import AT, D, a_claim, a_report, rows, save

BEFORE = a_claim()


def read_as(**said: object) -> Report:
    claim = replace(BEFORE, **said)  # type: ignore[arg-type]
    return replace(a_report(claim), facts={"urn": claim.urn, "read": sorted(map(str, said))})


def noted(store: Store, since: int) -> list[tuple[str, str]]:
    with store.reading() as connection:
        return [(row.what, row.change) for row in changes.since(connection, since)]


@pytest.mark.parametrize(
    "said",
    [
        {"first_day": D(2024, 3, 4), "last_day": D(2024, 3, 6)},
        {"kind": "interim", "judgements": {"overall": "Improved effectiveness"}},
        {"urn": "9900202"},
    ],
    ids=["day", "kind", "number"],
)
def test_the_inspection_that_only_this_report_claimed_goes(store: Store, said: dict[str, object]) -> None:
    save(store, a_report())
    save(store, read_as(**said))
    (inspection,) = rows(store, inspections)
    (claim,) = rows(store, inspection_claims)
    (setting,) = rows(store, settings)
    (report,) = rows(store, reports_table)
    assert claim["inspection_id"] == report["inspection_id"] == inspection["id"]
    assert report["setting_id"] == inspection["setting_id"] == setting["id"]
    assert setting["urn"] == said.get("urn", BEFORE.urn)
    assert inspection["first_day"] == said.get("first_day", BEFORE.first_day)


def test_an_inspection_that_a_table_claims_too_stays_without_the_reports_words(store: Store) -> None:
    save(store, a_report())
    told = InspectionClaim(urn="9900101", kind="full", first_day=D(2024, 4, 30), last_day=None, capacity=None)
    with store.writing() as connection:
        save_claims(connection, "ofsted", [told], origin="table", origin_id="t", at=AT)
    save(store, read_as(first_day=D(2023, 1, 9), last_day=D(2023, 1, 10)))
    by_day = {row["first_day"]: row for row in rows(store, inspections)}
    assert set(by_day) == {D(2024, 4, 30), D(2023, 1, 9)}
    assert (by_day[D(2024, 4, 30)]["overall"], by_day[D(2023, 1, 9)]["overall"]) == (None, "Good")


def test_an_inspection_that_a_link_names_stays_empty(store: Store) -> None:
    save(store, a_report())
    (inspection,) = rows(store, inspections)
    link = {"id": "link-1", "article_id": "article-1", "version": 1, "mention": 0, "status": "linked"}
    link |= {"level": "inspection", "inspection_id": inspection["id"], "probability": 0.9}
    with store.writing() as connection:
        article = {"id": "article-1", "url": "https://gazette.example/1", "latest_version": 1}
        connection.execute(sa.insert(articles).values(**article, first_seen=AT))
        connection.execute(sa.insert(links).values(**link, decided_by="linker", decided_at=AT))
        before = changes.last(connection)
    save(store, read_as(first_day=D(2023, 1, 9), last_day=D(2023, 1, 10)))
    old = next(row for row in rows(store, inspections) if row["id"] == inspection["id"])
    assert (old["first_day"], old["overall"], old["provider_id"]) == (None, None, None)
    assert len(rows(store, links)) == 1, "the linker takes it back, and says so"
    assert ("inspection", "saved") in noted(store, before)


def test_the_erasure_is_noted_for_those_who_follow(store: Store) -> None:
    save(store, a_report())
    with store.reading() as connection:
        before = changes.last(connection)
    save(store, read_as(urn="9900202"))
    assert {("inspection", "erased"), ("setting", "erased")} <= set(noted(store, before))


def test_the_same_reading_leaves_everything(store: Store) -> None:
    save(store, a_report())
    kept = rows(store, inspections), rows(store, inspection_claims)
    with store.writing() as connection:
        reports.save(connection, a_report(), digest="d1", at=AT + dt.timedelta(days=1))
    assert (rows(store, inspections), rows(store, inspection_claims)) == kept
