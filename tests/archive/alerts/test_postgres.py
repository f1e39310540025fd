"""The outbox and the matching on PostgreSQL: one story told once, corrected once."""

import pytest

from storage.store import Store
from tests.archive.alerts.conftest import Newsroom
from tests.archive.alerts.receivers import receiving
from tests.archive.world import World

pytestmark = pytest.mark.postgres


def test_a_story_is_told_and_corrected_once_on_postgresql(
    postgres: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("served"))  # where its index lies
    with Store.at(postgres, write=True) as store, receiving() as target:
        newsroom = Newsroom(store=store, world=World(store))
        home = newsroom.home(provider=newsroom.world.provider(group_name="Larkspur Group"))
        to = newsroom.allow(target.port)
        followed = {"setting": home.setting, "group": "Larkspur Group", "search": "q=home"}
        for what, name in followed.items():
            newsroom.alert(what, name, ("webhook", to))  # type: ignore[arg-type]
        copies = [newsroom.world.article() for _ in range(3)]
        newsroom.world.story(copies)
        newsroom.link(home, *copies)
        for _ in range(2):
            newsroom.send()
        newsroom.judge_away(copies[0])
        for _ in range(2):
            newsroom.send()
    events = sorted(item["event"] for item in target.items)
    assert events == ["found", "linked", "linked", "withdrawn", "withdrawn", "withdrawn"]
