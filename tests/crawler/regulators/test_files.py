"""Files: drift is taken in stride, a single bad row goes aside, a fault of the file refuses it."""

import datetime as dt
from collections.abc import Callable

import pytest

from crawler.regulators.files import Reading, read_file
from crawler.regulators.ofsted import OFSTED
from storage.errors import RefusedFile
from tests.register_files import (
    JUDGED,
    LED,
    PROTECTED,
    a_csv,
    a_home,
    a_leaver,
    a_register,
    a_visit,
    homes,
    visits,
)


def register(content: bytes) -> Reading:
    return read_file("register.csv", content, OFSTED, "register")


def inspections(content: bytes) -> Reading:
    return read_file("in-year.csv", content, OFSTED, "inspections")


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(RefusedFile) as refused:
        read()
    assert "\n" not in str(refused.value)
    return refused.value.reason


def test_a_row_gives_what_we_keep_and_nothing_else() -> None:
    content = a_csv([a_home(1, Address_1="12 Sallow Lane", Postcode="ZZ1 1ZZ", Name="Foxglove House")] * 1)
    reading = register(content)
    ((_, row),) = reading.rows
    assert (row.urn, row.kind, row.name, row.places) == ("SC700001", "children's home", None, 3)
    assert row.registered == dt.date(2011, 5, 2)
    ((_, claim),) = reading.claims
    assert (claim.first_day, claim.published) == (dt.date(2022, 11, 2), dt.date(2022, 12, 2))
    assert claim.judgements == {
        "overall": "Good",
        "protection": "Good",
        "leadership": "Requires improvement to be good",
    }
    for secret in ("Sallow", "ZZ1", "Foxglove"):
        assert secret not in repr(vars(reading))


def test_a_year_nobody_has_seen() -> None:
    """New columns, another order, renamed headings, more titles, other blanks."""
    rows = [dict(reversed(a_home(number, Heat_pump="Y").items())) for number in range(1, 11)]
    renamed = {
        "URN": "Unique reference number",
        "Local authority": "Local  Authorty",
        "Latest full inspection date": "Most recent full\ninspection date",
        JUDGED: "Overall experience and progress of children and young people",
        "Registration status": "Registration status (as at 31 March 2031)",
    }
    reading = register(a_csv(rows, titles=[["Care in England 2031"], ["Notes"], [], ["x"]], headings=renamed))
    assert (len(reading.rows), len(reading.claims)) == (10, 10)
    assert reading.claims[0][1].judgements["overall"] == "Good"
    assert reading.findings["unplaced"] == ["Heat pump"]
    assert reading.findings["guessed"]["Local Authorty"] == "local_authority"


@pytest.mark.parametrize("blank", ["NULL", "0", " ", ""])
def test_blanks_in_all_spellings(blank: str) -> None:
    row = a_home(1, **{JUDGED: blank, PROTECTED: blank, LED: blank, "Places": blank})
    reading = register(a_csv([row, a_home(2)]))
    assert reading.rows[0][1].places is None
    assert reading.claims[0][1].judgements == {}


def test_codes_are_grades_of_full_inspections_and_nothing_known_of_interim_ones() -> None:
    full = a_visit(1, **{JUDGED: "3", PROTECTED: "2", LED: "0"})
    interim = a_visit(2, Inspection_event_type="SC Interim", **{JUDGED: "3", PROTECTED: "0", LED: "0"})
    reading = inspections(a_csv([full, interim, *visits(9)]))
    assert reading.claims[0][1].judgements == {"overall": "Adequate", "protection": "Good"}
    assert (reading.claims[1][1].kind, reading.claims[1][1].judgements) == ("interim", {})
    assert reading.findings["unreadable"] == {"overall": 1}


def test_the_previous_inspection_is_an_inspection() -> None:
    row = a_home(1) | {
        "Previous full inspection event type": "Full inspection",
        "Previous full inspection event date": "03/08/2020",
        "Previous overall experiences and progress of children and young people": "Inadequate",
    }
    claims = [claim for _, claim in register(a_csv([row])).claims]
    assert [claim.first_day for claim in claims] == [dt.date(2022, 11, 2), dt.date(2020, 8, 3)]
    assert claims[1].judgements == {"overall": "Inadequate"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"URN": ""}, "no URN"),
        ({"URN": "123456"}, "the URN is not one of a setting"),
        ({"Provision_type": ""}, "no kind of provision"),
        ({"Latest_full_inspection_date": "31/02/2022"}, "an inspection without a readable day"),
        ({"Places": "many", "Sector": "7"}, "several cells do not hold what their column names"),
        ({"Local_authority": "ZZ1 1ZZ"}, "a number where the authority or region should be"),
        ({"Organisation_which_owns_the_provider": "=cmd|'/c calc'!A0"}, "the owner is a formula"),
    ],
)
def test_a_single_bad_row_goes_aside_with_its_reason(change: dict[str, str], reason: str) -> None:
    reading = register(a_csv([*homes(5), a_home(6, **change)]))
    (aside,) = reading.rejected
    assert (aside.reason, aside.line) == (reason, 7)
    assert (reading.rows_read, reading.rows_kept) == (6, 5)
    assert aside.fields == {}


