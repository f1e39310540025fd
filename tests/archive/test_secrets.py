"""What a newsroom keeps secret is in no help, listing, error, log or operator's page."""

import functools
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from onrecord import config
from onrecord.application import app
from onrecord.cli import main
from onrecord.posting import post
from storage import alerts, follows, outbox, people
from storage.dates import utc_now
from storage.store import Store
from tests.archive.conftest import Served
from tests.engines import address_of

SECRETS = {name: f"s3cret-{name}-9d41c0ffee" for name in ("mail", "chat", "file", "key", "archive")}
SETTINGS = """
contact = "https://newsroom.example/"
base_url = "https://records.newsroom.example"
[alerts]
operator = "desk@newsroom.example"
[alerts.mail]
host = "127.0.0.1"
port = 1
security = "none"
user = "onrecord"
password_file = "smtp.secret"
sender = "On Record <onrecord@newsroom.example>"
[alerts.chats.newsdesk]
url = "json://desk:{chat}@127.0.0.1:1/"
"""


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A newsroom's folder, with a secret in each place that may hold one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "smtp.secret").write_text(SECRETS["file"] + "\n")
    (tmp_path / "onrecord.toml").write_text(SETTINGS.format(**SECRETS))
    monkeypatch.setenv("ONRECORD_CQC_KEY", SECRETS["key"])
    monkeypatch.setenv("ONRECORD_ALERTS__MAIL__PASSWORD", SECRETS["mail"])
    return tmp_path


def leaked(said: str) -> set[str]:
    return {name for name, secret in SECRETS.items() if secret in said}


def every_command(command: Any, *before: str) -> Iterator[tuple[str, ...]]:
    yield before
    for name, one in getattr(command, "commands", {}).items():
        yield from every_command(one, *before, name)


def said_by(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    return f"{result.output}{result.exception!r}"


def test_no_help_shows_what_the_environment_holds(newsroom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_ARCHIVE", f"postgresql://desk:{SECRETS['archive']}@127.0.0.1:1/press")
    commands = list(every_command(typer.main.get_command(app)))
    assert len(commands) > 40
    for words in commands:
        assert leaked(said_by(*words, "--help")) == set(), words


@pytest.mark.parametrize("words", [("doctor",), ("search", "kites"), ("alerts", "send"), ("verify",)])
def test_an_archive_that_cannot_be_reached_is_told_without_its_password(
    newsroom: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
) -> None:
    monkeypatch.setenv("ONRECORD_ARCHIVE", f"postgresql://desk:{SECRETS['archive']}@127.0.0.1:1/press")
    monkeypatch.setattr("sys.argv", ["onrecord", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = "".join(capsys.readouterr())
    assert ended.value.code in (1, os.EX_TEMPFAIL)
    assert ("Connection refused" if find_spec("psycopg") else "onrecord[postgres]") in said
    assert leaked(said) == set()


def test_settings_that_are_wrong_are_told_without_the_secrets_beside_them(newsroom: Path) -> None:
    whole = Path("onrecord.toml").read_text()
    for wrong in ("url = 5", f"{SECRETS['chat']} = 1", "url = [", f'text = "{SECRETS["chat"]}"'):
        Path("onrecord.toml").write_text(f"{whole}\n[alerts.chats.other]\n{wrong}\n")
        said = said_by("doctor")
        assert "onrecord.toml" in said
        assert leaked(said) <= ({"chat"} if wrong.endswith("= 1") else set()), "but for a field of that name"


def test_settings_are_shown_without_their_secrets(newsroom: Path) -> None:
    settings = config.load()
    assert settings.alerts.mail is not None
    assert settings.alerts.mail.password == SECRETS["mail"], "the environment is read"
    ready = post(settings)
    assert ready.mail is not None
    assert ready.mail.password == SECRETS["file"], "and the file"
    assert leaked(f"{settings!r}{settings}{ready!r}") == set()


def test_messages_that_fail_tell_why_and_not_by_which_secret(newsroom: Path, served: Served) -> None:
    store, now = served.store, utc_now()
    with store.writing() as connection:
        user = people.add_user(connection, "Ada Moss", "reader", at=now)
        for channel, target in (("email", "ada@newsroom.example"), ("chat", "newsdesk")):
            follow = follows.follow(connection, user, "search", "q=home", channel, at=now)
            alert = alerts.add(connection, user, follow, (channel, target), "instant", at=now)  # type: ignore[arg-type]
            outbox.put(connection, alert.id, "test", [], at=now, due=now)
    asked = functools.partial(_asked, store)
    told = asked("alerts", "send") + asked("alerts", "list") + asked("doctor") + asked("schedule", "--list")
    assert "0 messages delivered" in told
    with served.client("operator") as client:
        for page in ("", "/jobs", "/orders", "/subjects", "/corrections"):
            answer = client.get(f"/operator{page}")
            assert answer.status_code == 200, page
            told += answer.text
        told += client.get("/alerts").text + client.get("/metrics").text
    assert leaked(told) == set()


def _asked(store: Store, *words: str) -> str:
    return said_by(*words, "--archive", address_of(store))
