"""Tables: any CSV or workbook read, and what is no table refused by name."""

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from crawler.extract.tables import locate, read
from storage.errors import RefusedFile
from tests.register_files import a_csv, a_register, homes


def score(cells: Sequence[str]) -> int:
    return sum(cell in {"URN", "Provision type", "Local authority"} for cell in cells)


def cells(content: bytes) -> list[list[str]]:
    (sheet,) = read("file.csv", content)
    return [list(line.cells) for line in sheet.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_the_encoding_is_found(encoding: str) -> None:
    text = "URN,Name\r\nSC700001,The Children’s Café – North\r\n"
    assert cells(text.encode(encoding))[1][1] == "The Children’s Café – North"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    content = a_csv(homes(2), delimiter=delimiter)
    assert cells(content)[1][1] == "SC700001"


def test_a_line_break_in_a_cell_keeps_the_numbers_of_lines_right() -> None:
    (sheet,) = read("file.csv", b'URN,"\nLatest full\ninspection date"\nSC1,a\nSC2,b\n')
    assert [line.number for line in sheet.lines] == [1, 4, 5]


@pytest.mark.parametrize("above", [0, 1, 4, 12])
def test_the_header_is_found_below_any_titles(above: int) -> None:
    titles = [[f"Title {number}"] for number in range(above)]
    (sheet,) = read("file.csv", a_csv(homes(3), titles=titles))
    table = locate(sheet, score)
    assert table is not None
    assert (table.header_line, len(table.rows), len(table.titles)) == (above + 1, 3, above)
    assert table.rows[0].number == above + 2


def test_a_group_above_the_header_marks_what_is_previous() -> None:
    header = b"URN,Provision type,Local authority,Date,Grade,Date,Grade\n"
    content = b"Setting,,,Latest,,Previous,\n" + header + b"a,b,c,1,2,3,4\n"
    (sheet,) = read("file.csv", content)
    table = locate(sheet, score)
    assert table is not None
    assert table.header[3:] == ("Date", "Grade", "Previous Date", "Previous Grade")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n \r\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html><html><body>Service unavailable</body></html>", "web page"),
        (b"\n<html><head>", "web page"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08\x00abc", "compressed"),
        (b'{"error": "not found"}', "JSON"),
        (b"\x00\x01\x02\x03 binary \x00", "neither"),
        (b"PK\x03\x04 no zip at all", "damaged"),
        (b"\xd0\xcf\x11\xe0 no workbook", "cannot be read"),
        (b'URN,Name\nSC700001,"never closed\nSC700002,x\n', "cut off"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, reason: str) -> None:
    with pytest.raises(RefusedFile, match=reason) as refusal:
        read("table.csv", content)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).startswith("table.csv: ")


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("register.csv", a_register(2))
    with pytest.raises(RefusedFile, match="cannot be read"):
        read("register.zip", packed.getvalue())


def test_a_workbook_that_unfolds_to_gigabytes_is_refused() -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("content.xml", "w") as file,
    ):
        for _ in range(450):
            file.write(b" " * 2**20)
    with pytest.raises(RefusedFile, match="unfolds to 450 MB"):
        read("bomb.ods", packed.getvalue())


def test_naughty_cells_come_back_whole() -> None:
    hostile = [
        "=cmd|'/c calc'!A0",
        "Ω≈ç√∫",
        "\u202eright to left",
        "a\u200bb",
        '"quoted"',
        "x, y",
        "line\nbreak",
    ]
    content = a_csv([{"URN": "SC1", "Name": text} for text in hostile])
    assert [row[1] for row in cells(content)[1:]] == hostile


@pytest.mark.real
def test_csv_files_of_others_read_as_they_say(shared: Path) -> None:
    folder = shared / "suites/csv/csv-spectrum"
    for path in sorted((folder / "csvs").glob("*.csv")):
        if path.stem in {"location_coordinates", "newlines_crlf"}:  # whose JSON says other than the file
            continue
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text())
        header, *rows = cells(path.read_bytes())
        assert [dict(zip(header, row, strict=True)) for row in rows] == expected, path.name
