"""``onrecord init``: what a newsroom begins with is in the archive and in its settings, and a slip is told."""

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onrecord import config
from onrecord.application import app
from storage import people, sources
from storage.errors import UsageMistake
from storage.store import Store


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["init", *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_what_is_told_goes_into_the_settings_and_the_archive() -> None:
    told = ("--patch", "bolton", "--patch", "Bury", "--user", "Ada Moss", "--contact", "desk@beacon.example")
    printed = json.loads(run(*told, "--json"))
    assert tomllib.loads(Path("onrecord.toml").read_text()) == {
        "patch": ["Bolton", "Bury"],
        "contact": "desk@beacon.example",
    }
    assert config.load().patch == ["Bolton", "Bury"]
    assert {"bolton_news", "manchester_evening_news", "ofsted_reports"} <= set(printed["sources"])
    with Store.at("onrecord.db", write=True) as store, store.writing() as connection:
        off = sources.disabled(connection)
        assert "york_press" in off
        assert off.isdisjoint(printed["sources"])
        (user,) = people.list_users(connection)
        assert (user.name, user.role) == ("Ada Moss", "operator")
    assert "/sign-in/" in printed["sign_in"]


def test_sources_can_be_named_and_named_anew() -> None:
    run("--source", "york_press")
    run("--source", "bolton_news", "--source", "york_press")
    with Store.at("onrecord.db") as store, store.reading() as connection:
        off = sources.disabled(connection)
    assert off.isdisjoint({"bolton_news", "york_press"})
    assert "yorkshire_post" in off


def test_settings_that_are_there_stay() -> None:
    Path("onrecord.toml").write_text('contact = "before"\n')
    run("--patch", "Bolton", "--contact", "after")
    assert Path("onrecord.toml").read_text() == 'contact = "before"\n'


def test_no_authority_is_one_line_and_makes_nothing(folder: Path) -> None:
    with pytest.raises(UsageMistake, match="'Bolten' is no upper-tier authority in England; perhaps Bolton"):
        run("--patch", "Bolten")
    assert list(folder.iterdir()) == []


def test_without_a_word_it_makes_the_archive_alone(folder: Path) -> None:
    assert "The archive is ready" in run()
    assert not (folder / "onrecord.toml").exists()
