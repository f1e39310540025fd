"""Columns: headings placed by meaning, however they drift; what stands for nothing is named."""

import datetime as dt

import pytest

from crawler.regulators import values
from crawler.regulators.columns import place
from crawler.regulators.ofsted import OFSTED


def field_of(heading: str, kind: str = "register") -> str | None:
    placed = place([heading], OFSTED, kind)  # type: ignore[arg-type]
    return next(iter(placed.columns), None)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("URN", "urn"),
        ("Provider URN", "urn"),
        ("\nLatest full\n inspection   date", "day"),
        ("Inspection Date", "day"),
        ("Event date", "day"),
        ("Most recent full inspection publication date", "published"),
        ("Latest full inspectio health services", "health"),
        ("LOCAL AUTHORITY", "local_authority"),
        ("Local_authority", "local_authority"),
        ("Local Authorty", "local_authority"),
        ("Registration status (as at 31 March 2031)", "status"),
        ("Organisation which owns the provder", "owner"),
        ("Previous full inspection event date", "previous_day"),
        ("Previous overall experiences and progress of children and young people", "previous_overall"),
        ("The safety of children and young people", "protection"),
        ("Overall effectiveness", "overall"),
    ],
)
def test_a_heading_has_its_meaning_in_every_spelling(heading: str, field: str) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize("heading", ["Postcode2", "Address 3", "Shoe size", "Number of staff", "Address"])
def test_what_is_not_declared_is_no_field(heading: str) -> None:
    assert field_of(heading) is None


def test_strange_headings_are_named_and_known_ones_that_are_not_kept_are_not() -> None:
    placed = place(["URN", "Postcode", "Heat\npump", "Web link", ""], OFSTED, "register")
    assert placed.unplaced == ("Heat pump",)


def test_a_guess_is_told() -> None:
    assert place(["Local Authorty"], OFSTED, "register").guessed == {"Local Authorty": "local_authority"}


def test_the_better_of_two_columns_of_one_meaning_is_first() -> None:
    placed = place(["Ofsted region", "Government Office Region"], OFSTED, "register")
    assert placed.columns["region"] == (1, 0)


@pytest.mark.parametrize(
    "cell",
    ["31/03/2025", "31-03-2025", "2025-03-31", "2025-03-31 00:00:00", "31 March 2025", "31-Mar-25", "45747"],
)
def test_a_day_in_every_way_of_writing_it(cell: str) -> None:
    assert values.day(cell) == dt.date(2025, 3, 31)


@pytest.mark.parametrize("cell", ["", " ", "NULL", "0", "n/a"])
def test_blanks(cell: str) -> None:
    assert values.day(cell) is None


@pytest.mark.parametrize("cell", ["31/02/2025", "soon", "12/31/2025", "9999", "01/01/1066"])
def test_what_is_no_day(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        values.day(cell)


def test_words_of_a_list_forgive_one_letter() -> None:
    assert values.word("Childrens home", OFSTED.kinds) == "children's home"
    assert values.word("CHILDREN’S HOME", OFSTED.kinds) == "children's home"
    assert values.word("3", OFSTED.grades) == "Adequate"
    with pytest.raises(ValueError, match="none of the words"):
        values.word("Zoo", OFSTED.kinds)


def test_a_spreadsheets_quoted_formula_is_its_text() -> None:
    assert values.plain('="SC700001"') == "SC700001"
