"""The page on which an operator answers a person who asks: nothing of the name in an address or the log."""

import io
import zipfile
from collections.abc import Callable, Iterator

import httpx
import pytest

from storage import audit, orders
from tests.archive.conftest import Served, form_token
from tests.archive.world import NOW

NAME = "Marlowe Quillfeather"
OURS = {"Sec-Fetch-Site": "same-origin"}
Post = Callable[[dict[str, str]], httpx.Response]


@pytest.fixture
def post(served: Served) -> Iterator[Post]:
    with served.client("operator") as client:
        token = form_token(client.get("/operator/subjects").text)
        yield lambda form: client.post("/operator/subjects", data=form | {"token": token}, headers=OURS)


def test_a_name_is_found_and_goes_while_what_is_kept_stays(served: Served, post: Post) -> None:
    gone, kept = (served.world.article(f"{NAME}, who manages it, spoke. {n}") for n in range(2))
    served.index()
    page = post({"do": "find", "name": NAME}).text
    assert "2 items with the name" in page
    assert f"{NAME}, who manages it" in page
    form = {"do": "erase", "name": NAME, "reason": "asked", "keep": kept}
    refused = post(form)
    assert (refused.status_code, "cannot be undone" in refused.text) == (422, True)
    assert post(form | {"sure": "yes"}).status_code == 303
    served.index()
    with served.client("reader") as client:
        assert NAME not in client.get(f"/articles/{gone}").text
        assert NAME in client.get(f"/articles/{kept}").text
        assert client.get("/search?q=quillfeather").text.count("/articles/") == 1
    after = post({"do": "find", "name": NAME}).text
    assert "1 item with the name" in after
    assert "1 changed, 1 kept" in after


def test_the_log_tells_each_request_and_never_the_name(served: Served, post: Post) -> None:
    served.world.article(f"{NAME} spoke.")
    post({"do": "find", "name": NAME})
    assert post({"do": "erase", "name": NAME, "reason": f"{NAME} asked", "sure": "yes"}).status_code == 422
    assert post({"do": "erase", "name": NAME, "reason": "asked", "sure": "yes"}).status_code == 303
    with served.store.reading() as connection:
        log = audit.entries(connection)
        assert all(verdict.sound for verdict in audit.verify(connection).values())
    assert [entry.action for entry in log] == ["person erased", "person sought"]
    assert "uillfeather" not in str(log)


def test_the_words_of_what_an_order_holds_back_are_not_shown_here(served: Served, post: Post) -> None:
    article = served.world.article(f"{NAME} was seen at the gate.")
    with served.store.writing() as connection:
        orders.restrict(connection, "article", article, reason="section 39", who="Ada Moss", at=NOW)
    page = post({"do": "find", "name": NAME}).text
    assert "1 item with the name" in page
    assert "seen at the gate" not in page


def test_a_page_whose_bytes_were_erased_says_so(served: Served, post: Post) -> None:
    article = served.world.article(f"{NAME} spoke.")
    form = {"do": "erase", "name": NAME, "reason": "asked", "seal": "yes", "sure": "yes"}
    assert post(form).status_code == 303
    with served.client("reviewer") as client:
        page = client.get(f"/articles/{article}")
        form = {"token": form_token(page.text)}
        pack = client.post(f"/articles/{article}/pack.zip", data=form, headers=OURS)
    assert (page.status_code, "erased on request" in page.text) == (200, True)
    with zipfile.ZipFile(io.BytesIO(pack.content)) as files:
        assert b"bytes are not held any more" in files.read(f"evidence-{article}/README.txt")


@pytest.mark.parametrize("form", [{"name": "Marlowe"}, {"name": ""}, {"name": NAME, "also": "Q"}])
def test_less_than_a_whole_name_is_one_line(post: Post, form: dict[str, str]) -> None:
    answer = post({"do": "find"} | form)
    assert (answer.status_code, "give a whole name" in answer.text) == (422, True)