def test_a_row_with_cells_behind_the_header_is_shifted() -> None:
    content = a_register(5) + b"x," * 19 + b"x,12 Sallow Lane\r\n"
    (aside,) = register(content).rejected
    assert aside.reason == "more cells than the header has columns"


def test_an_unknown_kind_is_kept_as_other_and_named() -> None:
    rows = [*homes(6), *(a_home(n, Provision_type="Weekend Lodge") for n in range(10, 13))]
    reading = register(a_csv(rows))
    assert [row.kind for _, row in reading.rows].count("other") == 3
    assert reading.findings["unknown_words"] == {"kind": {"Weekend Lodge": 3}}


def test_a_publication_before_the_inspection_is_not_believed() -> None:
    reading = register(a_csv([*homes(3), a_home(4, Latest_full_inspection_publication_date="01/01/2020")]))
    assert reading.claims[3][1].published is None
    assert reading.findings["unreadable"] == {"published": 1}


def test_a_number_that_a_spreadsheet_rounded_is_dropped() -> None:
    reading = register(a_csv([a_home(1, Latest_full_inspection_event_number="1.02E+07")]))
    assert reading.claims[0][1].event_number is None


REGISTER, IN_YEAR, CHANGES = a_register(30), a_csv(visits(30)), a_csv([a_leaver(n) for n in range(1, 9)])


@pytest.mark.parametrize(
    ("wanted", "content", "said"),
    [
        ("register", IN_YEAR, "import inspections"),
        ("register", CHANGES, "import changes"),
        ("inspections", REGISTER, "import register"),
        ("inspections", CHANGES, "import changes"),
        ("changes", REGISTER, "import register"),
        ("changes", IN_YEAR, "import inspections"),
    ],
)
def test_the_wrong_kind_of_table_is_sent_to_its_command(wanted: str, content: bytes, said: str) -> None:
    reason = refusal(lambda: read_file("table.csv", content, OFSTED, wanted))  # type: ignore[arg-type]
    assert said in reason


def test_tables_with_the_same_headings_are_told_apart_by_their_rows() -> None:
    plain = {f"Latest full inspection {name}": f"Inspection {name}" for name in ("date", "event type")}
    spread = [a_home(n, Latest_full_inspection_date=f"02/11/{2017 + n % 6}") for n in range(1, 31)]
    old_register = a_csv(
        spread,
        headings=plain
        | {
            "Latest full inspection publication date": "Publication date",
            "Latest full inspection event number": "Inspection ID",
        },
    )
    assert len(register(old_register).rows) == 30
    assert "import register" in refusal(lambda: inspections(old_register))
    assert "import inspections" in refusal(lambda: register(IN_YEAR))
    assert len(inspections(IN_YEAR).claims) == 40


@pytest.mark.parametrize("heading", ["URN", "Provision type", "Local authority"])
def test_a_missing_column_is_named(heading: str) -> None:
    content = a_csv([{k: v for k, v in row.items() if k != heading} for row in homes(5)])
    assert f"“{heading}” is missing" in refusal(lambda: register(content))


def test_a_file_without_a_header_says_what_was_sought() -> None:
    content = REGISTER.split(b"\r\n", 1)[1]
    assert "no header found; sought a line with the columns “URN”" in refusal(lambda: register(content))


def test_a_header_alone_is_refused() -> None:
    assert "no rows below the header" in refusal(lambda: register(REGISTER.split(b"\r\n", 1)[0] + b"\r\n"))


def test_under_half_the_rows_readable_refuses() -> None:
    content = a_csv([*homes(4), *(a_home(n, URN="unknown") for n in range(5, 10))])
    assert "only 4 of 9 rows can be read; 5 have: the URN" in refusal(lambda: register(content))


def test_a_file_cut_in_the_middle_of_a_line_is_refused() -> None:
    cut = REGISTER[: REGISTER.rindex(b"Active")]
    assert "is cut off: line 31" in refusal(lambda: register(cut))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Local authority", "Government Office Region"),
        ("Registration date", "Latest full inspection event number"),
        ("Places", "Sector"),
        ("Registration status", "Sector"),
        ("URN", "Name"),
        ("Provision type", "Local authority"),
        ("Latest full inspection date", "Latest full inspection publication date"),
    ],
)
def test_swapped_columns_refuse_the_file(one: str, other: str) -> None:
    swapped = a_csv(homes(30), headings={one: other, other: one})
    assert refusal(lambda: register(swapped))
