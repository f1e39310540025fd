"""Place names by the part they play, and words that only look like places."""

import pytest

from linker.clues.patch import area_of
from linker.clues.places import find
from linker.gazetteer import Gazetteer, Known
from tests.linker.factories import a_gazetteer, an_article

CASES = [
    ("A children's home in Bolton has failed.", [("Bolton", "home")]),
    ("A Bolton children's home has failed.", [("Bolton", "home")]),
    ("A home in the Leek area was visited.", [("Leek", "home")]),
    ("The home is near King's Lynn.", [("King's Lynn", "home")]),
    ("Bolton Council said it had visited.", [("Bolton", "council")]),
    ("The Teesside-based company apologised.", [("Teesside", "elsewhere")]),
    ("She moved from Kent years ago.", [("Kent", "elsewhere")]),
    ("Traffic was slow on Bolton Road.", []),
    ("The story was in the Bolton News.", []),
    ("Denise Bolton was shocked.", []),
    ("Reading reports is hard.", []),
    ("Inspectors came in March.", []),
    ("A home in the North West was praised.", [("north west", "home")]),
]


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text for text, _ in CASES])
def test_places(text: str, wanted: list[tuple[str, str]]) -> None:
    filler = "The report was long. It had many pages. They were read. Nobody spoke. "
    found = find(an_article(filler + text), a_gazetteer())
    assert [
        (one.value.place.name.lower().replace("north-west", "north west"), one.value.role) for one in found
    ] == [(name.lower(), role) for name, role in wanted]


def test_names_inside_an_organisation_are_no_places() -> None:
    article = an_article("Bolton Vale Care runs it.")
    start = article.body_starts
    assert find(article, a_gazetteer(), [(start, start + len("Bolton Vale Care"))]) == []


@pytest.mark.parametrize(
    ("name", "authorities"),
    [
        ("Dewsbury", {"Kirklees"}),
        ("Hull", {"Kingston upon Hull"}),
        ("Grimsby", {"North East Lincolnshire"}),
        ("Cumbria", {"Cumbria", "Cumberland", "Westmorland and Furness"}),
        ("Stevenage", {"Hertfordshire"}),
    ],
)
def test_what_lies_in_what(name: str, authorities: set[str]) -> None:
    place = a_gazetteer().named(name)
    assert place is not None
    assert {one for one, weight in place.authorities.items() if weight >= 1} == authorities


def test_an_authority_that_only_the_register_knows_is_a_place_of_its_region() -> None:
    new = Known(name="Rackendale", kind="authority", authority="Rackendale", region="North West")
    gazetteer = Gazetteer([new])
    found = find(an_article("Rackendale Council said so. The home is in Rackendale."), gazetteer)
    assert {(one.value.place.name, one.value.role) for one in found} == {
        ("Rackendale", "council"),
        ("Rackendale", "home"),
    }
    known = {name: gazetteer.named(name) for name in ("Rackendale", "the North West", "north west", "Kent")}
    assert [name for name, place in known.items() if place and "Rackendale" in place.authorities] == [
        "Rackendale",
        "north west",
    ]


def test_a_foreign_authority_takes_no_english_towns_name() -> None:
    welsh = Known(name="Newport", kind="authority", authority="Newport", region="Wales")
    place = Gazetteer([welsh]).named("Newport")
    assert place is not None
    assert place == a_gazetteer().named("Newport")
    assert place.kind == "town"


@pytest.mark.parametrize(
    ("outlet", "area"),
    [("Bolton Evening Echo", "Bolton"), ("thewalsallvoice.example", "Walsall"), ("The National Paper", None)],
)
def test_the_area_of_a_paper(outlet: str, area: str | None) -> None:
    place = area_of(outlet, a_gazetteer())
    assert (place and place.name) == area
