"""What a search gives back: counts that can be added to, stories listed once, masked snippets, spellings."""

import pytest
import sqlalchemy as sa

from storage import changes, orders
from storage.dates import PartialDate
from storage.schema.press import articles
from storage.search import found
from storage.search.errors import QueryFault
from storage.search.found import Search
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.world import NOW, World
from tests.storage.finding import Find, find, world
from tests.storage.test_search_language import asked

__all__ = ["find", "world"]


def test_values_of_one_facet_add_and_facets_narrow(world: World, store: Store) -> None:
    for outlet, month in (
        ("Beacon", "2023-01"),
        ("Wire", "2023-01"),
        ("Wire", "2023-02"),
        ("Echo", "2023-02"),
    ):
        world.article("kite", outlet=outlet, published=PartialDate.parse(month))
    results = asked(store, "kite", filters={"outlet": ("Beacon", "Wire")})
    assert results.total == 3
    assert dict(results.facets["outlet"]) == {"Beacon": 1, "Wire": 2, "Echo": 1}, (
        "what could be added is counted"
    )
    assert dict(results.facets["month"]) == {"2023-01": 2, "2023-02": 1}
    both = asked(store, "kite", filters={"outlet": ("Beacon", "Wire"), "month": ("2023-01",)})
    assert both.total == 2
    assert dict(both.facets["outlet"]) == {"Beacon": 1, "Wire": 1}
    assert both.months == (("2023-01", 2),)


def test_every_value_of_a_long_facet_can_be_had(world: World, store: Store) -> None:
    for number in range(30):
        world.article("kite", outlet=f"Paper {number}")
    results = asked(store, "kite")
    assert len(results.facets["outlet"]) == 12
    index = SearchIndex(store.place.index)
    assert len(index.values(Search(query="kite"), "outlet")) == 30
    with pytest.raises(QueryFault, match="facet"):
        index.values(Search(), "text")


def test_copies_of_a_story_are_listed_once(world: World, store: Store) -> None:
    copies = [world.article("kite over town", outlet=f"Paper {number}") for number in range(5)]
    alone = world.article("kite kite kite")
    story = world.story(copies)
    folded = asked(store, "kite", fold=True)
    assert (folded.total, len(folded.hits)) == (6, 2)
    assert {hit.copies for hit in folded.hits} == {0, 4}
    assert {hit.story for hit in folded.hits} == {None, story}
    assert next(hit.id for hit in folded.hits if not hit.copies) == alone
    assert len(asked(store, "kite").hits) == 6
    assert asked(store, "outlet:paper*", fold=True, size=1).pages == 1


def test_no_page_repeats_a_story(world: World, store: Store) -> None:
    stories = [[world.article(f"kite {number}") for _ in range(3)] for number in range(6)]
    for copies in stories:
        world.story(copies)
    seen = [
        hit.story for page in (1, 2, 3) for hit in asked(store, "kite", fold=True, size=2, page=page).hits
    ]
    assert len(seen) == len(set(seen)) == 6


