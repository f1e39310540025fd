"""The reconciliation service as OpenRefine asks it; what the specification demands, as rules."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.archive.api.conftest import Lived
from tests.archive.api.reconciled_rules import EXTENSION, MANIFEST, PROPOSED, RESULTS, SUGGESTED, fits


class Refine(httpx.Client):
    """A program that can send no header: its token is in the address, to which paths are appended."""

    def request(self, method: str, url: Any, **how: Any) -> httpx.Response:
        return super().request(method, url if "://" in url else f"{self.root}{url}", **how)

    root = ""


@pytest.fixture
def refine(lived: Lived) -> Iterator[httpx.Client]:
    with Refine(trust_env=False, timeout=60) as client:
        client.root = f"{lived.served.url}/api/v1/reconcile/by/{lived.tokens['reader']}"
        yield client


def asked(client: httpx.Client, **queries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The candidates of each query, by form and by address alike, and fit for the specification."""
    sent = {"queries": json.dumps(queries)}
    got, same = client.post("", data=sent), client.get("", params=sent)
    assert got.status_code == 200, got.text
    assert got.json() == same.json()
    assert got.json().keys() == queries.keys()
    for result in fits(got.json(), RESULTS).values():
        scores = [one["score"] for one in result["result"]]
        assert scores == sorted(scores, reverse=True)
        assert sum(one["match"] for one in result["result"]) <= 1
    return {key: result["result"] for key, result in got.json().items()}


def test_the_manifest_says_what_there_is_and_all_of_it_answers(lived: Lived, refine: httpx.Client) -> None:
    got = refine.get("")
    told = got.json()
    assert got.headers["access-control-allow-origin"] == "*"
    fits(told, MANIFEST)
    for what, service in told["suggest"].items():
        for prefix in ("", "re", "provider", "l"):
            found = refine.get(service["service_url"] + service["service_path"], params={"prefix": prefix})
            assert found.headers["access-control-allow-origin"] == "*"
            fits(found.json(), SUGGESTED)
        assert found.json()["result"] or what == "type", "something begins with l"
    service = told["extend"]["propose_properties"]
    for kind in ("", "setting", "provider", "other"):
        given = {"type": kind, "limit": 3}
        proposed = refine.get(service["service_url"] + service["service_path"], params=given).json()
        assert len(fits(proposed, PROPOSED)["properties"]) == 3
    setting = lived.ids["settings"]
    shown = refine.get(told["preview"]["url"].replace("{{id}}", setting))
    assert "SC990011" in shown.text
    assert "x-frame-options" not in shown.headers
    with lived.served.client("reader") as person:
        led = person.get(told["view"]["url"].replace("{{id}}", setting))
    assert (led.status_code, led.headers["location"]) == (303, f"/settings/{setting}")


def test_names_are_scored_by_the_linkers_index(refine: httpx.Client) -> None:
    found = asked(
        refine,
        same={"query": "Meadowsweet Homes Ltd", "type": "provider"},
        misspelt={"query": "Medowsweet Homes"},
        twice={"query": "Larkspur Care", "type": ["provider"], "limit": 1},
        number={"query": "00000006"},
        nothing={"query": "Zzyzx"},
        empty={"query": ""},
    )
    assert (found["same"][0]["name"], found["same"][0]["match"]) == ("Meadowsweet Homes Limited", True)
    assert (found["misspelt"][0]["name"], found["misspelt"][0]["match"]) == (
        "Meadowsweet Homes Limited",
        False,
    )
    assert len(found["twice"]) == 1
    assert [one["name"] for one in found["number"]] == ["Sorrel House Limited"]
    assert found["nothing"] == found["empty"] == []


