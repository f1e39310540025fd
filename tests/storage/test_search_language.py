"""Each part of the query language finds what it says, and nothing that can be typed ends without an answer."""

import contextlib
import datetime as dt

import pytest

from storage.search.errors import QueryFault
from storage.search.found import Results, Search
from storage.search.indexer import open_indexer
from storage.search.language import DEEPEST_GROUP, Either, Part, Without, parse
from storage.search.searching import SearchIndex
from storage.store import Store
from tests.archive.world import World
from tests.storage.finding import Find, find, world

__all__ = ["find", "world"]


def asked(store: Store, query: str, **more: object) -> Results:
    """Bring the index up to date and search."""
    with open_indexer(store) as indexer:
        indexer.catch_up()
    return SearchIndex(store.place.index).search(Search(query=query, **more))  # type: ignore[arg-type]


@pytest.fixture
def two(world: World) -> tuple[str, str]:
    """A linked story of a grouped provider's home, and an unlinked one of another paper."""
    provider = world.provider("Larkspur Care Limited", group_name="Meadow Group")
    setting = world.setting("SC990011", provider=provider)
    inspection = world.inspection(setting, dt.date(2024, 3, 5))
    one = world.article("A quiet lane.", outlet="Bolton Beacon")
    world.link(one, inspection_id=inspection, setting_id=setting, provider_id=provider, confirmed=True)
    return one, world.article("A loud road.", outlet="Wigan Wire")


@pytest.mark.parametrize(
    "query",
    [
        "provider:larkspur",
        "provider:lark*",
        'group:"meadow group"',
        "group: Meadow",
        "place:bolton",
        'region:"north west"',
        "urn:SC990011",
        "outlet:beacon",
        "judgement:inadequate",
        "regulator:OFSTED",
        "linked:yes",
        "linked:confirmed",
        "-linked:no",
        "outlet:(beacon OR chronicle)",
        "-outlet:(wire OR chronicle)",
    ],
)
def test_every_field_finds_the_linked_story(two: tuple[str, str], find: Find, query: str) -> None:
    assert find(f"{query} kind:article") == [two[0]]


def test_a_story_is_found_by_its_number(world: World, store: Store, find: Find) -> None:
    first, second = world.article("One."), world.article("Two.")
    story = world.story([first])
    assert find(f"story:{story}") == [first]
    assert find("", filters={"story": (story,)}) == [first]
    assert second not in find(f"story:{story}")


def test_brackets_group(world: World, find: Find) -> None:
    red, blue, both = world.article("red kite"), world.article("blue car"), world.article("red blue kite car")
    assert set(find("(red kite) OR (blue car)")) == {red, blue, both}
    assert set(find("red OR blue car")) == {blue, both}, "OR joins its two neighbours alone"
    assert set(find("(kite OR car) -(red blue)")) == {red, blue}
    assert set(find("(red OR (blue (car)))")) == {red, blue, both}
    assert set(find("car OR -red")) == {blue, both}


@pytest.mark.parametrize(
    "query", ["(red", "red)", "((red)", "() red", "red OR", "OR red", "AND red", "-( red", "red (OR)"]
)
def test_signs_that_say_nothing_are_left_out(world: World, find: Find, query: str) -> None:
    red = world.article("red")
    world.article("blue")
    assert find(query) == [red]


def test_brackets_too_deep_are_told() -> None:
    read = parse("(" * 400 + "red" + ")" * 400)
    assert [part.text for part in read.parts] == ["red"]
    assert any(str(DEEPEST_GROUP) in note for note in read.notes)


def test_signs_within_text_are_text() -> None:
    assert parse("alert(1)").tree.of == (Part("alert(1)"),)
    assert parse("x-ray -1 --y").parts == (Part("x-ray"), Part("1"), Part("y"))
    assert parse("a -b (c OR d)").tree.of == (Part("a"), Without(Part("b")), Either((Part("c"), Part("d"))))


@pytest.mark.parametrize(
    "text",
    [
        'say "no -never" (twice) OR else',
        "kite:blue -red",
        "a) OR (b",
        "key:*",
        "(((x",
        "outlet:none such thing",
        "rust -beams",
    ],
)
def test_a_text_with_signs_is_found_by_itself(world: World, store: Store, text: str) -> None:
    article = world.article(f"Somebody wrote: {text}. And went on.", title=None)
    world.article("Nothing of the kind.")
    assert article in [hit.id for hit in asked(store, text).hits]


def test_what_was_searched_for_instead_is_told(world: World, store: Store) -> None:
    article = world.article("The sign: outlet closed today.")
    results = asked(store, "outlet:closed today")
    assert [hit.id for hit in results.hits] == [article]
    assert any("as they stand" in note for note in results.notes)


@pytest.mark.parametrize("query", ["after:soon x", "linked:perhaps", "kind:film"])
def test_a_fault_says_how_the_text_can_be_searched_for(world: World, store: Store, query: str) -> None:
    article = world.article(f"They wrote {query.split(maxsplit=1)[0]} on the wall.")
    with pytest.raises(QueryFault) as fault:
        asked(store, query)
    assert [hit.id for hit in asked(store, fault.value.instead or "").hits] == [article]


def test_a_beginning_of_too_many_words_takes_the_most_frequent(world: World, store: Store) -> None:
    words = " ".join(f"pre{chr(97 + one // 26)}{chr(97 + one % 26)}" for one in range(300))
    world.article(words)
    often = world.article("prezz")
    for _ in range(3):
        world.article("prezz again")
    results = asked(store, "pre*", size=100)
    assert often in [hit.id for hit in results.hits]
    assert any("most frequent" in note for note in results.notes)


def test_ten_thousand_signs_are_answered(world: World, store: Store) -> None:
    world.article("quiet")
    for query in (
        "(" * 1000,
        '"' * 999,
        "-" * 1000,
        "a OR " * 200,
        "x* " * 300,
        "abc* OR " * 120,
        "((a) " * 200,
    ):
        with contextlib.suppress(QueryFault):  # explained, which the tests above look at
            asked(store, query)
