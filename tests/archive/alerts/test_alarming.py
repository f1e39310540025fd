"""What an operator is told of unasked, once."""

import datetime as dt

import sqlalchemy as sa

from storage import alarms, jobs, orders, sources
from storage.alarms import Concern
from storage.jobs import Planned
from storage.records import Source
from storage.schema.crawl import alarms as alarm_table
from tests.archive.alerts.conftest import Newsroom
from tests.archive.alerts.receivers import Postbox


def troubled(newsroom: Newsroom) -> None:
    """A source that is silent, a job that fails, an order that ends."""
    at = newsroom.now
    article = newsroom.world.article(title="Held back")
    with newsroom.store.writing() as connection:
        sources.save(connection, Source(name="harrow_herald", kind="news", title="Harrow Herald"))
        silent = Concern(kind="silent", what="https://herald.example/secret", reason="canary")
        for _ in range(2):
            alarms.note(connection, "harrow_herald", [silent], judged=(), at=at)
        jobs.plan(connection, [Planned(kind="link", every=dt.timedelta(hours=1))], at=at)
        for number in range(3):
            later = at + number * dt.timedelta(hours=1)
            (held,) = jobs.take(connection, "desk", at=later, limit=1, among=["link"])
            jobs.finish(connection, held, "failed", at=later, reason="canary")
        until = at.date() + dt.timedelta(days=3)
        orders.restrict(connection, "article", article, reason="canary", until=until, who="Ada Moss", at=at)


def test_an_operator_is_told_once_what_needs_looking_at(newsroom: Newsroom, postbox: Postbox) -> None:
    newsroom.more["operator"] = "ops@paper.example"
    troubled(newsroom)
    for _ in range(3):
        newsroom.send()
        newsroom.later(minutes=40)
    (mail,) = postbox.got
    told = mail.get_content()
    assert mail["Subject"] == "What an operator should see"
    assert "The source harrow_herald is not what it was" in told
    assert "The job link failed 3 times in a row" in told
    assert "Orders that end within two weeks, or have: 1" in told
    assert "canary" not in told
    assert "secret" not in told


def test_what_comes_back_is_told_again(newsroom: Newsroom, postbox: Postbox) -> None:
    newsroom.more["operator"] = "ops@paper.example"
    troubled(newsroom)
    newsroom.send()
    newsroom.later(minutes=40)
    with newsroom.store.writing() as connection:
        connection.execute(sa.update(alarm_table).values(raised_at=newsroom.now))
    newsroom.send()
    assert len(postbox.got) == 2
    assert "The job link" not in postbox.got[1].get_content()


def test_without_an_operator_nothing_is_kept_for_one(newsroom: Newsroom, postbox: Postbox) -> None:
    troubled(newsroom)
    newsroom.send()
    assert postbox.got == []