def test_many_hits_are_folded_page_by_page_as_few_are_at_once(
    world: World, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        world.story([world.article(f"kite {number}") for _ in range(3)])
    world.article("kite alone")
    pages = [Search(query="kite", fold=True, size=2, page=page) for page in (1, 2, 3, 4)]
    with open_indexer(store) as indexer:
        indexer.catch_up()
    index = SearchIndex(store.place.index)
    at_once = [index.search(page).hits for page in pages]
    monkeypatch.setattr(found, "FOLDED_WHOLE", 1)
    results = [index.search(page) for page in pages]
    assert [result.hits for result in results] == at_once
    assert {hit.copies for result in results for hit in result.hits} == {0, 2}
    assert all(result.pages >= 4 for result in results)


def test_counts_are_kept_until_the_index_changes(world: World, store: Store) -> None:
    index = SearchIndex(store.place.index)
    for number in (1, 2):
        world.article("kite", outlet=f"Paper {number}")
        with open_indexer(store) as indexer:
            indexer.catch_up()
        for page in (1, 2):
            results = index.search(Search(query="kite", size=1, page=page))
            assert (results.total, len(results.facets["outlet"])) == (number, number)


def test_snippets_hide_postcodes_and_numbers(world: World, store: Store) -> None:
    text = "The home at BL9 9ZZ was found. " + "Ring 01632 960 983 about NHS 943 476 5919 now."
    world.article(text, title="Home at BL9 9ZZ closed")
    for query in ("home", "bl9 9zz", "01632", "ring now"):
        (hit,) = asked(store, query).hits
        shown = "".join(piece.text for piece in (*hit.title, *hit.snippet))
        for secret in ("BL9", "9ZZ", "01632", "960 983", "943 476"):
            assert secret not in shown, (query, secret)


def test_another_spelling_is_offered_with_its_count(world: World, store: Store) -> None:
    provider = world.provider("Larkspur Care Limited")
    setting = world.setting(provider=provider)
    article = world.article("A home.")
    world.link(article, setting_id=setting, provider_id=provider, level="setting")
    results = asked(store, "larkspurr kind:article")
    assert results.total == 0
    assert results.suggestion is not None
    assert (results.suggestion.query, results.suggestion.total) == ("larkspur kind:article", 1)
    assert asked(store, "larkspur").suggestion is None


def test_a_frequent_word_is_offered_and_a_rare_one_never(world: World, store: Store) -> None:
    for _ in range(12):
        world.article("The safeguarding lead resigned.")
    for _ in range(9):
        world.article("It is called Canarywick Lodge, BL9 9ZZ.")
    found = asked(store, "safegaurding").suggestion
    assert found is not None
    assert (found.query, found.total) == ("safeguarding", 12)
    for query in ("canarywik", "canarwyick lodge", "bl9 9zy", "9zy"):
        assert asked(store, query).suggestion is None, query


def test_words_of_restricted_articles_are_not_offered(world: World, store: Store) -> None:
    ids = [world.article("An unmistakable word.") for _ in range(12)]
    assert asked(store, "unmisktakable").suggestion is not None
    with store.writing() as connection:
        connection.execute(sa.update(articles).values(restriction="restricted"))
        changes.note(connection, "article", ids, NOW)
    assert asked(store, "unmisktakable").suggestion is None


def test_what_an_order_hides_is_in_no_result_before_the_index_is_told(world: World, store: Store) -> None:
    """The index follows; it may be a second behind, or an import of thousands."""
    hidden = world.article("A kite over the quarry.", outlet="Wigan Wire")
    shown = world.article("Another kite.", outlet="Bolton Beacon")
    assert asked(store, "kite").total == 2
    index = SearchIndex.of(store)
    assert index.search(Search(query="kite")).total == 2
    with store.writing() as connection:
        order = orders.restrict(connection, "article", hidden, reason="court", who="Ada Moss", at=NOW)
    results = index.search(Search(query="kite"))
    assert ([hit.id for hit in results.hits], results.total) == ([shown], 1)
    assert dict(results.facets["outlet"]) == {"Bolton Beacon": 1}
    assert index.values(Search(query="kite", filters={"outlet": ("Wigan Wire",)}), "outlet") == (
        ("Bolton Beacon", 1),
    )
    assert [hit.id for hit in index.listed(Search(query="kite"))] == [shown]
    gone = index.search(Search(query="quarry"))
    assert (gone.total, gone.suggestion) == (0, None)
    with store.writing() as connection:
        orders.lift(connection, order, reason="over", who="Ada Moss", at=NOW)
    assert index.search(Search(query="kite")).total == 2, "what is lifted is back"


def test_a_withheld_name_is_in_no_word_of_the_index(world: World, find: Find) -> None:
    setting = world.setting("SC990044", name="Canarywick Lodge", name_withheld=True)
    report = world.report(setting, world.inspection(setting))
    assert find("canarywick") == []
    assert find("kind:report") == [report]


def test_too_much_at_once_is_refused(world: World, store: Store) -> None:
    world.article()
    for more in (
        {"size": 1001},
        {"filters": {"outlet": ("x" * 501,)}},
        {"filters": {"outlet": tuple(map(str, range(101)))}},
    ):
        with pytest.raises(QueryFault):
            asked(store, "", **more)
