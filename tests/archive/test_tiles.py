"""The map of tiles: each authority one of its own, known ones where they are drawn, others near their region."""

import csv
from pathlib import Path

import archive.tiles
from archive.tiles import tiles

DRAWN = Path(archive.tiles.__file__).with_name("england.csv")


def test_no_two_tiles_of_the_drawing_lie_on_one_another() -> None:
    rows = list(csv.DictReader(DRAWN.read_text().splitlines()))
    assert len({(row["column"], row["row"]) for row in rows}) == len(rows) > 150


def test_an_authority_stands_where_it_is_drawn_however_it_is_spelled() -> None:
    plain, spelled = (tiles({name: None})[0] for name in ("Bristol", "Bristol, City of"))
    assert (plain.column, plain.row) == (spelled.column, spelled.row)


def test_authorities_that_the_drawing_lacks_stand_apart_near_their_region() -> None:
    invented = {f"{letter}shire": "North West" for letter in "ABCDEFGH"} | {"Elsewhere": None}
    placed = {tile.authority: tile for tile in tiles(invented | {"Bolton": "North West"})}
    assert len({(tile.column, tile.row) for tile in placed.values()}) == len(placed)
    bolton = placed["Bolton"]
    assert all(abs(placed[name].column - bolton.column) <= 4 for name in invented if name != "Elsewhere")
    assert placed["Elsewhere"].row > bolton.row


def test_a_tile_is_lettered_by_what_sets_its_name_apart() -> None:
    assert [tile.short for tile in tiles({"Bolton": None, "North East Lindwold": None})] == ["Bol", "NEL"]
