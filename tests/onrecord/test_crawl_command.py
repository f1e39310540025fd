"""``onrecord crawl``, ``sources list`` and ``evidence``: what a person is told."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onrecord.application import app
from storage import alarms, sources
from storage.alarms import Concern
from storage.dates import utc_now
from storage.errors import OnRecordError
from storage.place import Place
from storage.records import Source
from storage.store import Store
from tests.engines import Address

PAGE = b"""<html><head><title>Home must improve</title></head><body><article><h1>Home must improve</h1>
<p>A home in Kent was told to improve after two inspectors visited it in January of this year.</p></article>
</body></html>"""


@pytest.fixture
def archive(archive: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Address:
    monkeypatch.chdir(tmp_path)
    return archive


@pytest.fixture
def filled(archive: Address) -> Address:
    Path("home.html").write_bytes(PAGE)
    CliRunner().invoke(app, ["import", "articles", "home.html", "--archive", str(archive)])
    return archive


def run(*arguments: str) -> tuple[int, bytes]:
    result = CliRunner().invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout_bytes


def test_sources_are_listed(archive: Address) -> None:
    status, printed = run("sources", "list", "--json")
    listed = {one["name"]: one for one in json.loads(printed)}
    assert status == 0
    assert listed["bolton_news"]["kind"] == "news"
    assert listed["ofsted_reports"]["shown_to"] == "public"
    assert b"The Bolton News" in run("sources", "list")[1]


def test_an_alarm_stands_in_the_list(filled: Address) -> None:
    concern = Concern(kind="start", what="/feed/", reason="/feed/: it is gone")
    with Store.at(filled, write=True) as store, store.writing() as connection:
        sources.save(connection, Source(name="bolton_news", kind="news", title="The Bolton News"))
        for _ in range(2):
            alarms.note(connection, "bolton_news", [concern], judged=(), at=utc_now())
    listed = {
        one["name"]: one for one in json.loads(run("sources", "list", "--json", "--archive", str(filled))[1])
    }
    assert listed["bolton_news"]["alarms"] == ["/feed/: it is gone"]
    assert listed["york_press"]["alarms"] == []
    assert b"alarm: /feed/: it is gone" in run("sources", "list", "--archive", str(filled))[1]


def test_a_wrong_source_or_day_is_told_before_anything_is_made(tmp_path: Path) -> None:
    archive = tmp_path / "none.db"
    with pytest.raises(OnRecordError, match="no source is called 'nonesuch'; `onrecord sources list`"):
        run("crawl", "nonesuch", "--archive", str(archive))
    with pytest.raises(OnRecordError, match="--since yesterday: give a day"):
        run("crawl", "bolton_news", "--since", "yesterday", "--archive", str(archive))
    assert not archive.exists()


def test_the_bytes_of_an_article_are_given_back(filled: Address) -> None:
    assert run("evidence", "show", "home", "--archive", str(filled)) == (0, PAGE)
    run("evidence", "show", "home", "--archive", str(filled), "--out", "back.html")
    assert Path("back.html").read_bytes() == PAGE
    with pytest.raises(OnRecordError, match="there is no article 'nothing'"):
        run("evidence", "show", "nothing", "--archive", str(filled))


def test_damaged_evidence_is_found_and_never_shown(filled: Address) -> None:
    assert run("evidence", "verify", "--archive", str(filled)) == (0, b"1 records, 0 damaged\n")
    (warc,) = Place.of(filled).evidence.glob("*.warc.gz")
    content = bytearray(warc.read_bytes())
    content[len(content) // 2] ^= 8
    warc.write_bytes(content)
    status, printed = run("evidence", "verify", "--archive", str(filled), "--json")
    damaged = json.loads(printed)["damaged"]
    assert (status, len(damaged)) == (1, 1)
    assert warc.name in damaged[0]["reason"]
    with pytest.raises(OnRecordError, match="altered since it was kept"):
        run("evidence", "show", "home", "--archive", str(filled))
