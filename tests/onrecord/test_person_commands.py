"""``onrecord person``, as an operator types it when somebody asks."""

import json
from pathlib import Path

import pytest

from storage.errors import UsageMistake
from storage.search.indexer import open_indexer
from storage.store import Store
from tests.archive.world import World
from tests.crawler.reports.samples import SCCIF
from tests.onrecord.test_law_commands import found, onrecord, told
from tests.storage.test_orders import holders

NAME = "Ben Ottershaw"  # whom the sample report names as its manager


@pytest.fixture
def kept(store: Store) -> Store:
    World(store).article(f"{NAME} watches red kites.", url="https://www.bolton-beacon.example/news/1")
    with open_indexer(store) as indexer:
        indexer.catch_up()
    return store


def test_finding_says_where_what_may_go_and_that_the_captured_files_were_not_read(kept: Store) -> None:
    said = onrecord(kept, "person", "find", NAME).stdout
    assert f"text, 1×: may be erased\n    {NAME} watches red kites." in said
    assert "--in-evidence looks into every captured report" in said
    assert onrecord(kept, "person", "find", "Nobody Atall").stdout.startswith("The name stands nowhere")


def test_erasing_only_tells_until_it_is_told_yes(kept: Store) -> None:
    assert "1 values would change. Nothing was changed" in onrecord(kept, "person", "erase", NAME).stdout
    before = onrecord(kept, "person", "find", NAME).stdout
    made = told(kept, "person", "erase", NAME, "--reason", "asked on 3 March", "--yes")
    assert (made["values"], made["complete"]) == (1, True)
    assert before != onrecord(kept, "person", "find", NAME).stdout
    assert found(kept) == 1, "the story itself stays"
    assert not {"archive.db", "article_versions"} & set(holders(kept, [NAME])), "the file, or the table"


def test_the_people_block_of_a_captured_report_is_found_and_sealed(kept: Store, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text(SCCIF)
    onrecord(kept, "import", "reports", str(file))
    (line,) = json.loads(onrecord(kept, "person", "find", NAME, "--in-evidence", "--json").stdout)[1:]
    assert (line["item"], line["where"], line["times"]) == ("report", "captured file", 1)
    made = told(kept, "person", "erase", NAME, "--in-evidence", "--reason", "asked", "--yes")
    assert made["sealed_records"] == 2
    assert json.loads(onrecord(kept, "person", "find", NAME, "--in-evidence", "--json").stdout) == []


def test_an_item_to_keep_must_name_the_person(kept: Store) -> None:
    with pytest.raises(UsageMistake, match="does not name that person"):
        onrecord(kept, "person", "erase", NAME, "--keep", "article-x")
    with pytest.raises(UsageMistake, match="say why"):
        onrecord(kept, "person", "erase", NAME, "--yes")
    with pytest.raises(UsageMistake, match="give a whole name"):
        onrecord(kept, "person", "find", "Ottershaw")
