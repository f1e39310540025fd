"""No cell of any table that leaves here is a formula: known payloads, and every beginning of one, in every field."""

import csv
import io
import itertools
from pathlib import Path

import pytest

from archive.export.tables import TABLES
from tests.archive.conftest import Served
from tests.engines import ON_SQLITE

SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
BODIES = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("https://a.example";"read on")', "SUM(1;2)", "", " 1")
BEFORE = ("", "'", "''", "'\t")
GENERATED = ["".join(parts) for parts in itertools.product(BEFORE, SIGNS, BODIES)]


def planted(served: Served, payloads: list[str]) -> None:
    world = served.world
    for number, payload in enumerate(payloads):
        owner = world.provider(f"{payload} {number}")
        setting = world.setting(f"SC98{number:05}", provider=owner, local_authority=payload)
        visit = world.inspection(setting)
        article = world.article(f"{payload} {number}", title=payload, outlet=payload, byline=payload)
        world.link(article, setting_id=setting, inspection_id=visit, provider_id=owner)
    served.index()


def live(served: Served) -> list[tuple[str, str]]:
    paths = ["/search.csv", *(f"/exports/{table}.csv" for table in TABLES)]
    found = []
    with served.client("operator") as client:
        for path in paths:
            got = client.get(path)
            assert got.status_code == 200, path
            rows = list(csv.reader(io.StringIO(got.text, newline="")))
            found += [(path, cell) for row in rows for cell in row if cell.startswith(SIGNS)]
            assert len(rows) > 1 or path.endswith("judgements.csv"), path
    return found


@ON_SQLITE  # what a cell makes of a text is no engine's doing
def test_no_beginning_of_a_formula_is_one_in_a_cell(served: Served) -> None:
    assert len(GENERATED) >= 200
    planted(served, GENERATED)
    assert live(served) == []


@pytest.mark.real
def test_no_known_payload_is_a_formula_in_a_cell(served: Served, shared: Path) -> None:
    listed = shared / "suites" / "attacks" / "csv-injection" / "csv-payload.txt"
    payloads = listed.read_text(encoding="utf-8").splitlines()
    assert len(payloads) == 6
    planted(served, payloads)
    assert live(served) == []
