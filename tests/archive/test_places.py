"""The menu: of every page, the one place that holds it."""

import pytest

from archive.places import MENU, here


@pytest.mark.parametrize(
    ("path", "held_by"),
    [
        ("/articles/article-1/sheet", ["Stories"]),
        ("/inspections/inspection-1", ["Reports"]),
        ("/leads", ["Leads"]),
        ("/leads/quiet", ["Leads"]),
        ("/authorities/Bolton", ["Leads"]),
        ("/dashboard", ["Leads"]),
        ("/notes", ["Yours"]),
        ("/operator/orders/order-1", ["Operator"]),
        ("/search/values", []),
        ("/", []),
    ],
)
def test_a_page_is_held_by_one_place_at_the_most(path: str, held_by: list[str]) -> None:
    assert [place.title for place in MENU if place.holds(path)] == held_by


@pytest.mark.parametrize(
    ("kinds", "held_by"),
    [
        (["article"], ["Stories"]),
        (["report"], ["Reports"]),
        (["article", "report"], []),
        ([], []),
        (["x"], []),
    ],
)
def test_a_search_belongs_to_the_place_of_the_one_kind_it_is_confined_to(
    kinds: list[str], held_by: list[str]
) -> None:
    assert [place.title for place in MENU if place.holds(here("/search", kinds))] == held_by
