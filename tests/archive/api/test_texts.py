"""A text linked on the spot, for programs and on a page; nothing of it is kept."""

import datetime as dt
from collections.abc import Iterator

import pytest

from linker import run
from storage.search.indexer import open_indexer
from tests.archive.conftest import Served, form_token, serving
from tests.archive.test_attacks import dump
from tests.engines import Fresh, opened
from tests.linker.stored_world import a_home, a_register, told

HOME = a_home(7)
TEXT = told(HOME)
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def asked(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An archive with a register of sixty homes, and no article."""
    with opened(fresh, tmp_path_factory.mktemp("asked")) as store:
        a_register(store)
        with open_indexer(store):
            pass
        with serving(store) as served:
            yield served


def test_a_program_is_told_the_record_and_why(asked: Served) -> None:
    with asked.client(None) as client:
        headers, before = asked.token("reader"), dump(asked.store)
        sent = {"text": TEXT, "title": "Home rated good", "published": "2023-05"}
        got = client.post("/api/v1/link", json=sent, headers=headers)
        assert got.status_code == 200, got.text
        assert dump(asked.store) == before, "nothing is kept"
    (mention,) = got.json()["mentions"]
    decision = mention["decision"]
    assert (decision["status"], decision["urn"]) == ("linked", HOME["URN"])
    assert decision["setting_id"]
    for clue in [*mention["evidence"], *mention["clues"]]:
        if clue["start"] is not None:
            assert sent[clue["field"]][clue["start"] : clue["end"]] == clue["text"]
    best = mention["waterfalls"][0]
    assert best["urn"] == HOME["URN"]
    assert best["prior"] + sum(step["weight"] for step in best["steps"]) == pytest.approx(
        best["total"], abs=0.1
    )
    (linked,) = run.link_text(asked.store, TEXT, today=dt.date(2023, 6, 1), published="2023-05").why
    assert {one["urn"] for one in linked["candidates"]} == {one["urn"] for one in mention["waterfalls"]}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {}}, 422),
        ({"json": {"text": "   "}}, 422),
        ({"json": {"text": "x" * 100_001}}, 422),
        ({"json": {"text": "x", "published": "soon"}}, 422),
        ({"json": {"text": "x", "published": "2023-02-31"}}, 422),
        ({"json": {"text": "x", "store": True}}, 422),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"\xff", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": b"[" * 100_000, "headers": {"Content-Type": "application/json"}}, 422),
        ({"data": {"text": "x"}}, 415),
        ({"json": {"text": "x" * 2_000_000}}, 413),
    ],
)
def test_what_cannot_be_linked_is_refused(asked: Served, sent: dict[str, object], status: int) -> None:
    with asked.client(None) as client:
        headers = {**asked.token("reader"), **sent.pop("headers", {})}  # type: ignore[dict-item]
        got = client.post("/api/v1/link", headers=headers, **sent)  # type: ignore[arg-type]
    assert (got.status_code, got.headers["content-type"]) == (status, "application/problem+json")


def test_a_person_sees_what_an_articles_page_shows(asked: Served) -> None:
    with asked.client("reader") as client:
        token = form_token(client.get("/link").text)
        form = {"token": token, "title": "Home <b>good</b>", "published": "2023-05", "text": TEXT}
        page = client.post("/link", data=form, headers=OURS)
        assert page.status_code == 200
        assert HOME["URN"] in page.text
        assert 'class="clue clue-who' in page.text
        assert "Home &lt;b&gt;good" in page.text
        assert "certain of" in page.text
        for wrong in ({"text": " "}, {"published": "soon"}, {"text": "x" * 100_001}):
            assert client.post("/link", data=form | wrong, headers=OURS).status_code == 422
        assert client.post("/link", data=form | {"text": "Nothing."}, headers=OURS).status_code == 200
