"""The Python client: the same answers over HTTP from a real server and from the archive's own file."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import onrecord
from archive.export.exporting import Asked, export_to
from onrecord.client.archive import Archive, Exported
from onrecord.client.errors import NoFrames, NotAnswered
from storage.errors import NoArchive, UsageMistake
from tests.archive.api.conftest import Lived
from tests.archive.api.conftest import lived as lived  # noqa: PLC0414 (a fixture)
from tests.archive.conftest import empty_index as empty_index  # noqa: PLC0414
from tests.engines import address_of


@pytest.fixture
def here(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    store = lived.served.store
    monkeypatch.chdir(store.place.index.parent)  # beside which a database's folders are looked for
    with onrecord.connect(address_of(store)) as archive:
        yield archive


@pytest.fixture
def there(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with onrecord.connect(lived.served.url, token=lived.tokens["operator"]) as archive:
        yield archive


def test_both_ways_tell_the_same(lived: Lived, here: Archive, there: Archive) -> None:
    for noun in ("articles", "links", "settings", "providers", "inspections", "judgements", "changes"):
        found = [list(getattr(archive, noun)()) for archive in (here, there)]
        assert found[0] == found[1]
        assert found[0], noun
    for archive in (here, there):
        assert [one["urn"] for one in archive.settings(local_authority="Bolton", urn="SC990011")] == [
            "SC990011"
        ]
        assert archive.setting("SC990011")["id"] == lived.ids["settings"]
        assert archive.provider(lived.ids["providers"])["name"] == "Meadowsweet Homes Limited"
        assert archive.article(lived.ids["articles"])["mentions"][0]["evidence"]
    hits = [list(one.search("children", sort="newest", kind="article")) for one in (here, there)]
    assert hits[0] == hits[1] != []
    text = "A children's home in Bolton run by Larkspur Care was judged inadequate."
    linked = [one.link_text(text, published="2024-04-19") for one in (here, there)]
    assert linked[0] == linked[1]
    assert linked[0]["mentions"][0]["waterfalls"]


def test_rows_are_fetched_as_they_are_asked_for(here: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    get = here._way.get
    monkeypatch.setattr("onrecord.client.archive._PAGE", "1")
    monkeypatch.setattr(here._way, "get", lambda path, params: asked.append(path) or get(path, params))
    rows = iter(here.settings())
    assert asked == []
    next(rows)
    next(rows)
    assert len(asked) == 2


def test_rows_are_a_frame_where_there_is_something_for_it(
    here: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = here.settings().frame()
    assert list(frame["urn"]) == [one["urn"] for one in here.settings()]
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(NoFrames, match="pip install pandas"):
        here.settings().frame()


def test_a_table_is_written_to_a_file_as_the_export_has_it(
    here: Archive, there: Archive, lived: Lived, tmp_path: Path
) -> None:
    for form in ("jsonl", "csv", "parquet"):
        path = tmp_path / f"links.{form}"
        told = [
            one.export("links", tmp_path / f"{number}.{form}", form)
            for number, one in enumerate((here, there))
        ]
        asked = Asked(what="links", form=form)
        done = export_to(lived.served.store, asked, path)
        assert told == [Exported(rows=done.rows, cursor=done.about.cursor)] * 2
        assert [(tmp_path / f"{number}.{form}").read_bytes() for number in (0, 1)] == [path.read_bytes()] * 2
    for archive in (here, there):
        assert archive.export("links", tmp_path / "since.jsonl", since=told[0].cursor).rows == 0
        whole = archive.export("articles", tmp_path / "articles.jsonl", with_text=True)
        rows = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text().splitlines()]
        assert (len(rows), any(row["text"] for row in rows)) == (whole.rows, True)
        with pytest.raises(NotAnswered, match="no cursor of this archive") as fault:
            archive.export("links", tmp_path / "none.csv", form="csv", since="1.1-abcdefabcdef")
        assert fault.value.status == 422
    assert not [one.name for one in tmp_path.iterdir() if "none" in one.name or "part" in one.name]


def test_an_export_is_a_frame_with_a_cursor(here: Archive, there: Archive) -> None:
    for archive in (here, there):
        frame, cursor = archive.frame("links", maker="pandas")
        assert sorted(frame["link_id"]) == sorted(one["id"] for one in here.links())
        later, again = archive.frame("links", since=cursor, maker="pandas")
        assert (len(later), again, list(later)) == (0, cursor, list(frame))


def test_what_is_wrong_is_one_clear_line(lived: Lived, here: Archive, there: Archive, tmp_path: Path) -> None:
    for archive in (here, there):
        with pytest.raises(NotAnswered, match="limits") as fault:
            list(archive.settings(limits="3"))
        assert (fault.value.status, "\n" in str(fault.value)) == (422, False)
        with pytest.raises(NotAnswered) as fault:
            archive.setting("SC000000")
        assert fault.value.status == 404
        with pytest.raises(NotAnswered, match="text"):
            archive.link_text(" ")
    with pytest.raises(NoArchive):
        onrecord.connect(tmp_path / "none.db")
    with pytest.raises(UsageMistake):
        onrecord.connect(tmp_path / "none.db", token="x")
    with onrecord.connect(lived.served.url) as nobody, pytest.raises(NotAnswered, match="token is needed"):
        list(nobody.settings())
    with (
        onrecord.connect("http://127.0.0.1:9") as closed,
        pytest.raises(NotAnswered, match="cannot be reached"),
    ):
        list(closed.settings())
