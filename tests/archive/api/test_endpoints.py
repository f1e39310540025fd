"""Every endpoint over a lived-in archive: its answer fits its declaration, for the roles it is for alone."""

import jsonschema
import pytest
import sqlalchemy as sa

from archive.api.docs import described
from archive.api.endpoint import Endpoint
from archive.api.endpoints import ENDPOINTS
from archive.api.problems import KINDS
from archive.api.search import SearchQuery
from archive.api.shapes import Paging
from storage import people
from storage.assertions import follow
from storage.schema.assertions import assertions as log
from storage.search.building import FILTERS
from tests.archive.api.conftest import GETS, Lived, restricted_ids
from tests.archive.world import NOW

named = {"argnames": "endpoint", "argvalues": GETS, "ids": [one.name for one in GETS]}


FOLLOWED = ("changes.changes", "assertions.assertions")
"""They go on for ever, and tell of what is gone."""


def fits(value: object, schema: dict[str, object]) -> None:
    """Hold a value against a schema of the description."""
    whole = {**schema, "components": described()["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(value)


def answer_of(endpoint: Endpoint) -> dict[str, object]:
    """What the description says of the endpoint's answer."""
    operation = described()["paths"][endpoint.path.replace(":path}", "}")][endpoint.method.lower()]
    held: dict[str, object] = next(iter(operation["responses"]["200"]["content"].values()))
    return held


@pytest.mark.parametrize(**named)
def test_an_answer_is_what_is_declared(lived: Lived, endpoint: Endpoint) -> None:
    with lived.client("operator") as client:
        got = client.get(lived.address(endpoint))
        assert got.status_code == 200, got.text
        fits(got.json(), answer_of(endpoint)["schema"])  # type: ignore[arg-type]
        again = client.get(lived.address(endpoint), headers={"If-None-Match": got.headers["etag"]})
        assert endpoint.name == "sources.health" or (again.status_code, again.content) == (304, b"")
        head = client.head(lived.address(endpoint))
        assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=[one.name for one in ENDPOINTS])
def test_an_example_fits_its_schema(endpoint: Endpoint) -> None:
    held = answer_of(endpoint)
    fits(held["example"], held["schema"])  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [None, *people.ROLES])
def test_roles_are_held(lived: Lived, role: people.Role | None) -> None:
    wrong = {}
    with lived.client(role) as client:
        for endpoint in GETS:
            reaches = role is not None and (
                endpoint.needs == "anyone" or people.ROLES.index(role) >= people.ROLES.index(endpoint.needs)
            )
            meant = 200 if reaches or endpoint.needs == "anyone" else 403 if role else 401
            got = client.get(lived.address(endpoint))
            if got.status_code != meant:
                wrong[endpoint.name] = got.status_code
    assert wrong == {}


def test_lists_are_read_to_their_end_one_by_one(lived: Lived) -> None:
    with lived.client("operator") as client:
        for endpoint in GETS:
            if not issubclass(endpoint.takes, Paging) or endpoint.name in (*FOLLOWED, "leads.lead"):
                continue
            whole = client.get(lived.address(endpoint)).json()["items"]
            found, path = [], f"{lived.address(endpoint)}?limit=1"
            while path:
                got = client.get(path)
                assert (f'<{got.json()["next"]}>; rel="next"' == got.headers.get("link")) or not got.json()[
                    "next"
                ]
                found += got.json()["items"]
                path = got.json()["next"]
            assert found == whole, endpoint.name


def test_changes_are_followed(lived: Lived) -> None:
    held = restricted_ids(lived)
    with lived.client() as client:
        path, told = "/api/v1/changes?limit=7", []
        while items := (got := client.get(path).json())["items"]:
            told += items
            path = got["next"]
        assert client.get(path).json() == {"items": [], "next": path}
    assert {one["what"] for one in told} >= {"article", "link", "setting", "provider", "inspection", "report"}
    assert {one["change"] for one in told if one["id"] in held} == {"gone"}


def test_what_is_asserted_is_followed_and_its_end_told_alone(lived: Lived) -> None:
    (sealed,) = restricted_ids(lived)
    with lived.served.store.writing() as connection:
        follow(connection, [sealed, lived.ids["articles"]], NOW)
        row = {"article_id": sealed, "mention": 0, "event": "asserted", "level": "setting", "at": NOW}
        connection.execute(sa.insert(log).values(**row, setting_id=lived.ids["settings"]))
    with lived.client() as client:
        path, told = "/api/v1/assertions?limit=1", []
        while items := (got := client.get(path).json())["items"]:
            told += items
            path = got["next"]
    (held,) = [one for one in told if one["article_id"] == sealed]
    assert held["event"] == "gone"
    assert {name for name, value in held.items() if value is not None} == {
        "event",
        "at",
        "article_id",
        "mention",
    }
    (stands,) = [one for one in told if one["article_id"] == lived.ids["articles"]]
    assert (stands["event"], stands["link_id"]) == ("asserted", lived.ids["links"])


def test_what_is_held_back_is_nowhere(lived: Lived) -> None:
    (sealed,) = restricted_ids(lived)
    with lived.client("operator") as client:
        for endpoint in GETS:
            if endpoint.name not in FOLLOWED:
                assert sealed not in client.get(lived.address(endpoint)).text, endpoint.name
        for path in ("", "/versions", "/versions/1", "/clues", "/links"):
            got, never = (client.get(f"/api/v1/articles/{id_}{path}") for id_ in (sealed, "article-never"))
            assert got.status_code == 404
            assert got.text.replace(sealed, "article-never") == never.text


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/v1/articles?cursor=x", {}, 422),
        ("/api/v1/articles?cursor=WyJsaW5rcyIsImEiXQ", {}, 422),
        ("/api/v1/articles?limit=0", {}, 422),
        ("/api/v1/articles?outlets=Bolton+Beacon", {}, 422),
        ("/api/v1/articles?outlet=%00", {}, 422),
        ("/api/v1/articles/%00", {}, 404),
        ("/api/v1/articles/x/versions/0", {}, 404),
        ("/api/v1/providers/x?as_of=1700000000", {}, 422),
        ("/api/v1/leads/uncovered?severity=mild", {}, 422),
        ("/api/v1/leads/none", {}, 404),
        ("/api/v1/judgements", {}, 403),
        ("/api/v1/me", {"Authorization": "Bearer nonsense"}, 401),
        ("/api/v1/me", {"Accept": "text/html"}, 406),
        ("/api/v1/me", {"Accept": "application/json;q=0"}, 406),
    ],
)
def test_faults_are_problems_of_a_kind_that_is_documented(
    lived: Lived, path: str, headers: dict[str, str], status: int
) -> None:
    with lived.client() as client:
        got = client.get(path, headers=headers)
        assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json")
        page, _, anchor = got.json()["type"].partition("#")
        assert f'id="{anchor}"' in client.get(page).text
        assert anchor == KINDS[status].name


def test_a_method_that_is_not_taken_is_named(lived: Lived) -> None:
    with lived.client() as client:
        got = client.delete("/api/v1/articles")
    assert (got.status_code, got.headers["allow"]) == (405, "GET, HEAD")


def test_the_search_narrows_by_all_that_the_index_can() -> None:
    assert set(SearchQuery.model_fields) == {"q", "sort", "page", "size", *FILTERS}


def test_the_page_tells_of_every_operation(lived: Lived) -> None:
    with lived.client(None) as client:
        page = client.get("/api/docs").text
        assert client.get("/api/v1/openapi.json").json() == described()
    for path in described()["paths"]:
        assert path in page
