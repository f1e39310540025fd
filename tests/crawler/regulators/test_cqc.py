"""CQC's directory as a register, and the answers of its API: all of it invented, in the real shapes."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.regulators import taking
from crawler.regulators.registry import regulator_named
from crawler.regulators.taking import File, Taken
from storage.errors import RefusedFile
from storage.schema.inspections import inspections
from storage.schema.registers import providers, register_rows, settings
from storage.store import Store

AT = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
D = dt.date
BETTER = "Requires improvement to be good"

DIRECTORY = (
    "Location Name,Location ID,Location telephone number,Location Local Authority,Location ADASS Region,"
    "Service Types,Care homes beds,Location HSCA start date,Dormant,Location Latest Overall Rating,Publication Date,"
    "Provider Name,Provider ID,Provider Ownership Type\n"
    " Wendside Lodge,1-1000000001,01999555019,Larkshire,Yorkshire and Humber (ADASS Region),"
    '"Care home service without nursing, Care home service with nursing",24,2011-01-19,N,Good,1/19/2011 12:00:00 AM,'
    "@Wendside Ltd,1-2000000001,Organisation\n"
    "Lark at Home,1-1000000002,,Fernhollow,Greater London (ADASS Region),"
    "Domiciliary care service,0,2020-12-01,Y,,12/1/2020 12:00:00 AM,Mrs Ada Quillfeather,1-2000000002,Individual\n"
)
PLAIN = (
    "CQC directory\n\nName,Address,Postcode,Service types,Date of latest check,Provider name,Local authority,Region,"
    "CQC Location ID (for office use only)\n"
    'Wendside Lodge,"1 Example Street, Exampleton",EX4 5MP,Residential homes|Nursing homes,2 May 2024,'
    "Wendside Ltd,Larkshire,Yorkshire & Humberside,1-1000000001\n"
)


def key_questions(link: str | None = None, **said: str) -> list[dict[str, str]]:
    by = {"reportLinkId": link} if link else {}
    return [
        {"name": name.replace("_", "-").capitalize(), "rating": rating} | by for name, rating in said.items()
    ]


def a_location(**said: Any) -> dict[str, Any]:
    given = {
        "locationId": "1-1000000001",
        "providerId": "1-2000000001",
        "name": "Wendside Lodge",
        "registrationStatus": "Registered",
        "registrationDate": "2011-01-19",
        "dormancy": "N",
        "numberOfBeds": 24,
        "localAuthority": "Larkshire",
        "region": "Yorkshire & Humberside",
        "constituency": "Larkshire North",
        "postalAddressLine1": "1 Example Street",
        "postalCode": "EX4 5MP",
        "onspdLatitude": 53.1,
        "gacServiceTypes": [{"name": "Nursing homes", "description": "Care home service with nursing"}],
        "lastInspection": {"date": "2023-03-09"},
        "reports": [
            {"linkId": "c", "firstVisitDate": "2023-03-07", "reportDate": "2023-04-20"},
            {"linkId": "b", "firstVisitDate": "2019-05-01", "reportDate": "2019-06-12"},
            {"linkId": "a", "firstVisitDate": "2013-02-03", "reportDate": "2013-03-01"},
        ],
        "currentRatings": {
            "overall": {
                "rating": "Requires improvement",
                "reportDate": "2023-04-20",
                "reportLinkId": "c",
                "keyQuestionRatings": [
                    *key_questions("c", safe="Inadequate", well_led="Requires improvement"),
                    *key_questions("b", caring="Outstanding"),
                ],
            }
        },
        "historicRatings": [
            {
                "reportLinkId": "b",
                "reportDate": "2019-06-12",
                "overall": {
                    "rating": "Good",
                    "keyQuestionRatings": key_questions(
                        safe="Good", caring="Outstanding", effective="No published rating"
                    ),
                },
            }
        ],
    }
    return given | said


def take(store: Store, kind: str, content: str, **said: Any) -> Taken:
    file = File(name="table", content=content.encode(), regulator=regulator_named("cqc"), **said)
    taken: Taken = {"register": taking.take_register, "inspections": taking.take_inspections}[kind](
        store, file, AT
    )
    return taken


def found(store: Store, table: sa.Table) -> list[sa.Row[*tuple[Any, ...]]]:
    with store.reading() as connection:
        return list(connection.execute(table.select()).all())


def test_the_directory_is_a_register(store: Store) -> None:
    taken = take(store, "register", DIRECTORY, as_of=D(2026, 5, 22))
    assert (taken.settings, taken.inspections, taken.rejected, taken.findings) == (2, 0, [], {})
    lodge, agency = sorted(found(store, settings), key=lambda one: one.urn)
    assert (lodge.name, lodge.kind, lodge.places) == ("Wendside Lodge", "care home with nursing", 24)
    assert (lodge.local_authority, lodge.region) == ("Larkshire", "Yorkshire and The Humber")
    assert (lodge.status, lodge.registered, lodge.name_withheld) == ("Active", D(2011, 1, 19), False)
    assert (agency.kind, agency.status, agency.region, agency.places) == (
        "homecare agency",
        "Dormant",
        "London",
        None,
    )
    assert {one.name: one.natural_person for one in found(store, providers)} == {
        "@Wendside Ltd": False,
        "Mrs Ada Quillfeather": True,
    }


def test_the_plain_directory_is_one_too_and_no_address_is_kept(store: Store) -> None:
    take(store, "register", PLAIN, as_of=D(2026, 5, 22))
    (lodge,) = found(store, settings)
    (row,) = found(store, register_rows)
    assert (lodge.kind, lodge.region, row.owner) == (
        "care home with nursing",
        "Yorkshire and The Humber",
        "Wendside Ltd",
    )
    assert not any("Example Street" in str(value) or "EX4" in str(value) for value in (*lodge, *row))


def test_an_answer_gives_each_report_the_ratings_that_it_gave(store: Store) -> None:
    taken = take(store, "inspections", json.dumps(a_location()))
    assert (taken.settings, taken.inspections) == (1, 3)
    first, second, third = sorted(found(store, inspections), key=lambda one: one.first_day)
    assert (first.overall, first.published) == (None, D(2013, 3, 1))
    assert (second.overall, second.safe, second.caring, second.effective) == (
        "Good",
        "Good",
        "Outstanding",
        None,
    )
    assert (third.overall, third.safe, third.well_led, third.caring) == (BETTER, "Inadequate", BETTER, None)
    assert (third.first_day, third.last_day, third.capacity) == (D(2023, 3, 7), D(2023, 3, 9), 24)


def test_a_providers_answer_names_the_owner_and_unsays_nothing(store: Store) -> None:
    take(store, "inspections", json.dumps(a_location()))
    owner = {"providerId": "1-2000000001", "name": "Wendside Ltd", "locationIds": ["1-1000000001"]}
    take(store, "inspections", json.dumps(owner | {"registrationDate": "2024-10-01"}))
    (lodge,) = found(store, settings)
    (provider,) = found(store, providers)
    assert (lodge.name, lodge.kind, lodge.provider_id) == (
        "Wendside Lodge",
        "care home with nursing",
        provider.id,
    )
    assert {one.provider_id for one in found(store, inspections)} == {provider.id}


def test_a_deregistered_location_has_closed(store: Store) -> None:
    gone = a_location(registrationStatus="Deregistered", deregistrationDate="2024-02-29")
    take(store, "inspections", json.dumps([gone]))
    (lodge,) = found(store, settings)
    assert (lodge.status, lodge.closed) == ("Closed", D(2024, 2, 29))


def test_an_answer_again_changes_nothing(store: Store) -> None:
    first = take(store, "inspections", json.dumps(a_location()))
    again = take(store, "inspections", json.dumps(a_location(), indent=1))
    assert (first.new, again.new) == (True, False)
    assert len(found(store, inspections)) == 3


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        ("inspections", '{"locationId": "1-1', "cut off"),
        ("inspections", '{"statusCode": 401}', "neither of a location nor of a provider"),
        ("inspections", "[3]", "no answer"),
        ("inspections", '{"locationId": "1-1000000001"}', "no day"),
        ("register", json.dumps(a_location()), "use `onrecord import inspections`"),
        ("inspections", DIRECTORY, "tables of inspections by cqc are not known here"),
    ],
)
def test_what_is_no_answer_is_refused_in_one_line(store: Store, kind: str, content: str, told: str) -> None:
    with pytest.raises(RefusedFile, match=told) as refused:
        take(store, kind, content, **({"as_of": D(2026, 5, 22)} if kind == "register" else {}))
    assert "\n" not in str(refused.value)
    assert found(store, settings) == []


@pytest.mark.real
def test_the_real_directory_and_all_real_answers_are_taken(store: Store, shared: Path) -> None:
    folder = shared / "data/cqc"
    register = File(
        name="directory.csv",
        content=(folder / "locations_head.csv").read_bytes(),
        regulator=regulator_named("cqc"),
        as_of=D(2026, 5, 22),
    )
    taken = taking.take_register(store, register, AT)
    assert (taken.settings, taken.rejected, taken.findings) == (999, [], {})
    for path in sorted((folder / "api").glob("*.json")):
        answer = take(store, "inspections", path.read_text())
        assert answer.new, path.name
        assert "unknown_words" not in answer.findings, path.name
    reports = [
        one.get("reports", [])
        for one in map(json.loads, map(Path.read_text, (folder / "api").glob("*.json")))
    ]
    assert len(found(store, inspections)) == sum(map(len, reports))
    address = json.loads((folder / "api/location_1-117886088.json").read_text())["postalAddressLine1"]
    for table in (settings, register_rows, inspections):
        assert not any(address in str(row) for row in found(store, table))