def test_a_withheld_setting_answers_to_its_urn_alone(refine: httpx.Client) -> None:
    found = asked(
        refine,
        name={"query": "Canary Lodge"},
        title={"query": "Children's home in Bolton"},
        urn={"query": "sc78", "type": "setting"},
        property={"properties": [{"pid": "urn", "v": "SC78"}]},
        named={"query": "Kestrel Fostering", "type": "setting"},
        other={"query": "SC78", "type": "provider"},
        elsewhere={"query": "SC78", "properties": [{"pid": "local_authority", "v": ["Bury", "Leeds"]}]},
    )
    for key in ("name", "title", "other", "elsewhere"):
        assert [one for one in found[key] if one["type"][0]["id"] == "setting"] == []
    for key in ("urn", "property"):
        (one,) = found[key]
        assert (one["name"], one["description"], one["match"]) == (
            "Children's home in Bolton",
            "ofsted SC78",
            True,
        )
    assert found["named"][0]["match"]
    for prefix in ("canary", "Canary Lodge", "SC7"):
        assert refine.get("/suggest/entity", params={"prefix": prefix}).json() == {"result": []}
    whole = refine.get("/suggest/entity", params={"prefix": "SC78"}).json()
    fits(whole, SUGGESTED)
    assert [one["notable"][0]["id"] for one in whole["result"]] == ["setting"]
    assert "Canary" not in str(found) + str(whole) + refine.get(f"/preview?id={found['urn'][0]['id']}").text


def test_facts_are_added_to_a_table(lived: Lived, refine: httpx.Client) -> None:
    (home,) = asked(refine, q={"query": "SC78"})["q"]
    names = ("urn", "name", "registered", "places", "provider", "judgement")
    sent = {
        "ids": [home["id"], lived.ids["settings"], "nobody"],
        "properties": [{"id": one} for one in names],
    }
    got = refine.post("", data={"extend": json.dumps(sent)}).json()
    fits(got, EXTENSION)
    assert [one["id"] for one in got["meta"]] == list(names)
    assert got["rows"].keys() == set(sent["ids"])
    for row in got["rows"].values():
        assert row.keys() == set(names)
    row = got["rows"][home["id"]]
    assert (row["urn"], row["name"]) == ([{"str": "SC78"}], [])
    assert row["provider"][0]["name"] == "Larkspur Cares Limited"
    assert row["registered"] == [{"date": "2019-05-02T00:00:00"}]
    assert got["rows"][lived.ids["settings"]]["judgement"] == [{"str": "Inadequate"}]
    assert got["rows"]["nobody"] == {name: [] for name in names}


@pytest.mark.parametrize(
    "sent",
    [
        {"queries": "{"},
        {"queries": "[]"},
        {"queries": '{"q": {}}'},
        {"queries": '{"q": {"query": "x", "limit": 0}}'},
        {"queries": '{"q": {"query": "x", "colour": "red"}}'},
        {"queries": json.dumps({str(number): {"query": "x"} for number in range(101)})},
        {"extend": '{"ids": ["x"], "properties": [{"id": "postcode"}]}'},
        {"extend": '{"ids": "x", "properties": []}'},
        {},
    ],
)
def test_what_is_no_question_is_refused(refine: httpx.Client, sent: dict[str, str]) -> None:
    got = refine.post("", data=sent or {"x": "y"})
    assert (got.status_code, got.headers["content-type"]) == (422, "application/problem+json")


def test_a_token_in_the_address_is_a_token(lived: Lived) -> None:
    with httpx.Client(base_url=lived.served.url, trust_env=False) as client:
        assert client.get("/api/v1/reconcile").status_code == 401
        assert client.get("/api/v1/reconcile/by/nonsense").status_code == 401
        assert client.get(f"/api/v1/reconcile/by/{lived.tokens['reader']}").status_code == 200
        other = {"Authorization": "Bearer nonsense"}
        assert client.get(f"/api/v1/reconcile/by/{lived.tokens['reader']}", headers=other).status_code == 401
        assert client.get(f"/api/v1/settings/{lived.tokens['reader']}").status_code == 401, "nowhere else"
    with lived.client() as client:
        assert client.get("/api/v1/reconcile").json()["preview"]["url"].startswith(lived.served.url)
