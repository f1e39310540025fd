"""``onrecord alerts``: nothing to do, a dry run that writes nothing, a run that sends, and the list."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from onrecord.application import app
from storage import alerts, follows, people
from storage.dates import utc_now
from storage.errors import UsageMistake
from storage.store import Store
from tests.archive.alerts.receivers import receiving
from tests.archive.world import World
from tests.engines import Address


def run(*words: str) -> str:
    done = CliRunner().invoke(app, ["alerts", *words], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_alerts_are_previewed_sent_and_listed(
    archive: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    at = ("--archive", str(archive))
    assert run("send", *at) == "Nobody has an alert yet.\n"
    with receiving() as target, Store.at(archive, write=True) as store:
        world = World(store)
        setting = world.setting(provider=world.provider())
        with store.writing() as connection:
            user = people.add_user(connection, "Ada", "reader", at=utc_now())
            follow = follows.follow(connection, user, "setting", setting, "A home", at=utc_now())
            to: tuple[alerts.Channel, str] = ("webhook", "http://hooks.example/x")
            alert = alerts.add(connection, user, follow, to, "instant", at=utc_now())
        world.link(world.article(), setting_id=setting, level="setting")
        with pytest.raises(UsageMistake, match="base_url"):
            run("send", *at)
        settings = 'base_url = "https://records.paper.example"\n[alerts.webhook_hosts]\n'
        Path("onrecord.toml").write_text(f'{settings}"hooks.example" = "127.0.0.1:{target.port}"\n')
        assert f"{alert.id} (A home): 1 new, 0 due" in run("send", "--dry-run", *at)
        assert not target.got
        assert json.loads(run("send", "--json", *at))["delivered"] == 1
        (listed,) = json.loads(run("list", "--json", *at))
        assert (listed["id"], listed["state"], listed["waiting"]) == (alert.id, "on", 0)
    assert len(target.got) == 1
