"""Names of organisations: what makes two spellings one, and what never does."""

import time

import pytest

from storage.names import (
    company_number,
    is_council,
    is_name,
    is_person,
    organisation_key,
    owners_in,
    trading_name,
)
from storage.spellings import Spellings, one_organisation


@pytest.mark.parametrize(
    "spelling",
    [
        "Lantern Hill Care Limited",
        "LANTERN HILL CARE LTD",
        "The Lantern Hill Care Ltd.",
        "lantern  hill care L TD",
        "Lantern Hill Care Limited 09876543",
        "Lantern Hill Care Limited (Company Number 09876543)",
        "Lantern Hill Care Limited t/a Sunny Days",
        "Lantern-Hill Care Ltd",
    ],
)
def test_spellings_of_one_company_share_a_key(spelling: str) -> None:
    assert organisation_key(spelling) == "lantern hill care"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bolton Metropolitan Borough Council", "Bolton MBC"),
        ("London Borough of Barnet", "Barnet Council"),
        ("The London Borough of Barnet", "Barnet Council"),
        ("City of York", "City Of York Council"),
        ("Norfolk County Council Children's Services", "Norfolk County Council"),
        ("Brighton & Hove City Council", "Brighton and Hove Council"),
    ],
)
def test_a_council_is_its_place(one: str, other: str) -> None:
    assert organisation_key(one) == organisation_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Derby City Council", "Derbyshire County Council"),
        ("North Tyneside Council", "South Tyneside Council"),
        ("Haven Support Ltd", "Seven Support Ltd"),
        ("Lantern Care (1) Limited", "Lantern Care (2) Limited"),
        ("Lantern Care North Ltd", "Lantern Care Ltd"),
        ("Rowden House School", "Bowden House School"),
        ("Thistle RSR Ltd", "Thistle RSS Ltd"),
        ("Archway Care Ltd", "Archways Care Ltd"),
        ("Care 2 Share Ltd", "Care 2 Share 2 Ltd"),
    ],
)
def test_two_organisations_stay_two(one: str, other: str) -> None:
    assert not one_organisation(organisation_key(one), organisation_key(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Homes 2 Kindle Limited", "Homes2Kindle Ltd"),
        ("Saltmarsh Children's Service Ltd", "Saltmarsh Childrens Services Ltd"),
        ("Malverne Achievement Services", "Malverne Acheivement Services Ltd"),
        ("Norhtumberland County Council", "Northumberland County Council"),
    ],
)
def test_a_slip_of_the_pen_is_forgiven(one: str, other: str) -> None:
    assert one_organisation(organisation_key(one), organisation_key(other))


def test_near_spellings_are_found_among_many() -> None:
    known = Spellings()
    for number in range(200):
        known.add(f"thistle care {number}")
    known.add("monarch intervention services")
    assert known.near("monach intervention services") == ["monarch intervention services"]
    assert known.near("monocle intervention services") == []


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Lantern Hill Care Limited 09876543", "09876543"),
        ("Lantern Hill Care Ltd (12876543)", "12876543"),
        ("Lantern Hill Care Limited 9876543", "09876543"),
        ("Lantern Hill Trust 1043129", None),
        ("Lantern (2008) Ltd", None),
        ("Lantern Hill Ltd SC123456", "SC123456"),
    ],
)
def test_a_pasted_company_number_is_read(name: str, number: str | None) -> None:
    assert company_number(name) == number


@pytest.mark.parametrize(
    "text", ["", " ", "0", "3.13", "03/01/1900", "NULL", "REDACTED", "Owned by an individual", None]
)
def test_what_is_no_name(text: str | None) -> None:
    assert not is_name(text)


def test_two_councils_in_one_field_are_two_owners() -> None:
    assert owners_in("Exeter City & Devon County Councils") == ("Exeter City Council", "Devon County Council")
    assert owners_in("Leeds City Council / Bolton Council") == ("Leeds City Council", "Bolton Council")
    assert owners_in("London Borough of Hammersmith & Fulham") == ("London Borough of Hammersmith & Fulham",)
    assert owners_in("Redcar and Cleveland Council") == ("Redcar and Cleveland Council",)
    assert owners_in("Lantern & Sons Ltd") == ("Lantern & Sons Ltd",)
    assert owners_in("0") == ()


def test_only_titles_make_a_person() -> None:
    assert is_person("Mrs Ada Thornberry & Mr B Quill")
    assert not is_person("Cicely Thornberry")
    assert not is_person("Mr Quill's School")


def test_a_college_named_after_a_city_is_no_council() -> None:
    assert not is_council("City of Thornbury College")


def test_the_trading_name_is_kept_apart() -> None:
    assert trading_name("Lantern Hill Care Limited T/A Sunny Days") == "Sunny Days"
    assert trading_name("Lantern Hill Care Limited") is None


@pytest.mark.parametrize("shape", ["and ", "a & ", "Council and ", "(", "Mr A. ", "ltd ", "t/a "])
def test_no_name_of_ten_thousand_letters_takes_a_second(shape: str) -> None:
    hostile = (shape * 10_000)[:10_000]
    for read in (organisation_key, trading_name, is_council, is_person, owners_in):
        begin = time.process_time()
        read(hostile)
        assert time.process_time() - begin < 1, read
