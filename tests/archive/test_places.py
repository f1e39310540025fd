"""The menu: of every page, the one place that holds it."""

import pytest

from archive.places import MENU


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
