"""Fixtures of the tests of search: an invented world, and a search that first brings the index up to date."""

from collections.abc import Callable

import pytest

from storage.search.found import Search
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.world import World

Find = Callable[..., list[str]]


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def find(store: Store) -> Find:
    """Bring the index up to date, search, and give the ids found."""

    def found(query: str = "", **more: object) -> list[str]:
        with open_indexer(store) as indexer:
            indexer.catch_up()
        results = SearchIndex(store.place.index).search(Search(query=query, **more))  # type: ignore[arg-type]
        return [hit.id for hit in results.hits]

    return found
