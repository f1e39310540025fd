"""The index follows the store, and the query language finds what was asked or says why it cannot."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.dates import PartialDate
from storage.search.errors import NoIndex, QueryFault
from storage.search.found import Search
from storage.search.indexer import open_indexer
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.world import World
from tests.storage.finding import Find, find, world

__all__ = ["find", "world"]


def test_words_are_found_in_any_form(world: World, find: Find) -> None:
    article = world.article("Inspectors criticised how medicines were stored.")
    assert find("inspector medicine") == [article]
    assert find("medicine fire") == []


def test_phrases_are_found_as_written(world: World, find: Find) -> None:
    article = world.article("A lack of warmth, they said, and a lack of care.")
    world.article("A warmth of lack.")
    assert find('"lack of warmth"') == [article]
    assert find("“lack of warmth”") == [article]


def test_a_minus_takes_away_and_or_joins(world: World, find: Find) -> None:
    first, second = world.article("red kite"), world.article("blue kite")
    assert find("kite -blue") == [first]
    assert set(find("red OR blue kite")) == {first, second}
    assert find('kite -"red kite"') == [second]
    assert find("blue -kite") == [second], "what leaves nothing is taken as text, and told"


def test_a_star_finds_beginnings(world: World, find: Find) -> None:
    article = world.article("The safeguarding lead resigned.")
    assert find("safeg*") == [article]
    assert find("safegx*") == []


def test_fields_reach_the_linked_record(world: World, find: Find) -> None:
    provider = world.provider("Larkspur Care Limited")
    setting = world.setting("SC990011", provider=provider)
    inspection = world.inspection(setting)
    article = world.article("An unnamed home was rated.")
    world.article("Another story.")
    world.link(article, inspection_id=inspection, setting_id=setting, provider_id=provider)
    for query in (
        'provider:"larkspur care"',
        "place:bolton",
        'place:"north west"',
        "place: Bolton",
        "urn:sc990011",
        "judgement:inadequate",
        "larkspur",
        "linked:yes kind:article",
    ):
        assert find(query) == [article], query
    assert find("linked:no") != [article]
    assert find("linked:confirmed") == []


def test_dates_count_as_far_as_they_are_known(world: World, find: Find) -> None:
    day = world.article("a", published=PartialDate.parse("2023-05-17"))
    month = world.article("b", published=PartialDate.parse("2023-05"))
    undated = world.article("c", published=None)
    assert set(find("after:2023-05-18")) == {month, undated}
    assert set(find("before:2023-05-17")) == {month}
    assert set(find("after:2023 before:2024")) == {day, month}
    assert find("", sort="oldest")[-1] == undated


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("after:yesterday", "no date"),
        ("linked:perhaps", "linked:"),
        ("kind:film", "kind:"),
        ("!!! ***", "nothing in this query"),
        ("a" * 1001, "1000"),
    ],
)
def test_what_cannot_run_is_explained(world: World, find: Find, query: str, told: str) -> None:
    world.article()
    with pytest.raises(QueryFault, match=told):
        find(query)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ('"left open', "closed it"),
        ("-inadequate", "nothing else was asked"),
        ("x*", "too short"),
        ("word " * 80, "first 60"),
        ("provider:!!! x", "no value"),
    ],
)
def test_what_is_repaired_is_told(world: World, store: Store, query: str, told: str) -> None:
    world.article()
    with open_indexer(store):
        notes = SearchIndex(store.place.index).search(Search(query=query)).notes
    assert any(told in note for note in notes)


def test_facets_count_and_filter(world: World, store: Store, find: Find) -> None:
    beacon = world.article("kite", outlet="Bolton Beacon")
    world.article("kite", outlet="Wigan Wire")
    with open_indexer(store) as indexer:
        indexer.catch_up()
    results = SearchIndex(store.place.index).search(Search(query="kite"))
    assert dict(results.facets["outlet"]) == {"Bolton Beacon": 1, "Wigan Wire": 1}
    assert find("kite", filters={"outlet": ("Bolton Beacon",)}) == [beacon]
    with pytest.raises(QueryFault, match="filter"):
        find("kite", filters={"text": ("x",)})


def test_a_snippet_marks_what_was_found(world: World, store: Store) -> None:
    world.article("Ça va? " * 200 + "The watchdog’s ruling — harsh — was published. " + "More. " * 200)
    with open_indexer(store) as indexer:
        indexer.catch_up()
    hit = SearchIndex(store.place.index).search(Search(query="ruling")).hits[0]
    assert [piece.text for piece in hit.snippet if piece.marked] == ["ruling"]
    assert "watchdog’s ruling — harsh" in "".join(piece.text for piece in hit.snippet)


def test_no_index_is_said_so(store: Store) -> None:
    with pytest.raises(NoIndex, match="onrecord index"):
        SearchIndex(store.place.index).search(Search())


def test_a_page_too_deep_is_refused(world: World, find: Find) -> None:
    world.article()
    for page in (0, 10**9):
        with pytest.raises(QueryFault, match="page"):
            find("", page=page)


@pytest.fixture(scope="module")
def quiet_index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    with Store.at(tmp_path_factory.mktemp("quiet") / "archive.db", write=True) as store:
        World(store).article("A quiet story.")
        with open_indexer(store):
            return SearchIndex(store.place.index)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(list('ab"-*: OR:()after provider:é½㏂⑴\0')), max_size=40).map("".join),
    )
)
def test_no_query_breaks_the_search(quiet_index: SearchIndex, query: str) -> None:
    with contextlib.suppress(QueryFault):  # explained, which the tests above look at
        quiet_index.search(Search(query=query))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "authority:bolton kite",
            "“authority:” is no field, so it was searched for as a word; write place:.",
        ),
        ("headline:zeppelin", "the fields are provider, group, place"),
        ("kite provider:nobody", "Nothing in the archive has provider:nobody."),
        ("kite zeppel*", "Nothing in the archive has “zeppel*”."),
        ("kite after:2025 before:2024", "No day is after 2025 and before 2024 too."),
        ("urn:SC000000", "Nothing in the archive has urn:SC000000."),
    ],
)
def test_why_nothing_was_found_is_told(world: World, store: Store, query: str, told: str) -> None:
    world.article("kite")
    with open_indexer(store) as indexer:
        indexer.catch_up()
    results = SearchIndex(store.place.index).search(Search(query=query))
    assert results.total == 0
    assert any(told in note for note in results.notes), results.notes
    assert not any("“kite”" in note for note in results.notes), "what does find something is not blamed"


def test_what_narrows_a_search_to_nothing_is_told(world: World, store: Store) -> None:
    world.article("kite", outlet="Bolton Beacon")
    world.article("drake", outlet="Wigan Wire")
    with open_indexer(store) as indexer:
        indexer.catch_up()
    asked = Search(query="kite", filters={"outlet": ("Wigan Wire",)})
    results = SearchIndex(store.place.index).search(asked)
    assert (results.total, results.notes) == (0, ("Not narrowed, this search finds 1.",))
