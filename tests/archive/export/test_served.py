"""Exports over HTTP: for readers, for anybody once that is open, one at a time, and never for a slow client's sake."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator

import pytest
from starlette.responses import Response
from starlette.types import Message

from archive.errors import TooMuchAtOnce
from archive.export.tables import TABLES
from archive.public import Opening
from archive.spooled import Spools
from storage.store import Store
from tests.archive.conftest import Served, serving
from tests.archive.evidenced import evidenced


@pytest.fixture
def opened(store: Store) -> Iterator[Served]:
    with serving(store, opening=Opening(open=True, machine_links=True)) as served:
        yield served


def test_readers_take_every_table_and_go_on_from_its_cursor(served: Served) -> None:
    made = evidenced(served.world)
    with served.client("reader") as reader:
        page = reader.get("/exports").text
        for what in TABLES:
            assert f'href="/exports/{what}.parquet"' in page
            got = reader.get(f"/exports/{what}.jsonl")
            assert got.status_code == 200, got.text
        got = reader.get("/exports/links.jsonl")
        assert {json.loads(line)["article_id"] for line in got.text.splitlines()} == {made.article, made.copy}
        assert got.headers["content-disposition"].startswith('attachment; filename="links-')
        cursor = got.headers["x-on-record-cursor"]
        assert cursor in page
        assert reader.get(f"/exports/links.jsonl?since={cursor}").text == ""
        assert reader.get("/exports/links.jsonl?since=x").status_code == 422
        for missing in ("nothing.csv", "links.xlsx", "links", "..%2flinks.csv"):
            assert reader.get(f"/exports/{missing}").status_code == 404


def test_texts_are_for_operators(served: Served) -> None:
    evidenced(served.world)
    with served.client("reviewer") as reviewer:
        assert reviewer.get("/exports/articles.jsonl?text=1").status_code == 403
        assert "text" not in json.loads(reviewer.get("/exports/articles.jsonl").text.splitlines()[0])
    with served.client("operator") as operator:
        lines = operator.get("/exports/articles.jsonl?text=1").text.splitlines()
        assert all("Larkspur Care" in json.loads(line)["text"] for line in lines)


def test_anybody_takes_what_is_public_once_that_is_open(opened: Served) -> None:
    made = evidenced(opened.world)
    with opened.client(None) as anybody:
        page = anybody.get("/public/exports")
        assert 'href="/public/exports/links.csv"' in page.text
        assert ">JSON Lines</a>" in page.text
        found = [json.loads(line) for line in anybody.get("/public/exports/links.jsonl").text.splitlines()]
        assert {row["article_id"] for row in found} == {made.article, made.copy}
        assert "not safe" not in str(found)
        for path in ("/public/exports/articles.csv", "/public/exports/judgements.csv"):
            assert anybody.get(path).status_code == 404
        assert anybody.get("/exports/links.csv", follow_redirects=False).status_code == 303


def test_nothing_is_public_before_it_is_opened(served: Served) -> None:
    evidenced(served.world)
    with served.client(None) as anybody:
        assert anybody.get("/public/exports").status_code == 404
        assert anybody.get("/public/exports/links.csv").status_code == 404


def test_one_at_a_time_a_person_until_the_client_is_gone(served: Served) -> None:
    world = served.world
    for _ in range(3):
        world.article("A text that no socket's buffer holds. " * 200_000)
    host, port = served.url.removeprefix("http://").split(":")
    with (
        served.client("operator") as operator,
        socket.create_connection((host, int(port)), timeout=60) as slow,
    ):
        cookie = f"onrecord-session={operator.cookies['onrecord-session']}"
        asked = f"GET /exports/articles.jsonl?text=1 HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n"
        slow.sendall(asked.encode())
        assert slow.recv(1_000).startswith(b"HTTP/1.1 200")
        again = operator.get("/exports/settings.csv")
        assert again.status_code == 429
        assert "one at a time" in again.text
        with served.client("reader") as other:
            assert other.get("/exports/settings.csv").status_code == 200
        with served.store.writing():
            pass  # no transaction waits for the slow one
        slow.close()
        for _ in range(200):
            if operator.get("/exports/settings.csv").status_code == 200:
                break
            threading.Event().wait(0.05)
        else:
            pytest.fail("the slot of a client that is gone was not given back")


def test_what_cannot_be_made_gives_its_place_back() -> None:
    spools = Spools()
    for _ in range(4):
        with pytest.raises(ZeroDivisionError):
            spools.answer("ada", lambda out: {"x": str(1 // len(out.read()))}, media_type="text/plain")
    first = spools.answer("ada", lambda out: {"X-Rows": str(out.write(b"1\n"))}, media_type="text/plain")
    with pytest.raises(TooMuchAtOnce):
        spools.answer("ada", lambda out: {}, media_type="text/plain")
    assert (first.headers["content-length"], first.headers["x-rows"]) == ("2", "2")
    assert sent(first) == b"1\n"
    assert sent(spools.answer("ada", lambda out: {}, media_type="text/plain")) == b""


def sent(answer: Response) -> bytes:
    """What a client gets of an answer."""
    parts = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        parts.append(message.get("body", b""))

    asyncio.run(answer({"type": "http", "method": "GET"}, receive, send))
    return b"".join(parts)
