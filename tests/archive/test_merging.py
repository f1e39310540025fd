"""Providers and stories merged and parted in the web: offered, seen first, done on the record, undone."""

import httpx
import pytest

from archive.reading.merging import offered
from storage import audit, providers, stories
from storage.providers import Seen
from storage.store import Store
from tests.archive.conftest import Served
from tests.archive.test_following import post
from tests.archive.world import NOW


@pytest.fixture
def operator(served: Served):  # type: ignore[no-untyped-def]
    with served.client("operator") as client:
        yield client


def known(store: Store, *names: str) -> list[str]:
    """Providers by their spellings, as a register gives them."""
    with store.writing() as connection:
        seen = [Seen(name=name, first=None, last=None) for name in names]
        ids = providers.identify(connection, seen, origin="register", at=NOW).ids
    return [ids[name] for name in names]


def actions(store: Store) -> list[str]:
    with store.reading() as connection:
        return [row.action for row in reversed(audit.entries(connection))]


def test_near_names_are_offered_and_parted_ones_are_not(served: Served) -> None:
    one, other, _ = known(served.store, "Larkspur Homes North", "Larkspur Homes Norths", "Meadow Care")
    with served.store.reading() as connection:
        pairs = [] if one == other else [{pair.one.id, pair.other.id} for pair in offered(connection)]
    assert one == other or pairs == [{one, other}]


def test_one_company_number_is_offered(served: Served) -> None:
    served.world.provider("Larkspur Care Limited", company_number="01234567")
    served.world.provider("Quite Another Name", company_number="01234567")
    served.world.provider("Larkspur Care Limitec", company_number="07654321")
    with served.store.reading() as connection:
        (pair,) = offered(connection)
    assert {pair.one.name, pair.other.name} == {"Larkspur Care Limited", "Quite Another Name"}
    assert "01234567" in pair.why


def test_providers_are_merged_after_a_look_and_parted_again(served: Served, operator: httpx.Client) -> None:
    one, other = known(served.store, "Larkspur Care Limited", "Thistle & Down Homes")
    preview = operator.get(f"/operator/merging/providers?kept={one}&other={other}").text
    assert "Thistle &amp; Down Homes" in preview
    assert "1 spelling, 0 settings" in preview
    by_name = {"kept": "Larkspur Care Limited", "other": "Thistle & Down Homes"}
    assert operator.get("/operator/merging/providers", params=by_name).text == preview
    unknown = operator.get("/operator/merging/providers", params={"kept": "Larkspur Car Limited"})
    assert (unknown.status_code, "did you mean Larkspur Care Limited?" in unknown.text) == (404, True)
    assert post(operator, "/operator/merging", do="merge providers", kept=one, other=other).status_code == 303
    assert "Thistle &amp; Down Homes" in operator.get(f"/operator/merging/providers?kept={one}").text
    assert operator.get(f"/operator/merging/providers?kept={other}").status_code == 404
    assert post(operator, "/operator/merging", do="undo provider", decision="1").status_code == 303
    assert operator.get(f"/operator/merging/providers?kept={other}").status_code == 200
    again = post(operator, "/operator/merging", do="undo provider", decision="1")
    assert (again.status_code, "undone before" in again.text) == (422, True)
    assert actions(served.store) == ["merged", "undone"]


def test_a_spelling_is_parted_from_a_provider(served: Served, operator: httpx.Client) -> None:
    one, other = known(served.store, "Larkspur Care Limited", "Thistle Homes")
    post(operator, "/operator/merging", do="merge providers", kept=one, other=other)
    sent = {"do": "part provider", "kept": one, "spelling-2": "Thistle Homes", "reason": "two firms"}
    assert post(operator, "/operator/merging", **sent).status_code == 303
    page = operator.get("/operator/merging").text
    assert "two firms" in page
    everything = {"do": "part provider", "kept": one, "spelling-1": "Larkspur Care Limited"}
    assert post(operator, "/operator/merging", **everything).status_code == 422


def test_stories_are_merged_parted_and_that_undone(served: Served, operator: httpx.Client) -> None:
    one = served.world.article(title="Home <b>told</b>")
    other = served.world.article(title="The same, elsewhere", outlet="Wigan Wire")
    preview = operator.get(f"/operator/merging/stories?article={one}&with={other}").text
    assert "Home &lt;b&gt;told&lt;/b&gt;" in preview
    assert (
        post(operator, "/operator/merging", do="merge stories", article=one, **{"with": other}).status_code
        == 303
    )
    with served.store.reading() as connection:
        assert stories.copies(connection, [one])[one] == sorted([one, other])
    assert 'name="article-2"' in operator.get(f"/operator/merging/stories?article={one}").text
    parted = {"do": "part story", "article-2": other}
    assert post(operator, "/operator/merging", **parted).status_code == 303
    with served.store.reading() as connection:
        assert stories.copies(connection, [one])[one] == [one]
    assert post(operator, "/operator/merging", do="undo story", decision="2").status_code == 303
    with served.store.reading() as connection:
        assert stories.copies(connection, [one])[one] == sorted([one, other])
    assert actions(served.store) == ["merged", "parted", "undone"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "burn"}, 422),
        ({"do": "merge providers", "kept": "x", "other": "y"}, 422),
        ({"do": "part story"}, 422),
        ({"do": "undo story", "decision": "x"}, 422),
        ({"do": "undo provider", "decision": "99"}, 422),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    served: Served, operator: httpx.Client, form: dict[str, str], status: int
) -> None:
    assert post(operator, "/operator/merging", **form).status_code == status
    assert actions(served.store) == []
