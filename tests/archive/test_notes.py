"""Notes to colleagues: on each kind of page, ended by their author or an operator, found again, never leaked."""

import datetime as dt

import httpx
import pytest
import sqlalchemy as sa

from storage import audit, notes
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.schema.press import articles
from storage.schema.work import notes as rows
from tests.archive.conftest import Served
from tests.archive.test_following import post
from tests.archive.world import World


def items(world: World) -> dict[str, str]:
    """One record of each kind that can be noted."""
    provider = world.provider()
    setting = world.setting(provider=provider)
    return {
        "provider": provider,
        "setting": setting,
        "inspection": world.inspection(setting),
        "article": world.article(),
    }


@pytest.mark.parametrize("what", notes.KINDS)
def test_a_note_stands_on_its_page_and_is_taken_off(served: Served, reader: httpx.Client, what: str) -> None:
    about = items(served.world)[what]
    text = "Ring the council <b>first</b>\r\nthen M1 2AB"
    left = post(reader, "/notes", what=what, about=about, text=text)
    assert (left.status_code, left.headers["location"]) == (303, f"/{what}s/{about}#notes")
    with served.client("reader") as colleague:
        page = colleague.get(f"/{what}s/{about}").text
        assert "Ring the council &lt;b&gt;first&lt;/b&gt;\nthen M1 2AB" in page
        assert 'action="/notes/end"' not in page, "it is another's"
    held = reader.get(f"/{what}s/{about}").text.split('action="/notes/end"')[1]
    note = held.split('name="id" value="')[1].split('"')[0]
    with served.client("reviewer") as other:
        assert post(other, "/notes/end", id=note).status_code == 404
    assert post(reader, "/notes/end", id=note).status_code == 303
    assert "Ring the council" not in reader.get(f"/{what}s/{about}").text
    with served.store.reading() as connection:
        assert connection.execute(sa.select(rows.c.text)).scalar_one().startswith("Ring"), (
            "ended, not deleted"
        )


def test_an_operator_ends_anothers_note_on_the_record(served: Served, reader: httpx.Client) -> None:
    about = items(served.world)["article"]
    post(reader, "/notes", what="article", about=about, text="rude")
    with served.store.reading() as connection:
        (note,) = notes.find(connection)
    with served.client("operator") as operator:
        answer = post(operator, "/notes/end", id=note.id, **{"from": "list"})
        assert answer.headers["location"] == "/notes"
    with served.store.reading() as connection:
        (entry,) = audit.entries(connection)
    assert (entry.action, entry.details["on"]) == ("note ended", about)
    assert "rude" not in str(entry)


def test_notes_are_found_by_their_words_and_author(served: Served, reader: httpx.Client) -> None:
    there = items(served.world)
    post(reader, "/notes", what="setting", about=there["setting"], text="Asked for the 100% rota")
    post(reader, "/notes", what="article", about=there["article"], text="Same home as last year?")
    assert reader.get("/notes?q=ROTA+100%25").text.count("SC990011") == 1
    assert "Same home" not in reader.get("/notes?q=ROTA").text
    assert "Same home" in reader.get("/notes?q=reader").text
    assert "No note holds these words" in reader.get("/notes?q=nothing_").text


def test_a_note_on_a_restricted_article_is_nowhere(served: Served, reader: httpx.Client) -> None:
    about = items(served.world)["article"]
    post(reader, "/notes", what="article", about=about, text="the secret")
    with served.store.writing() as connection:
        connection.execute(sa.update(articles).values(restriction="restricted"))
    assert "the secret" not in reader.get("/notes").text
    assert "the secret" not in reader.get("/notes?q=secret").text.split("<h1>")[1].split("</form>")[1]
    assert post(reader, "/notes", what="article", about=about, text="more").status_code == 404


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"what": "child", "about": "x", "text": "x"}, 422),
        ({"what": "article", "about": "x", "text": "x"}, 404),
        ({"what": "article", "about": "x", "text": " \n "}, 422),
        ({"what": "article", "about": "x", "text": "x" * 4_001}, 422),
    ],
)
def test_what_is_no_note_is_told(
    served: Served, reader: httpx.Client, form: dict[str, str], status: int
) -> None:
    assert post(reader, "/notes", **form).status_code == status


def test_older_notes_are_on_the_next_page(served: Served, reader: httpx.Client) -> None:
    about = items(served.world)["article"]
    post(reader, "/notes", what="article", about=about, text="first")
    with served.store.writing() as connection:
        user = connection.execute(sa.select(rows.c.user_id)).scalar_one()
        for number in range(50):
            at = utc_now() + dt.timedelta(seconds=number + 1)
            notes.add(connection, user, "article", about, f"note {number}", at=at)
    page = reader.get("/notes").text
    assert "first" not in page
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "first" in reader.get(older).text


def test_a_kind_that_is_none_is_named() -> None:
    with pytest.raises(UsageMistake, match="inspection"):
        notes.as_noted("child")
