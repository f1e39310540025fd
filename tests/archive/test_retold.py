"""A story that people make of two, or part: feeds and alerts carry it once, and again when it is undone."""

import httpx
import pytest
import sqlalchemy as sa

from archive.reading.stretches.asserted import asserted
from storage import judgements, stories
from storage.dates import utc_now
from storage.judgements import Judgement
from storage.schema.assertions import assertions as log
from storage.schema.links import links
from tests.archive.alerts.conftest import Newsroom
from tests.archive.alerts.conftest import newsroom as newsroom  # noqa: PLC0414 (a fixture)
from tests.archive.alerts.receivers import receiving
from tests.archive.conftest import Served
from tests.archive.test_feeds import GONE, atom

WHO = "Ada Moss"


@pytest.fixture
def two(served: Served) -> tuple[str, str, str]:
    """A home, and two papers' articles on its inspection of which nothing tells that they are one story."""
    world = served.world
    provider = world.provider()
    setting = world.setting(provider=provider)
    inspection = world.inspection(setting, provider_id=provider)
    ids = {"setting_id": setting, "inspection_id": inspection, "provider_id": provider}
    first, second = world.article(), world.article(outlet="Wigan Wren")
    for article in (first, second):
        world.link(article, **ids)
    return setting, first, second


def entries(client: httpx.Client, setting: str) -> tuple[list[str], list[str]]:
    """The ids of what the home's feed tells, and of what it tells is gone."""
    path = f"/settings/{setting}.atom"
    return [one.id for one in atom(client, path).entries], GONE.findall(client.get(path).text)


def test_a_feed_carries_a_merged_story_once_and_both_when_that_is_undone(
    served: Served, reader: httpx.Client, two: tuple[str, str, str]
) -> None:
    setting, first, second = two
    before, gone = entries(reader, setting)
    assert (len(before), gone) == (2, [])
    with served.store.writing() as connection:
        seq = stories.merge(connection, [first, second], who=WHO, at=utc_now())
    told, gone = entries(reader, setting)
    assert len(told) == 1
    assert {*told, *gone} == {*before}, "the one keeps its id, the other is told to be gone"
    with served.store.writing() as connection:
        stories.undo(connection, seq, who=WHO, at=utc_now())
    told, gone = entries(reader, setting)
    assert (set(told), gone) == (set(before), [])
    with served.store.reading() as connection:
        events = connection.execute(sa.select(log.c.event).order_by(log.c.seq)).scalars().all()
        programs = [one.event for one in asserted(connection, 0, limit=10)[0]]
    assert events == ["asserted", "asserted", "regrouped", "regrouped"]
    assert programs == ["asserted", "asserted"], "nothing that programs keep has changed"


def test_a_parted_story_is_told_by_itself(
    served: Served, reader: httpx.Client, two: tuple[str, str, str]
) -> None:
    setting, first, second = two
    with served.store.writing() as connection:
        stories.merge(connection, [first, second], who=WHO, at=utc_now())
        stories.split(connection, [second], who=WHO, at=utc_now())
    assert len(entries(reader, setting)[0]) == 2


def test_a_judgement_holds_for_the_merged_at_once_and_no_longer_when_they_part(
    served: Served, two: tuple[str, str, str]
) -> None:
    _, first, second = two
    said = Judgement(article_id=first, mention=0, decision="none", who=WHO, at=utc_now(), version=1, shown={})
    with served.store.writing() as connection:
        judgements.judge(connection, said)
        seq = stories.merge(connection, [first, second], who=WHO, at=utc_now())
    assert status(served, second) == ("none", "withdrawn")
    with served.store.writing() as connection:
        stories.undo(connection, seq, who=WHO, at=utc_now())
    assert status(served, second) == ("linked", "asserted")


def status(served: Served, article: str) -> tuple[str, str]:
    """What the link says, and the log's newest word on it."""
    decided = sa.select(links.c.status).where(links.c.article_id == article, links.c.rank.is_(None))
    newest = sa.select(log.c.event).where(log.c.article_id == article).order_by(log.c.seq.desc()).limit(1)
    with served.store.reading() as connection:
        standing = connection.execute(decided.where(links.c.status != "withdrawn")).scalar_one()
        return standing, connection.execute(newest).scalar_one()


def test_an_alert_tells_nothing_again(newsroom: Newsroom) -> None:
    home = newsroom.home(provider=newsroom.world.provider())
    with receiving() as target:
        newsroom.alert("setting", home.setting, ("webhook", newsroom.allow(target.port)))
        told = [newsroom.world.article() for _ in range(2)]
        for article in told:
            newsroom.link(home, article)
        newsroom.send()
        came = len(target.items)
        assert came == 2
        with newsroom.store.writing() as connection:
            seq = stories.merge(connection, told, who=WHO, at=newsroom.later(hours=1))
        newsroom.send()
        with newsroom.store.writing() as connection:
            stories.undo(connection, seq, who=WHO, at=newsroom.later(hours=1))
        newsroom.later(hours=1)
        newsroom.send()
    assert len(target.items) == came
