"""``onrecord restrict``, ``takedown``, ``lift`` and ``orders``, as an operator types them."""

import json

import pytest
from typer.testing import CliRunner, Result

from onrecord.application import app
from storage.errors import NotFound, UsageMistake
from storage.search.found import Search
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.world import World
from tests.engines import address_of
from tests.storage.test_orders import holders

URL = "https://www.bolton-beacon.example/news/1"


def onrecord(store: Store, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--archive", address_of(store)], catch_exceptions=False)


def told(store: Store, *arguments: str) -> dict[str, object]:
    made: dict[str, object] = json.loads(onrecord(store, *arguments, "--json").stdout)
    return made


def found(store: Store) -> int:
    return SearchIndex(store.place.index).search(Search(query="kites")).total


@pytest.fixture
def kept(store: Store) -> Store:
    World(store).article("A story of red kites.", url=URL)
    with open_indexer(store) as indexer:
        indexer.catch_up()
    assert found(store) == 1
    return store


def test_an_order_hides_an_article_at_once_and_lifting_brings_it_back(kept: Store) -> None:
    made = told(kept, "restrict", URL, "--reason", "section 39 order", "--until", "2099-03-31")
    assert (made["what"], found(kept)) == ("article", 0)
    with pytest.raises(NotFound):
        onrecord(kept, "explain", URL)
    (line,) = json.loads(onrecord(kept, "orders", "--json").stdout)
    assert (line["reason"], line["until"]) == ("section 39 order", "2099-03-31")
    assert onrecord(kept, "orders", "--due").stdout == "No orders.\n"
    onrecord(kept, "lift", str(made["order"]), "--reason", "the order ended")
    assert found(kept) == 1


def test_a_takedown_erases_and_says_how_many_records_it_sealed(kept: Store) -> None:
    made = told(kept, "takedown", URL, "--reason", "asked by the family")
    assert (made["sealed_records"], made["complete"], found(kept)) == (1, True, 0)
    assert not {"archive.db", "article_versions"} & set(holders(kept, ["red kites"])), (
        "the file, or the table"
    )
    assert "taken down" in onrecord(kept, "orders", "--finish").stdout


def test_a_day_that_is_none_is_one_line(kept: Store) -> None:
    with pytest.raises(UsageMistake, match="write it as"):
        onrecord(kept, "restrict", URL, "--reason", "x", "--until", "spring")
